//! Runs the binary against the emulator, or against servers with canned responses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too"
)]

mod responses;
mod check;
mod end_to_end;
mod environment;
mod example;
mod files;
mod generate;
mod generated;
mod help;
mod many;
mod outbox;
mod pull;
mod read;
mod seen_by_cargo;
mod schemas;
mod invalidate;
mod truth;
mod packages;
mod support;
mod templates;

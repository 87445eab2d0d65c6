//! The program from outside: its real binary, against the emulator over real sockets, or against answers made up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too"
)]

mod answers;
mod check;
mod end_to_end;
mod environment;
mod example;
mod files;
mod generate;
mod generated;
mod help;
mod many;
mod pull;
mod read;
mod seen_by_cargo;
mod schemas;
mod touch;
mod truth;
mod packages;
mod support;

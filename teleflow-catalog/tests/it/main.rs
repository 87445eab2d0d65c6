//! Finds, reads and writes workflow files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests may fail loudly")]

mod location;
mod malformed;
mod round_trip;
mod templates;
mod workspace;

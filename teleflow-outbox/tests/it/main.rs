//! Tests of the outbox, through its public API.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too"
)]

mod sqlite;

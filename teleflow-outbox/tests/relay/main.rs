//! The relay: which requests it sends together, when it pauses, how it stops.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too"
)]

mod failures;
mod log;
mod merging;
mod pauses;
mod queue;
mod secrets;
mod stop;

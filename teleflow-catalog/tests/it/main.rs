//! The catalog's files from outside: what is written can be read, what is not a file's is told, and where they are.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests may fail loudly")]

mod location;
mod malformed;
mod round_trip;
mod workspace;

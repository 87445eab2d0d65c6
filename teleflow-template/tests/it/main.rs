//! The parser from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "the helpers of tests may fail loudly, too"
)]

mod errors;
mod syntax;
mod limits;
mod recorded;
#[cfg(feature = "render")]
mod render;
mod summary;
mod whitespace;

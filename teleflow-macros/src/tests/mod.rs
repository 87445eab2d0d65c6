//! Tests that do not need the library: wire names and expansions. All others are in `tests/` of the workspace.

#![allow(clippy::expect_used, clippy::panic)]

mod expansions;
mod malformed_input;
mod wire_names;

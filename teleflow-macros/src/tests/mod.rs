//! What needs no library to be tested: names, expansions. What a user sees is tested from outside.

#![allow(clippy::expect_used, clippy::panic)]

mod expansions;
mod odd_input;
mod wire_names;

//! The subcommands: each reads its arguments, does its work and prints the result.

// A module imports only from those below it.
#[cfg(feature = "outbox")]
pub(crate) mod outbox;
pub(crate) mod pull;
pub(crate) mod check;
pub(crate) mod generate;
mod update;
mod comparison;
mod report;
mod drift;
mod template_drift;
mod change;

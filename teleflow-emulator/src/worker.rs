//! The worker, which processes jobs after the API has responded: it expands the recipients and makes a notification for
//! each of them, whose steps run by the emulator's clock.
//!
//! `message` runs the steps that send a message. It does not render templates.

// A module imports only from those below it.
pub(crate) mod run;
pub(crate) mod recipients;
pub(crate) mod steps;
mod digest;
mod delay;
mod message;
mod step_outcome;
pub(crate) mod history;
pub(crate) mod notification;
pub(crate) mod job;

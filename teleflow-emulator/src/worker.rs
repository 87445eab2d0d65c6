//! What happens to a job after the API has responded: recipients are expanded, and each gets a notification whose steps
//! run by the emulator's clock.
//!
//! Messages are not rendered yet. A step that sends one runs in [`message`], which is where templates belong.

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

//! The worker, which processes jobs after the API has responded: it expands the recipients and makes a notification for
//! each of them, whose steps run by the emulator's clock.
//!
//! Nothing runs in the background. `timeline` catches up when somebody looks: it processes everything that was queued
//! or due until then, each at its own time. `message` runs the steps that send a message.

// A module imports only from those below it.
pub(crate) mod timeline;
pub(crate) mod run;
pub(crate) mod processed_job;
pub(crate) mod recipients;
pub(crate) mod steps;
mod run_step;
mod queue_step;
mod execute_step;
mod runner;
mod digest;
pub(crate) mod delay;
pub(crate) mod cancel;
pub(crate) mod history;
mod digest_index;
pub(crate) mod message;
pub(crate) mod conditions;
pub(crate) mod notification;
pub(crate) mod step_record;
pub(crate) mod step_outcome;
pub(crate) mod job;

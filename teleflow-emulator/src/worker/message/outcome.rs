//! The input of a step that sends a message, and its result.

use std::time::Duration;

use serde_json::Value;

use super::details::Detail;
use super::record::Message;
use crate::database::definition::{Definition, Step};
use crate::database::environment::Environment;
use crate::worker::job::Job;
use crate::worker::step_outcome::StepOutcome;

/// The input of a channel step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepRun<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) workflow: &'a Definition,
    pub(crate) step: &'a Step,
    /// The position of the step in the workflow.
    pub(crate) step_index: usize,
    /// The event. Its payload is that of the first event of a digest.
    pub(crate) job: &'a Job,
    pub(crate) subscriber_id: &'a str,
    /// The payloads that a digest collected. `None` if no digest ended before this step.
    pub(crate) events: Option<&'a [Value]>,
    /// The channel steps of this notification that have run.
    pub(crate) previous: &'a [PreviousStep<'a>],
    /// The time since 1970.
    pub(crate) now: Duration,
}

/// A channel step of the same notification that has run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PreviousStep<'a> {
    pub(crate) step: &'a Step,
    /// The first message that it stored, if it stored one.
    pub(crate) message: Option<&'a Message>,
}

/// The result of a channel step.
#[derive(Debug)]
pub(crate) struct StepResult {
    /// The outcome of the step. If a condition or a preference stopped it, its status is `canceled` and then `completed`, as
    /// if it had sent its message.
    pub(crate) outcome: StepOutcome,
    /// Why nothing was sent.
    pub(crate) reason: Option<String>,
    pub(crate) details: Vec<Detail>,
    pub(crate) messages: Vec<Message>,
    /// The exception of the worker. The next step runs unless this step has `shouldStopOnFail`.
    pub(crate) failed: Option<String>,
}

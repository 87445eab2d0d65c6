//! The state of one step of one notification.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::step_outcome::StepOutcome;
use crate::database::channel::Channel;
use crate::js;

/// The status of a step, as the server stores it. [`StepOutcome`] says more.
///
/// ```
/// assert_eq!(teleflow_emulator::StepStatus::Delayed.name(), "delayed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepStatus {
    /// It has not begun.
    Pending,
    /// It will run at once.
    Queued,
    /// It runs, or a webhook of its conditions is retried.
    Running,
    /// It is done, whether it sent something or not.
    Completed,
    /// The worker threw an error.
    Failed,
    /// It is a delay or a digest that is not over.
    Delayed,
    /// A cancel stopped it, or the delay cannot be computed.
    Canceled,
    /// Its event was merged into an earlier digest.
    Merged,
    /// It is a digest that did not begin.
    Skipped,
}

/// Each status with the server's name for it.
const STATUS_NAMES: [(StepStatus, &str); 9] = [
    (StepStatus::Pending, "pending"),
    (StepStatus::Queued, "queued"),
    (StepStatus::Running, "running"),
    (StepStatus::Completed, "completed"),
    (StepStatus::Failed, "failed"),
    (StepStatus::Delayed, "delayed"),
    (StepStatus::Canceled, "canceled"),
    (StepStatus::Merged, "merged"),
    (StepStatus::Skipped, "skipped"),
];

impl StepStatus {
    /// The server's name: `pending`, `completed`, …
    #[must_use]
    pub fn name(self) -> &'static str {
        STATUS_NAMES.iter().find(|(status, _)| *status == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        STATUS_NAMES.iter().find(|(_, other)| *other == name).map(|(status, _)| *status)
    }
}

/// One step of one notification, as the server stores it. [`Notification::steps`](crate::Notification::steps) lists them.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Channel, Emulator, StepOutcome, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("order").sms("Order {{id}}"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("order", serde_json::json!({"id": 7})).to("ada").send(&client).await?;
///
/// let notification = &emulator.notifications()[0];
/// let step = notification.steps().next().expect("a step");
/// assert_eq!((step.kind(), step.channel()), ("sms", Some(Channel::Sms)));
/// assert_eq!(step.outcome(), StepOutcome::NoAddress);
/// assert_eq!(step.reason(), Some("Subscriber does not have active phone"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct StepRecord {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) status: StepStatus,
    /// The position of the step in the workflow.
    pub(crate) index: Option<usize>,
    /// The payloads that a digest before this step collected.
    pub(crate) events: Option<Arc<[Value]>>,
    /// How often a webhook failed.
    pub(crate) attempts: u32,
    /// The position in the history of the first message that the server stores.
    pub(crate) message: Option<usize>,
    pub(crate) details: Vec<ExecutionDetail>,
    /// The outcome and its reason, if the status does not say it.
    pub(crate) result: Option<(StepOutcome, Option<String>)>,
}

/// An entry of a step's execution details.
#[derive(Debug, Clone)]
pub(crate) struct ExecutionDetail {
    pub(crate) status: &'static str,
    pub(crate) detail: Cow<'static, str>,
    /// The server stores it as JSON text.
    pub(crate) raw: Option<Box<Value>>,
    pub(crate) at: Duration,
}

/// The position of a step record in the history. The order is that in which the server stores them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StepId {
    pub(crate) notification: usize,
    /// The position in the notification.
    pub(crate) step: usize,
}

/// Without the details, which contain the event.
impl fmt::Debug for StepRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, outcome) = (self.status, self.outcome());
        f.debug_struct("StepRecord")
            .field("kind", &self.kind)
            .field("status", &status)
            .field("outcome", &outcome)
            .finish_non_exhaustive()
    }
}

impl StepRecord {
    pub(crate) fn new(id: String, kind: &str, status: StepStatus, index: Option<usize>) -> Self {
        let kind = kind.to_owned();
        Self { id, kind, status, index, events: None, attempts: 0, message: None, details: Vec::new(), result: None }
    }

    /// The kind of the step with the server's name: a channel, `delay`, `digest`; `trigger` for the record before those of
    /// a workflow with a digest.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The channel, if the step sends messages.
    #[must_use]
    pub fn channel(&self) -> Option<Channel> {
        Channel::from_name(&self.kind)
    }

    /// The position of the step in the workflow, from 0. `None` for the record of the trigger.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// The status, as the server stores it.
    #[must_use]
    pub fn status(&self) -> StepStatus {
        self.status
    }

    /// The outcome of the step.
    #[must_use]
    pub fn outcome(&self) -> StepOutcome {
        let result = self.result.as_ref().map(|(outcome, _)| *outcome);
        match self.status {
            StepStatus::Pending => StepOutcome::Pending,
            StepStatus::Queued | StepStatus::Running => StepOutcome::Running,
            StepStatus::Delayed => StepOutcome::Waiting,
            StepStatus::Completed => result.unwrap_or(StepOutcome::Completed),
            StepStatus::Skipped => result.unwrap_or(StepOutcome::Skipped),
            StepStatus::Failed => StepOutcome::Failed,
            StepStatus::Canceled => StepOutcome::Cancelled,
            StepStatus::Merged => StepOutcome::Merged,
        }
    }

    /// Why nothing was sent or the step failed, in the words of the server or of the provider.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        let (_, reason) = self.result.as_ref()?;
        let has_reason = matches!(
            self.status,
            StepStatus::Completed | StepStatus::Skipped | StepStatus::Failed | StepStatus::Canceled
        );
        reason.as_deref().filter(|_| has_reason)
    }

    /// The texts of the execution details, as the server stores them: `Step queued`, `Message sent`, …
    pub fn details(&self) -> impl Iterator<Item = &str> {
        self.details.iter().map(|entry| &*entry.detail)
    }

    /// Whether this is a delay or a digest.
    pub(crate) fn is_action(&self) -> bool {
        matches!(self.kind.as_str(), "delay" | "digest")
    }

    pub(crate) fn details_json(&self) -> Value {
        let detail = |entry: &ExecutionDetail| {
            json!({
                "_jobId": self.id, "status": entry.status, "detail": entry.detail, "source": "Internal",
                "isTest": false, "isRetry": false, "raw": entry.raw.as_ref().map(ToString::to_string),
                "createdAt": js::format_date(entry.at),
            })
        };
        self.details.iter().map(detail).collect()
    }
}

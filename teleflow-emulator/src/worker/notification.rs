//! A notification: one event for one subscriber, and the state of each of its steps.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::job::Job;
use crate::clock;
use crate::database::definition::Definition;
use crate::js;

/// The status of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepStatus {
    Pending,
    Queued,
    Running,
    Completed,
    Failed,
    Delayed,
    Canceled,
    Merged,
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
    pub(crate) fn name(self) -> &'static str {
        STATUS_NAMES.iter().find(|(status, _)| *status == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        STATUS_NAMES.iter().find(|(_, other)| *other == name).map(|(status, _)| *status)
    }
}

/// One step of one notification, as the server stores it.
#[derive(Debug, Clone)]
pub(crate) struct StepRecord {
    pub(crate) id: String,
    /// The kind of the step: `in_app`, `delay`, …; `trigger` for the record before those of a workflow with a digest.
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

/// One event for one subscriber, as the worker made it.
///
/// ```
/// use teleflow::{Client, Event};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({"plan": "pro"})).to("ada").send(&client).await?;
/// emulator.run_worker();
///
/// let [notification] = &emulator.notifications()[..] else { panic!("one event, one subscriber") };
/// assert_eq!(notification.subscriber_id(), "ada");
/// assert_eq!(notification.payload()["plan"], "pro");
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Notification {
    pub(crate) id: String,
    pub(crate) job: Arc<Job>,
    pub(crate) subscriber_id: String,
    /// When the worker made it, as time since 1970.
    pub(crate) created: Duration,
    pub(crate) workflow: Arc<Definition>,
    pub(crate) steps: Vec<StepRecord>,
    /// The errors that the worker threw, with the time since 1970.
    pub(crate) errors: Vec<(Duration, String)>,
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<(&str, &str)> = self.steps().collect();
        f.debug_struct("Notification")
            .field("trigger", &self.trigger())
            .field("subscriber_id", &self.subscriber_id)
            .field("steps", &steps)
            .finish_non_exhaustive()
    }
}

impl Notification {
    /// The subscriber id of the recipient.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// The trigger identifier of the workflow.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.job.trigger()
    }

    /// The transaction id of the event.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        self.job.transaction_id()
    }

    /// The payload of the event.
    #[must_use]
    pub fn payload(&self) -> &Value {
        self.job.payload()
    }

    /// Whether a cancel stopped the notification before all its steps were done.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.steps.iter().any(|step| step.status == StepStatus::Canceled)
    }

    /// The steps in order, as pairs of kind and status with the server's names: `("delay", "delayed")`.
    ///
    /// A workflow with a digest has an additional first step `trigger`. There are no steps if the overrides or the
    /// tenant contain a key that the worker cannot store.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &str)> {
        self.steps.iter().map(|step| (step.kind.as_str(), step.status.name()))
    }

    /// The errors that the worker threw while it ran the steps, each with its time. The server does not report them to the
    /// caller of the API; it marks a step as failed.
    ///
    /// A template that cannot be rendered is not among them: it is an execution detail of its step.
    ///
    /// ```
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("reminder").delay_until("sendAt"));
    /// let request = http::Request::post("/v1/events/trigger")
    ///     .header("authorization", "ApiKey test-key")
    ///     .header("content-type", "application/json")
    ///     .body(r#"{"name": "reminder", "to": "ada", "payload": {"sendAt": "2020-01-01T00:00:00.000Z"}}"#.into())?;
    /// emulator.answer(request).await;
    ///
    /// let notification = &emulator.notifications()[0];
    /// let errors: Vec<&str> = notification.errors().map(|(_, error)| error).collect();
    /// assert_eq!(errors, ["Delay date at path sendAt must be a future date"]);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn errors(&self) -> impl Iterator<Item = (SystemTime, &str)> {
        self.errors.iter().map(|(at, error)| (clock::system_time(*at), error.as_str()))
    }

    /// The notification as `GET /v1/notifications` lists it. `subscriber` is the stored subscriber.
    pub(crate) fn to_json(&self, subscriber: &Value) -> Value {
        let job = |step: &StepRecord| {
            json!({
                "_id": step.id, "type": step.kind, "status": step.status.name(), "payload": self.payload(),
                "executionDetails": step.details_json(),
            })
        };
        let workflow_field = |name: &str| self.workflow.document().get(name);
        let template = json!({
            "_id": workflow_field("_id"), "name": workflow_field("name"), "triggers": workflow_field("triggers"),
        });
        let channels: Vec<&str> =
            self.steps.iter().map(|step| step.kind.as_str()).filter(|kind| is_channel(kind)).collect();
        json!({
            "_id": self.id, "transactionId": self.transaction_id(), "createdAt": js::format_date(self.created), "channels": channels,
            "subscriber": subscriber, "template": template,
            "jobs": self.steps.iter().map(job).collect::<Vec<_>>(),
        })
    }
}

impl StepRecord {
    pub(crate) fn new(id: String, kind: &str, status: StepStatus, index: Option<usize>) -> Self {
        Self { id, kind: kind.to_owned(), status, index, events: None, attempts: 0, message: None, details: Vec::new() }
    }

    /// Whether this is a delay or a digest.
    pub(crate) fn is_action(&self) -> bool {
        matches!(self.kind.as_str(), "delay" | "digest")
    }

    fn details_json(&self) -> Value {
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

/// Whether a step of this kind sends a message over a channel.
pub(crate) fn is_channel(kind: &str) -> bool {
    matches!(kind, "in_app" | "email" | "sms" | "push" | "chat")
}

//! A notification: one event for one subscriber, and the state of each of its steps.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::job::Job;
use super::step_outcome::StepOutcome;
use super::step_record::{StepRecord, StepStatus};
use crate::clock;
use crate::database::channel::Channel;
use crate::database::definition::Definition;
use crate::js;

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
        let steps: Vec<(&str, StepOutcome)> = self.steps().map(|step| (step.kind(), step.outcome())).collect();
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

    /// The steps in order, each with its status, its outcome and the reason.
    ///
    /// A workflow with a digest has an additional first step `trigger`. There are no steps if the overrides or the
    /// tenant contain a key that the worker cannot store.
    pub fn steps(&self) -> impl Iterator<Item = &StepRecord> {
        self.steps.iter()
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
        let channels: Vec<&str> = self
            .steps
            .iter()
            .map(|step| step.kind.as_str())
            .filter(|kind| Channel::from_name(kind).is_some())
            .collect();
        json!({
            "_id": self.id, "transactionId": self.transaction_id(), "createdAt": js::format_date(self.created), "channels": channels,
            "subscriber": subscriber, "template": template,
            "jobs": self.steps.iter().map(job).collect::<Vec<_>>(),
        })
    }
}

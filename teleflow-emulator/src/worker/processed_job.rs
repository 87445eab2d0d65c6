//! The result of one job.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::job::Job;
use super::recipients::Recipient;

/// The result of one job.
///
/// ```
/// use teleflow::{Client, Event, Topic};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator.clone()).build()?;
/// Event::untyped("welcome", serde_json::json!({})).to(Topic::new("no-such-topic")).send(&client).await?;
///
/// let processed = emulator.run_worker();
/// assert_eq!(processed[0].error(), Some("Topic with key no-such-topic not found in current environment"));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct ProcessedJob {
    pub(crate) job: Arc<Job>,
    /// The recipients after topics were expanded.
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) subscriber_ids: Vec<String>,
    pub(crate) refused: Vec<RefusedRecipient>,
    /// The actor and the tenant, as the worker adds them to each recipient's task.
    pub(crate) context: Map<String, Value>,
    pub(crate) error: Option<String>,
}

/// Without the payload and the recipients.
impl fmt::Debug for ProcessedJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessedJob")
            .field("trigger", &self.job.trigger())
            .field("transaction_id", &self.job.transaction_id())
            .field("subscriber_ids", &self.subscriber_ids)
            .field("refused", &self.refused)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl ProcessedJob {
    /// The job.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The error that stopped the job, if there was one. The server does not report it to the caller of the API.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The ids of the notified subscribers, in order. An unknown topic stops the job after the recipients that are not
    /// topics.
    pub fn subscriber_ids(&self) -> impl Iterator<Item = String> {
        self.subscriber_ids.iter().cloned()
    }

    /// The recipients that the worker refused. They have no [`Notification`](crate::Notification); the other recipients
    /// of the event do.
    ///
    /// The server validates recipients after it has responded, so the sender gets a receipt anyway. A test should
    /// assert that this list is empty.
    ///
    /// ```
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    /// # runtime.block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("welcome"));
    /// let to = r#"["grace", {"subscriberId": "ada", "email": "ada@localhost", "locale": "english"}]"#;
    /// let request = http::Request::post("/v1/events/trigger")
    ///     .header("authorization", "ApiKey test-key")
    ///     .header("content-type", "application/json")
    ///     .body(format!(r#"{{"name": "welcome", "to": {to}}}"#).into())?;
    /// assert_eq!(emulator.answer(request).await.status(), 201);
    ///
    /// let [processed] = &emulator.run_worker()[..] else { panic!("expected one job") };
    /// assert_eq!(processed.subscriber_ids().collect::<Vec<_>>(), ["grace"]);
    /// assert_eq!(processed.refused()[0].subscriber_id(), "ada");
    /// assert_eq!(processed.refused()[0].reasons(), ["email must be an email", "locale must be locale"]);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refused(&self) -> &[RefusedRecipient] {
        &self.refused
    }

    /// The job in the format of the conformance recordings.
    pub(crate) fn to_json(&self) -> Value {
        let subscriber_jobs: Vec<Value> =
            self.recipients.iter().map(|recipient| self.subscriber_job(recipient)).collect();
        match &self.error {
            None => json!({ "name": self.job.transaction_id(), "ok": true, "subscriberJobs": subscriber_jobs }),
            Some(error) => {
                json!({ "name": self.job.transaction_id(), "error": error, "subscriberJobs": subscriber_jobs })
            }
        }
    }

    fn subscriber_job(&self, recipient: &Recipient) -> Value {
        let ids = ["_id", "subscriberId", "id"].into_iter();
        let subscriber: Map<String, Value> =
            ids.filter_map(|name| Some((name.to_owned(), recipient.subscriber.get(name)?.clone()))).collect();
        let mut fields = Map::new();
        fields.insert("name".to_owned(), format!("{}{}", self.job.transaction_id(), recipient.id_text()).into());
        fields.insert("subscriber".to_owned(), subscriber.into());
        fields.insert("source".to_owned(), recipient.source.into());
        fields.extend(self.context.clone());
        fields.into()
    }
}

/// A recipient that the worker refused, and the reasons.
///
/// [`ProcessedJob::refused`] lists them.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// # let emulator = teleflow_emulator::Emulator::new();
/// # emulator.workflow(teleflow_emulator::Workflow::new("welcome"));
/// # let request = http::Request::post("/v1/events/trigger")
/// #     .header("authorization", "ApiKey test-key")
/// #     .header("content-type", "application/json")
/// #     .body(r#"{"name": "welcome", "to": {"subscriberId": "ada", "email": ""}}"#.into())?;
/// # emulator.answer(request).await;
/// for processed in emulator.run_worker() {
///     for refused in processed.refused() {
///         eprintln!("{} was refused: {}", refused.subscriber_id(), refused.reasons().join(", "));
///     }
/// }
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRecipient {
    pub(crate) subscriber_id: String,
    pub(crate) reasons: Vec<String>,
}

impl RefusedRecipient {
    /// The subscriber id of the recipient.
    #[must_use]
    pub fn subscriber_id(&self) -> &str {
        &self.subscriber_id
    }

    /// The messages of the server's validator, one for each invalid field: `email must be an email`.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

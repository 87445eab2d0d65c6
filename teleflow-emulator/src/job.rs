//! A job: an event that waits for the worker.

use serde_json::{Value, json};

/// An event in the queue: accepted, and not yet looked at by the worker.
///
/// ```
/// use teleflow_emulator::Emulator;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let emulator = Emulator::new();
/// emulator.workflow(teleflow_emulator::Workflow::new("welcome"));
/// let body = r#"{"name": "welcome", "to": "ada", "payload": {"plan": "pro"}}"#;
/// let request = http::Request::post("/v1/events/trigger")
///     .header("authorization", "ApiKey test-key")
///     .header("content-type", "application/json")
///     .body(body.into())?;
/// emulator.answer(request).await;
///
/// let jobs = emulator.jobs();
/// assert_eq!(jobs[0].trigger(), "welcome");
/// assert_eq!(jobs[0].payload()["plan"], "pro");
/// assert_eq!(jobs[0].to(), Some(&"ada".into()));
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub(crate) data: Value,
}

impl Job {
    /// The trigger identifier of the workflow.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.text("identifier")
    }

    /// The transaction id, the caller's or the one that the server minted.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        self.text("transactionId")
    }

    /// The payload: what was sent, plus the defaults that were filled in; attachments carry a path for their bytes.
    #[must_use]
    pub fn payload(&self) -> &Value {
        self.data.get("payload").unwrap_or(&Value::Null)
    }

    /// The recipients as they were sent, whatever they are; `None` for a broadcast.
    #[must_use]
    pub fn to(&self) -> Option<&Value> {
        self.data.get("to")
    }

    /// The actor as it was sent.
    #[must_use]
    pub fn actor(&self) -> Option<&Value> {
        self.data.get("actor")
    }

    /// The tenant as it was sent.
    #[must_use]
    pub fn tenant(&self) -> Option<&Value> {
        self.data.get("tenant")
    }

    /// Does it go to every subscriber of the environment?
    #[must_use]
    pub fn is_broadcast(&self) -> bool {
        self.text("addressingType") == "broadcast"
    }

    /// The job as it lies in the server's queue: `{name, data, opts}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.transaction_id(),
            "data": self.data,
            "opts": { "attempts": 0, "delay": 0, "removeOnFail": true, "removeOnComplete": true },
        })
    }

    pub(crate) fn overrides(&self) -> &Value {
        self.data.get("overrides").unwrap_or(&Value::Null)
    }

    pub(crate) fn environment_id(&self) -> &str {
        self.text("environmentId")
    }

    fn text(&self, field: &str) -> &str {
        self.data.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

//! An event that was sent.

use std::fmt;

use serde_json::Value;

use crate::request_log::LoggedEvent;

/// An event that was sent: the server queued it.
///
/// ```
/// use serde::Serialize;
/// use teleflow::TeleflowWorkflow;
/// use teleflow_emulator::Emulator;
///
/// #[derive(Serialize, TeleflowWorkflow)]
/// #[teleflow(trigger = "order-shipped")]
/// struct OrderShipped<'a> {
///     order_id: &'a str,
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let emulator = Emulator::new().accept_unknown_workflows();
/// OrderShipped { order_id: "A-7" }.to("ada").actor("ben").send(&emulator.client()).await?;
///
/// let sent = emulator.assert_sent(OrderShipped { order_id: "A-7" }.to("ada"));
/// assert_eq!(sent.payload()["order_id"], "A-7");
/// assert_eq!(sent.actor().expect("an actor")["subscriberId"], "ben");
/// assert_eq!((sent.endpoint(), sent.attempts()), ("/v1/events/trigger", 1));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Sent(LoggedEvent);

/// Shows `"[redacted]"` for the sensitive values of the payload.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("event", &self.0.redacted())
            .field("endpoint", &self.endpoint())
            .field("attempts", &self.attempts())
            .finish()
    }
}

impl Sent {
    pub(super) fn new(event: LoggedEvent) -> Self {
        Self(event)
    }

    /// The trigger identifier of the workflow.
    #[must_use]
    pub fn trigger(&self) -> &str {
        self.text("name")
    }

    /// The payload as it was sent.
    #[must_use]
    pub fn payload(&self) -> &Value {
        self.field("payload").unwrap_or(&Value::Null)
    }

    /// The recipients as they were sent: an id, an object, or a list of both. `None` for a broadcast.
    #[must_use]
    pub fn to(&self) -> Option<&Value> {
        self.field("to")
    }

    /// The actor, an object with a `subscriberId`.
    #[must_use]
    pub fn actor(&self) -> Option<&Value> {
        self.field("actor")
    }

    /// The tenant, an object with an `identifier`.
    #[must_use]
    pub fn tenant(&self) -> Option<&Value> {
        self.field("tenant")
    }

    /// The overrides.
    #[must_use]
    pub fn overrides(&self) -> Option<&Value> {
        self.field("overrides")
    }

    /// The transaction id.
    #[must_use]
    pub fn transaction_id(&self) -> &str {
        self.text("transactionId")
    }

    /// The path of the request that contained it: `/v1/events/trigger`, or that of a bulk or a broadcast.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.0.path
    }

    /// How often it was sent, with retries.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.0.json.get(name)
    }

    fn text(&self, name: &str) -> &str {
        self.field(name).and_then(Value::as_str).unwrap_or_default()
    }
}

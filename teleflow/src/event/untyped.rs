//! Events whose trigger identifier is known only at run time.

use std::fmt;

use serde::Serialize;
use teleflow_catalog::server_facts::{RESERVED_VARIABLES, SPECIAL_VARIABLES};

use super::Event;
use crate::id::TriggerId;
use crate::recipient::IntoRecipients;
use crate::workflow_payload::{PayloadBuffer, PayloadResult, SerializePayload, WorkflowPayload};

/// A trigger identifier and a payload, returned by [`Event::untyped`].
///
/// ```
/// let untyped = teleflow::Event::untyped("welcome", serde_json::json!({}));
/// let event = untyped.to(["ada", "ben"]);
/// ```
#[must_use = "an event does nothing until it is sent"]
pub struct Untyped<S> {
    trigger: TriggerId,
    payload: S,
    /// The address variables and reserved variables that the payload may have.
    allowed: &'static [&'static str],
}

impl<S: Serialize> Untyped<S> {
    pub(crate) fn new(trigger: TriggerId, payload: S) -> Self {
        Self { trigger, payload, allowed: &RESERVED_VARIABLES }
    }

    /// Allows `email`, `phone` and `webhookUrl` at the payload's top level. The server sends to them *instead of* to the
    /// subscriber's own addresses. Without this, they are [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    ///
    /// ```
    /// use teleflow::Event;
    ///
    /// let payload = serde_json::json!({"number": 7, "email": "accounting@example.com"});
    /// assert!(Event::untyped("invoice", &payload).to("ada").into_request().is_err());
    /// assert!(Event::untyped("invoice", &payload).address_from_payload().to("ada").into_request().is_ok());
    /// ```
    pub fn address_from_payload(mut self) -> Self {
        self.allowed = &SPECIAL_VARIABLES;
        self
    }

    /// Addresses the event.
    pub fn to<R: IntoRecipients>(self, recipients: R) -> Event<Self, R> {
        Event::new(self.trigger.clone(), self, recipients)
    }

    pub(crate) fn trigger(&self) -> &TriggerId {
        &self.trigger
    }
}

/// The [`Body`](WorkflowPayload::Body) of an [`Untyped`].
#[doc(hidden)]
#[derive(Debug)]
pub enum UntypedBody {}

#[diagnostic::do_not_recommend]
impl<S: Serialize> SerializePayload<Untyped<S>> for UntypedBody {
    fn write_payload(untyped: &Untyped<S>, out: &mut PayloadBuffer<'_>) -> PayloadResult {
        out.write(&untyped.payload)
    }
}

impl<S: Serialize> WorkflowPayload for Untyped<S> {
    /// Not used: the trigger is a value, [`Untyped::trigger`].
    const TRIGGER: &'static str = "";
    type Body = UntypedBody;

    fn allowed_names_of_payload(&self) -> &'static [&'static str] {
        self.allowed
    }
}

/// Hides the payload.
impl<S> fmt::Debug for Untyped<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Untyped").field("trigger", &self.trigger).finish_non_exhaustive()
    }
}

//! An event whose trigger identifier is known only at run time.

use std::fmt;

use serde::Serialize;
use teleflow_catalog::server_facts::{RESERVED_VARIABLES, SPECIAL_VARIABLES};

use super::Event;
use crate::id::TriggerId;
use crate::payload::{Payload, PayloadBuffer, SerializePayload, Written};
use crate::recipient::IntoRecipients;

/// A trigger identifier and a payload, without a derive and without recipients yet.
///
/// Made by [`Event::untyped`].
///
/// ```
/// let untyped = teleflow::Event::untyped("welcome", serde_json::json!({}));
/// let event = untyped.to(["ada", "ben"]);
/// ```
#[must_use = "an event does nothing until it is sent"]
pub struct Untyped<S> {
    trigger: TriggerId,
    payload: S,
    /// The names that are meant, although they mean something to the server.
    meant: &'static [&'static str],
}

impl<S: Serialize> Untyped<S> {
    pub(crate) fn new(trigger: TriggerId, payload: S) -> Self {
        Self { trigger, payload, meant: &RESERVED_VARIABLES }
    }

    /// Takes `email`, `phone` and `webhookUrl` at the top of the payload as addresses: the server sends there *instead of*
    /// to the subscriber's own. Without this, they are [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    ///
    /// ```
    /// use teleflow::Event;
    ///
    /// let payload = serde_json::json!({"number": 7, "email": "accounting@example.com"});
    /// assert!(Event::untyped("invoice", &payload).to("ada").into_request().is_err());
    /// assert!(Event::untyped("invoice", &payload).address_from_payload().to("ada").into_request().is_ok());
    /// ```
    pub fn address_from_payload(mut self) -> Self {
        self.meant = &SPECIAL_VARIABLES;
        self
    }

    /// Addresses the event.
    pub fn to<R: IntoRecipients>(self, recipients: R) -> Event<Self, R> {
        Event::new(self, recipients)
    }
}

/// Writes the payload of an [`Untyped`].
#[doc(hidden)]
#[derive(Debug)]
pub enum UntypedBody {}

#[diagnostic::do_not_recommend]
impl<S: Serialize> SerializePayload<Untyped<S>> for UntypedBody {
    fn write_payload(untyped: &Untyped<S>, out: &mut PayloadBuffer<'_>) -> Written {
        out.write(&untyped.payload)
    }
}

impl<S: Serialize> Payload for Untyped<S> {
    /// Not asked for: `trigger_of_workflow` has it.
    const TRIGGER: &'static str = "";
    type Body = UntypedBody;

    fn trigger_of_workflow(&self) -> TriggerId {
        self.trigger.clone()
    }

    fn meant_names_of_payload(&self) -> &'static [&'static str] {
        self.meant
    }
}

/// Without the payload.
impl<S> fmt::Debug for Untyped<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Untyped").field("trigger", &self.trigger).finish_non_exhaustive()
    }
}

//! The guards of a client: it refuses recipients that are not allowed, and broadcasts.

use std::borrow::Cow;

use crate::invalid::Invalid;
use crate::request::{Endpoint, Request};

mod event;
mod overrides;
mod addresses;
mod recipient_guard;
mod destination;
mod broadcasts;

pub use broadcasts::Broadcasts;
pub use destination::Destination;
pub use recipient_guard::RecipientGuard;

/// The guards of a client. Every request passes [`apply`](Self::apply) before its first attempt.
#[derive(Debug, Default)]
pub(crate) struct Guards {
    pub(crate) recipients: Option<RecipientGuard>,
    pub(crate) broadcasts: Broadcasts,
}

impl Guards {
    /// The request as it may be sent. The body is parsed only if there is a guard of recipients.
    ///
    /// # Errors
    ///
    /// If it must not be sent. If one event of a bulk must not be sent, the whole bulk must not.
    pub(crate) fn apply<'r>(&self, request: &'r Request) -> Result<Cow<'r, Request>, Invalid> {
        if request.endpoint() == Endpoint::Broadcast && self.broadcasts == Broadcasts::Refused {
            return Err(Invalid::new(
                "this client refuses broadcasts (`Broadcasts::Refused`); address the event with `to`",
            ));
        }
        let Some(guard) = self.recipients.as_ref().filter(|_| request.endpoint() != Endpoint::Cancel) else {
            return Ok(Cow::Borrowed(request));
        };
        let bodies = request.event_bodies()?;
        let mut events = Vec::with_capacity(bodies.len());
        for (position, body) in bodies.iter().enumerate() {
            let event = event::guard(guard, body);
            events.push(event.map_err(|invalid| match request.endpoint() {
                Endpoint::Bulk => {
                    invalid.with_subject(&format!("the bulk is not sent, because of event {}:", position + 1))
                }
                _ => invalid,
            })?);
        }
        if guard.redirect().is_some() {
            request.with_event_bodies(events).map(Cow::Owned)
        } else {
            Ok(Cow::Borrowed(request))
        }
    }

    /// Checks one event of a bulk, so that the other events can be sent without it.
    ///
    /// # Errors
    ///
    /// If it must not be sent.
    pub(crate) fn check_event(&self, json: &[u8]) -> Result<(), Invalid> {
        let Some(guard) = &self.recipients else { return Ok(()) };
        let body = serde_json::from_slice(json).map_err(|_| Invalid::new("the event cannot be read"))?;
        event::guard(guard, &body).map(|_| ())
    }

    /// Whether [`check_event`](Self::check_event) may refuse an event.
    pub(crate) fn check_events(&self) -> bool {
        self.recipients.is_some()
    }
}

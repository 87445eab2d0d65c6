//! The events of a bulk that can be sent, and the requests that contain them.

use std::ops::Range;

use bytes::Bytes;

use super::split::{CLOSE, OPEN, Part};
use crate::error::Error;
use crate::guards::Guards;
use crate::request::{Endpoint, EventId, Request};

/// The valid events of a bulk, in order.
pub(super) struct ValidEvents {
    /// The body of a bulk with all of them.
    pub(super) body: Bytes,
    pub(super) events: Vec<ValidEvent>,
}

/// One valid event.
pub(super) struct ValidEvent {
    pub(super) id: EventId,
    /// Where it is in the body.
    pub(super) json: Range<usize>,
}

impl ValidEvents {
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.events.iter().map(|event| event.json.len()).collect()
    }

    /// The events that these guards allow, and the errors of the others with their positions. `None` if all are allowed.
    pub(super) fn allowed(&self, guards: &Guards) -> Option<(Self, Vec<(usize, Error)>)> {
        let (mut body, mut events, mut refused) = (OPEN.to_vec(), Vec::new(), Vec::new());
        if !guards.check_events() {
            return None;
        }
        for (position, event) in self.events.iter().enumerate() {
            let json = self.body.get(event.json.clone()).unwrap_or_default();
            if let Err(invalid) = guards.check_event(json) {
                refused.push((position, Error::invalid(invalid).with_context(event.id.context(Endpoint::Bulk))));
                continue;
            }
            if !events.is_empty() {
                body.push(b',');
            }
            let start = body.len();
            body.extend_from_slice(json);
            events.push(ValidEvent { id: event.id.clone(), json: start..body.len() });
        }
        body.extend_from_slice(CLOSE);
        (!refused.is_empty()).then(|| (Self { body: Bytes::from(body), events }, refused))
    }

    /// Builds the request of a part, under a new idempotency key.
    pub(super) fn request(&self, part: &Part) -> Request {
        let events = self.of(part);
        let body = match events {
            [event] if part.endpoint == Endpoint::Trigger => self.body.slice(event.json.clone()),
            // Most bulks are sent in one request, without a copy.
            _ if events.len() == self.events.len() => self.body.clone(),
            _ => {
                let json = events.first().zip(events.last()).map(|(first, last)| first.json.start..last.json.end);
                let json = json.and_then(|json| self.body.get(json)).unwrap_or_default();
                Bytes::from([OPEN, json, CLOSE].concat())
            }
        };
        Request::post(part.endpoint, body, events.iter().map(|event| event.id.clone()).collect())
    }

    fn of(&self, part: &Part) -> &[ValidEvent] {
        self.events.get(part.events.clone()).unwrap_or_default()
    }
}

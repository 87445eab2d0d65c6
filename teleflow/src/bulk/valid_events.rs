//! The events of a bulk that can be sent, and the requests that contain them.

use bytes::Bytes;

use super::split::{CLOSE, OPEN, Part};
use crate::request::{Endpoint, EventId, Request};

/// The valid events of a bulk, in order.
pub(super) struct ValidEvents {
    /// The events as JSON, one after the other.
    pub(super) buffer: Bytes,
    pub(super) events: Vec<ValidEvent>,
}

/// One valid event.
pub(super) struct ValidEvent {
    /// Its position in the bulk.
    pub(super) position: usize,
    pub(super) id: EventId,
    /// Where it starts and ends in the buffer.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl ValidEvents {
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.events.iter().map(|event| event.end - event.start).collect()
    }

    /// The positions of the part's events in the bulk.
    pub(super) fn positions(&self, part: &Part) -> impl Iterator<Item = usize> {
        self.of(part).iter().map(|event| event.position)
    }

    /// Builds the request of a part, under a new idempotency key.
    pub(super) fn request(&self, part: &Part) -> Request {
        let events = self.of(part);
        let body = match events {
            [event] if part.endpoint == Endpoint::Trigger => self.buffer.slice(event.start..event.end),
            events => {
                let mut body = Vec::with_capacity(part.bytes);
                for (n, event) in events.iter().enumerate() {
                    body.extend_from_slice(if n == 0 { OPEN } else { b"," });
                    body.extend_from_slice(self.buffer.get(event.start..event.end).unwrap_or_default());
                }
                body.extend_from_slice(CLOSE);
                Bytes::from(body)
            }
        };
        Request::post(part.endpoint, body, events.iter().map(|event| event.id.clone()).collect())
    }

    fn of(&self, part: &Part) -> &[ValidEvent] {
        self.events.get(part.events.clone()).unwrap_or_default()
    }
}

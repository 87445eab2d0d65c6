//! Builds requests from the events of another: with the same bytes and transaction ids, and derived idempotency keys.
//!
//! The keys are derived, so a stored request from which the same requests are built twice yields the same keys twice.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::body::{self, EventBody};
use super::{Endpoint, EventId, Request};
use crate::id::UuidText;
use crate::invalid::Invalid;

impl Request {
    /// The events of a bulk as one request each. `None` if this is not a bulk.
    pub(crate) fn split(&self) -> Option<Vec<Self>> {
        let bodies = self.bulk_items()?.into_iter().zip(&self.events).enumerate();
        let single = |(position, (body, id)): (usize, (Bytes, &EventId))| {
            let request = Self::post(Endpoint::Trigger, body, vec![id.clone()]);
            Self { key: self.derived_key(position.to_string().as_bytes()), ..request }
        };
        Some(bodies.map(single).collect())
    }

    /// The events of a bulk at these positions as one request, which is not a bulk if there is only one event. `None` if
    /// this is not a bulk, or if there is no event.
    pub(crate) fn subset(&self, positions: &[usize]) -> Option<Self> {
        let bodies = self.bulk_items()?;
        let bodies: Vec<&[u8]> =
            positions.iter().map(|at| bodies.get(*at).map(|body| &**body)).collect::<Option<_>>()?;
        let events: Vec<_> = positions.iter().map(|at| self.events.get(*at).cloned()).collect::<Option<_>>()?;
        let request = match bodies.as_slice() {
            [] => return None,
            [body] => Self::post(Endpoint::Trigger, Bytes::copy_from_slice(body), events),
            bodies => Self::post(Endpoint::Bulk, bulk_body(bodies), events),
        };
        Some(Self { key: self.derived_key(&request.body), ..request })
    }

    /// A bulk with the events of these requests, in order, with a new idempotency key.
    ///
    /// The requests must have one event each, and must not be broadcasts.
    pub(crate) fn merged(requests: &[&Self]) -> Self {
        let bodies: Vec<&[u8]> = requests.iter().map(|request| &*request.body).collect();
        let events = requests.iter().flat_map(|request| &request.events).cloned().collect();
        Self::post(Endpoint::Bulk, bulk_body(&bodies), events)
    }

    /// The same request with the key that follows this one.
    pub(crate) fn with_next_key(&self) -> Self {
        Self { key: self.derived_key(&self.body), ..self.clone() }
    }

    /// The events of the body. A request that cancels has none.
    ///
    /// # Errors
    ///
    /// If this library cannot have written the body.
    pub(crate) fn event_bodies(&self) -> Result<Vec<EventBody<'_>>, Invalid> {
        body::read(self.endpoint, &self.body)
    }

    /// The same request with these events in its body, in place of its own.
    ///
    /// Its key is derived from the key of this request: the server refuses a key that it knows with another body.
    ///
    /// # Errors
    ///
    /// If the number of events does not match the endpoint.
    pub(crate) fn with_event_bodies(&self, events: Vec<EventBody<'_>>) -> Result<Self, Invalid> {
        let body = Bytes::from(body::write(self.endpoint, events)?);
        Ok(Self { body, key: self.derived_key(b"events"), ..self.clone() })
    }

    /// The bodies of the events of a bulk, without a copy. `None` if this is not a bulk.
    fn bulk_items(&self) -> Option<Vec<Bytes>> {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            events: Vec<&'a RawValue>,
        }

        if self.endpoint != Endpoint::Bulk {
            return None;
        }
        let Body { events } = serde_json::from_slice(&self.body).ok()?;
        let is_complete = events.len() == self.events.len();
        is_complete.then(|| events.into_iter().map(|event| self.body.slice_ref(event.get().as_bytes())).collect())
    }

    /// A key that depends on the key of this request and on `name`.
    fn derived_key(&self, name: &[u8]) -> Option<UuidText> {
        let key = self.key.as_ref()?;
        Some(Uuid::new_v5(&Uuid::NAMESPACE_OID, &[name, b" ", key.as_bytes()].concat()).into())
    }
}

/// The body of a bulk with these events.
fn bulk_body(events: &[&[u8]]) -> Bytes {
    Bytes::from([b"{\"events\":[", events.join(&b',').as_slice(), b"]}"].concat())
}

//! Reads the events of a body, and validates the body of a stored request: this library must be able to produce it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::endpoint::Endpoint;
use super::event_id::EventId;
use crate::invalid::Invalid;

/// An event as this library serializes it. serde's derive rejects duplicate fields.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventBody<'a> {
    #[serde(borrow)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Cow<'a, RawValue>>,
    #[serde(borrow, deserialize_with = "borrowed")]
    pub(crate) payload: Cow<'a, RawValue>,
    #[serde(borrow, default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) overrides: Option<Cow<'a, RawValue>>,
    #[serde(borrow, default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) actor: Option<Cow<'a, RawValue>>,
    #[serde(borrow, default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<Cow<'a, RawValue>>,
    #[serde(borrow, rename = "transactionId")]
    pub(crate) transaction_id: Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkBody<'a> {
    #[serde(borrow)]
    events: Vec<EventBody<'a>>,
}

/// Reads a value without a copy.
fn borrowed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'de, RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Cow::Borrowed)
}

/// Reads the value of a field that is present, so that `null` differs from a missing field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, RawValue>>, D::Error> {
    borrowed(deserializer).map(Some)
}

/// Reads the events of a body. That of a request that cancels has none.
///
/// # Errors
///
/// If this library cannot have written the body for this endpoint.
pub(super) fn read(endpoint: Endpoint, body: &[u8]) -> Result<Vec<EventBody<'_>>, Invalid> {
    let events = match endpoint {
        Endpoint::Cancel => Ok(Vec::new()),
        Endpoint::Bulk => serde_json::from_slice::<BulkBody<'_>>(body).map(|bulk| bulk.events),
        Endpoint::Trigger | Endpoint::Broadcast => serde_json::from_slice(body).map(|event| vec![event]),
    };
    events.map_err(|_| Invalid::new("the body of the request is not one that this library writes"))
}

/// Writes the body of a request with these events.
///
/// # Errors
///
/// If the number of events does not match the endpoint.
pub(super) fn write(endpoint: Endpoint, mut events: Vec<EventBody<'_>>) -> Result<Vec<u8>, Invalid> {
    let body = match (endpoint, events.pop()) {
        (Endpoint::Bulk, Some(last)) => {
            events.push(last);
            serde_json::to_vec(&BulkBody { events })
        }
        (Endpoint::Trigger | Endpoint::Broadcast, Some(event)) if events.is_empty() => serde_json::to_vec(&event),
        _ => return Err(Invalid::new("the number of events does not match the endpoint of the request")),
    };
    body.map_err(|_| Invalid::new("the body of the request cannot be written"))
}

/// Checks that the body matches this endpoint and contains exactly these events, in this order.
///
/// # Errors
///
/// If it does not. A broadcast differs from an event only by its missing `to`, so an event whose endpoint was changed
/// would go to every subscriber.
pub(super) fn validate(endpoint: Endpoint, body: &str, ids: &[EventId]) -> Result<(), Invalid> {
    let events = read(endpoint, body.as_bytes());
    let matches = |(event, id): (&EventBody<'_>, &EventId)| event.matches_endpoint(endpoint) && event.has_id(id);
    match events {
        Ok(events) if events.len() == ids.len() && events.iter().zip(ids).all(matches) => Ok(()),
        _ => Err(Invalid::new("the body of the stored request does not match its events")),
    }
}

impl EventBody<'_> {
    fn matches_endpoint(&self, endpoint: Endpoint) -> bool {
        let starts_with = |value: &RawValue, first: &[char]| value.get().starts_with(first);
        let recipients_match = match self.to.as_deref() {
            // A string, an object, or an array that is not empty.
            Some(to) => endpoint != Endpoint::Broadcast && starts_with(to, &['"', '{', '[']) && !is_empty_array(to),
            None => endpoint == Endpoint::Broadcast,
        };
        let objects = [Some(&self.payload), self.overrides.as_ref(), self.actor.as_ref(), self.tenant.as_ref()];
        recipients_match && objects.into_iter().flatten().all(|value| starts_with(value, &['{']))
    }

    fn has_id(&self, id: &EventId) -> bool {
        id.trigger.as_ref().is_some_and(|trigger| trigger.as_str() == self.name)
            && id.transaction_id.as_str() == self.transaction_id
    }
}

fn is_empty_array(value: &RawValue) -> bool {
    value.get().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(']'))
}

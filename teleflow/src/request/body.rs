//! Validates the body of a stored request: this library must be able to produce it for the endpoint and the events.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::endpoint::Endpoint;
use super::event_id::EventId;
use crate::invalid::Invalid;

/// An event as this library serializes it. serde's derive rejects duplicate fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    to: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: &'a RawValue,
    #[serde(borrow, default, deserialize_with = "present")]
    overrides: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    actor: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    tenant: Option<&'a RawValue>,
    #[serde(borrow, rename = "transactionId")]
    transaction_id: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bulk<'a> {
    #[serde(borrow)]
    events: Vec<Event<'a>>,
}

/// Reads the value of a field that is present, so that `null` differs from a missing field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Checks that the body matches this endpoint and contains exactly these events, in this order.
///
/// # Errors
///
/// If it does not. A broadcast differs from an event only by its missing `to`, so an event whose endpoint was changed
/// would go to every subscriber.
pub(super) fn validate(endpoint: Endpoint, body: &str, ids: &[EventId]) -> Result<(), Invalid> {
    let events = if endpoint == Endpoint::Bulk {
        serde_json::from_str::<Bulk<'_>>(body).map(|bulk| bulk.events)
    } else {
        serde_json::from_str::<Event<'_>>(body).map(|event| vec![event])
    };
    let matches = |(event, id): (&Event<'_>, &EventId)| event.matches_endpoint(endpoint) && event.has_id(id);
    match events {
        Ok(events) if events.len() == ids.len() && events.iter().zip(ids).all(matches) => Ok(()),
        _ => Err(Invalid::new("the body of the stored request does not match its events")),
    }
}

impl Event<'_> {
    fn matches_endpoint(&self, endpoint: Endpoint) -> bool {
        let starts_with = |value: &RawValue, first: &[char]| value.get().starts_with(first);
        let recipients_match = match self.to {
            // A string, an object, or an array that is not empty.
            Some(to) => endpoint != Endpoint::Broadcast && starts_with(to, &['"', '{', '[']) && !is_empty_array(to),
            None => endpoint == Endpoint::Broadcast,
        };
        let objects = [Some(self.payload), self.overrides, self.actor, self.tenant];
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

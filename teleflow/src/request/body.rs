//! The body of a stored request: whether this library can have written it, for this endpoint and these events.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Endpoint, EventId};

/// One event as this library writes it. The derive refuses a field that stands there twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "given")]
    to: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: &'a RawValue,
    #[serde(borrow, default, deserialize_with = "given")]
    overrides: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
    actor: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "given")]
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

/// The value of a field that is there. An `Option` alone would take `null` for a field that is not.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Whether the body is one for this endpoint, about these events in this order.
///
/// A broadcast differs from an event in nothing but a missing `to`: an event whose endpoint was changed would go to
/// everybody.
pub(super) fn fits(endpoint: Endpoint, body: &str, events: &[EventId]) -> bool {
    let named = if endpoint == Endpoint::Bulk {
        serde_json::from_str::<Bulk<'_>>(body).map(|bulk| bulk.events)
    } else {
        serde_json::from_str::<Event<'_>>(body).map(|event| vec![event])
    };
    let fits = |(named, event): (&Event<'_>, &EventId)| named.is_for(endpoint) && named.is_about(event);
    named.is_ok_and(|named| named.len() == events.len() && named.iter().zip(events).all(fits))
}

impl Event<'_> {
    fn is_for(&self, endpoint: Endpoint) -> bool {
        let begins = |value: &RawValue, with: &[char]| value.get().starts_with(with);
        let others = [Some(self.payload), self.overrides, self.actor, self.tenant];
        let is_addressed = match self.to {
            // A text, an object, or a list that is not empty.
            Some(to) => endpoint != Endpoint::Broadcast && begins(to, &['"', '{', '[']) && !is_empty_list(to),
            None => endpoint == Endpoint::Broadcast,
        };
        is_addressed && others.into_iter().flatten().all(|value| begins(value, &['{']))
    }

    fn is_about(&self, event: &EventId) -> bool {
        event.trigger.as_ref().is_some_and(|trigger| trigger.as_str() == self.name)
            && event.transaction_id.as_str() == self.transaction_id
    }
}

fn is_empty_list(value: &RawValue) -> bool {
    value.get().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(']'))
}

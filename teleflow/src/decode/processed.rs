//! Recognizes the usual response, in one pass and without a copy: every event was processed, and named by its id.
//!
//! Any other response is read field by field, which costs more and accepts more.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::request::EventId;

/// Whether the data of the response is the result of this event, which was processed.
pub(super) fn names(body: &str, event: &EventId) -> bool {
    data::<EventResult<'_>>(body).is_some_and(|result| result.is_processed(event))
}

/// Whether the data of the response is the results of these events, in order, which were all processed.
pub(super) fn names_all(body: &str, events: &[EventId]) -> bool {
    data::<Vec<EventResult<'_>>>(body).is_some_and(|results| {
        results.len() == events.len() && results.iter().zip(events).all(|(result, event)| result.is_processed(event))
    })
}

fn data<'a, T: Deserialize<'a>>(body: &'a str) -> Option<T> {
    serde_json::from_str(body).ok().and_then(|Envelope(data)| data)
}

/// The data of a response. The last of several fields with the same name counts, here and in [`EventResult`].
struct Envelope<T>(Option<T>);

/// The result of an event. The fields are `None` if they are missing.
struct EventResult<'a> {
    status: Option<&'a str>,
    transaction_id: Option<&'a str>,
}

impl EventResult<'_> {
    fn is_processed(&self, event: &EventId) -> bool {
        self.status == Some("processed")
            && self.transaction_id.map(str::as_bytes) == Some(event.transaction_id.as_bytes())
    }
}

// Not derived: the derive also accepts an array of the fields' values.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Envelope<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self(None))
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Envelope<T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key::<&str>()? {
            match name {
                "data" => self.0 = Some(map.next_value()?),
                _ => {
                    let _: IgnoredAny = map.next_value()?;
                }
            }
        }
        Ok(self)
    }
}

impl<'de> Deserialize<'de> for EventResult<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self { status: None, transaction_id: None })
    }
}

impl<'de> Visitor<'de> for EventResult<'de> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(name) = map.next_key::<&str>()? {
            match name {
                "status" => self.status = Some(map.next_value()?),
                "transactionId" => self.transaction_id = Some(map.next_value()?),
                _ => {
                    let _: IgnoredAny = map.next_value()?;
                }
            }
        }
        Ok(self)
    }
}

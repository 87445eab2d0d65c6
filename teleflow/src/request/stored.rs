//! Serializes a request, and validates one that is deserialized.

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Request;
use super::body;
use super::endpoint::Endpoint;
use super::event_id::EventId;
use crate::id::UuidText;
use crate::invalid::Invalid;

#[derive(Serialize, Deserialize)]
struct Stored {
    endpoint: Endpoint,
    body: String,
    idempotency_key: Option<UuidText>,
    events: Vec<EventId>,
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            endpoint: self.endpoint,
            // Bodies are JSON, so nothing is replaced.
            body: String::from_utf8_lossy(&self.body).into_owned(),
            idempotency_key: self.key.clone(),
            events: self.events.clone(),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Stored::deserialize(deserializer)?.into_request().map_err(de::Error::custom)
    }
}

impl Stored {
    /// Accepts only what this library can have serialized, because others may write to the store.
    fn into_request(self) -> Result<Request, Invalid> {
        let Self { endpoint, body, idempotency_key, events } = self;
        match (endpoint, events.as_slice()) {
            (Endpoint::Cancel, [event]) => return Request::cancel(&event.transaction_id),
            (Endpoint::Trigger | Endpoint::Broadcast, [_]) | (Endpoint::Bulk, [_, ..]) => {}
            _ => return Err(Invalid::new("the number of events in the stored request does not match its endpoint")),
        }
        events.iter().try_for_each(EventId::validate)?;
        body::validate(endpoint, &body, &events)?;
        let request = Request::post(endpoint, Bytes::from(body), events);
        match idempotency_key {
            Some(key) if !is_valid_key(&key) => Err(Invalid::new(
                "the idempotency key of the stored request must have 1 to 255 visible ASCII characters",
            )),
            Some(key) => Ok(Request { key: Some(key), ..request }),
            None => Ok(request),
        }
    }
}

/// Whether the server accepts this idempotency key and HTTP does not change it.
fn is_valid_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

const _: fn() = || {
    fn owned<T: de::DeserializeOwned + Serialize + Send + Sync + 'static>() {}
    owned::<Request>();
};

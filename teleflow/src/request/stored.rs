//! Serializes a request, and validates one that is deserialized.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};
use teleflow_http::sanitize;

use super::Request;
use super::body;
use super::endpoint::Endpoint;
use super::event_id::EventId;
use crate::id::UuidText;
use crate::invalid::Invalid;

/// The version of the stored form. A change that an older version of this crate would misread needs a new one, and golden
/// files in `tests/stored`, which are read for ever.
const VERSION: u64 = 1;

const FIELDS: [&str; 5] = ["version", "endpoint", "body", "idempotency_key", "events"];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    /// Missing in requests that were stored before there were versions; otherwise the form is the same.
    #[serde(default)]
    version: u64,
    endpoint: Endpoint,
    body: Cow<'a, str>,
    idempotency_key: Option<UuidText>,
    events: Cow<'a, [EventId]>,
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            version: VERSION,
            endpoint: self.endpoint,
            // Bodies are JSON, so nothing is replaced.
            body: String::from_utf8_lossy(&self.body),
            idempotency_key: self.key.clone(),
            events: Cow::Borrowed(&self.events),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The version decides how the other fields are read, and a store may have changed the order of the fields.
        let fields = deserializer.deserialize_any(Fields)?;
        check_version(&fields).map_err(de::Error::custom)?;
        let unknown = fields.keys().find(|name| !FIELDS.contains(&name.as_str())).map(|name| sanitize::text(name));
        let stored: Stored<'_> = serde_json::from_value(Value::Object(fields)).map_err(|_| match unknown {
            Some(name) => de::Error::custom(format_args!("the stored request has an unknown field `{name}`")),
            // serde's error would contain the value.
            None => de::Error::custom("a field of the stored request is missing or malformed"),
        })?;
        stored.into_request().map_err(de::Error::custom)
    }
}

fn check_version(fields: &Map<String, Value>) -> Result<(), Invalid> {
    match fields.get("version") {
        None => Ok(()),
        Some(version) => match version.as_u64() {
            Some(1..=VERSION) => Ok(()),
            Some(version @ 2..) => Err(Invalid::new(format!(
                "the stored request has version {version}, but this version of teleflow reads only versions up to {VERSION}; \
                 upgrade teleflow"
            ))),
            _ => Err(Invalid::new("the version of the stored request is not a positive integer")),
        },
    }
}

/// Reads the fields of an object.
struct Fields;

impl<'de> de::Visitor<'de> for Fields {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored request")
    }

    /// serde's error would contain the text, and so the payload.
    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Err(E::custom("the stored request is a string, not an object; parse the JSON in the string"))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if fields.insert(name, value).is_some() {
                return Err(de::Error::custom("the stored request has a duplicate field"));
            }
        }
        Ok(fields)
    }
}

impl Stored<'_> {
    /// Accepts only what this library can have serialized, because others may write to the store.
    fn into_request(self) -> Result<Request, Invalid> {
        let Self { endpoint, body, idempotency_key, events, version: _ } = self;
        match (endpoint, &*events) {
            (Endpoint::Cancel, [EventId { trigger: None, transaction_id, sensitive }])
                if body.is_empty() && sensitive.is_empty() =>
            {
                return match idempotency_key {
                    None => Request::cancel(transaction_id),
                    Some(_) => Err(Invalid::new("a stored request that cancels has no idempotency key")),
                };
            }
            (Endpoint::Trigger | Endpoint::Broadcast, [_]) | (Endpoint::Bulk, [_, ..]) => {}
            _ => return Err(Invalid::new("the events or the body of the stored request do not match its endpoint")),
        }
        events.iter().try_for_each(EventId::validate)?;
        body::validate(endpoint, &body, &events)?;
        match idempotency_key {
            Some(key) if is_valid_key(&key) => {
                let body = Bytes::from(body.into_owned());
                Ok(Request { key: Some(key), ..Request::post(endpoint, body, events.into_owned()) })
            }
            _ => Err(Invalid::new(
                "the idempotency key of the stored request must have 1 to 255 visible ASCII characters",
            )),
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

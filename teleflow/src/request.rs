//! A request: everything that will be sent but the API key.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize, de};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::error::Error;
use crate::id::{TransactionId, TriggerId};
use crate::invalid::Invalid;

mod body;

/// A request, ready to be sent: a value without a client.
///
/// It is complete: serialize it, store it beside the change it reports (an *outbox*), and send it
/// later, from another process, with [`Client::send`](crate::Client::send). Sent again it is still the
/// same request, with the same bytes, the same transaction ids and the same idempotency key.
///
/// `Debug` shows neither payload nor recipients. The serialized form holds both. Deserializing it fails if
/// its parts do not fit each other, or if an id or the key has a character that this library never writes.
///
/// ```
/// use teleflow::{Event, Request};
///
/// let request = Event::untyped("welcome", serde_json::json!({"plan": "gold"})).to("ada").into_request()?;
/// let stored = serde_json::to_string(&request).unwrap();
/// let restored: Request = serde_json::from_str(&stored).unwrap();
/// assert_eq!(restored.body(), request.body());
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Request {
    endpoint: Endpoint,
    path: Cow<'static, str>,
    body: Bytes,
    key: Option<String>,
    events: Vec<EventId>,
}

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Endpoint {
    Trigger,
    Bulk,
    Broadcast,
    Cancel,
}

impl Endpoint {
    /// As it stands in errors and logs: without the id of what is cancelled.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Trigger => "POST /v1/events/trigger",
            Self::Bulk => "POST /v1/events/trigger/bulk",
            Self::Broadcast => "POST /v1/events/trigger/broadcast",
            Self::Cancel => "DELETE /v1/events/trigger/{transaction id}",
        }
    }
}

/// The ids of one event of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EventId {
    /// None where an event is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trigger: Option<TriggerId>,
    pub(crate) transaction_id: TransactionId,
}

impl EventId {
    fn validate(&self) -> Result<(), Invalid> {
        self.trigger.as_ref().map_or(Ok(()), TriggerId::validate)?;
        self.transaction_id.validate()
    }

    /// Adds the ids to an error about this event.
    pub(crate) fn annotate(&self, error: Error) -> Error {
        match &self.trigger {
            Some(trigger) => error.about(trigger, &self.transaction_id),
            None => error.cancelling(&self.transaction_id),
        }
    }
}

/// Everything but letters, digits and `-._~`, which may stand in a path as they are.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Request {
    /// A request that queues `events`, with a fresh idempotency key.
    pub(crate) fn post(endpoint: Endpoint, body: Bytes, events: Vec<EventId>) -> Self {
        let path = match endpoint {
            Endpoint::Bulk => "/v1/events/trigger/bulk",
            Endpoint::Broadcast => "/v1/events/trigger/broadcast",
            _ => "/v1/events/trigger",
        };
        let key = Some(Uuid::new_v4().hyphenated().to_string());
        Self { endpoint, path: Cow::Borrowed(path), body, key, events }
    }

    /// The request that cancels an event. The server reads no key on it.
    pub(crate) fn cancel(transaction_id: &TransactionId) -> Result<Self, Invalid> {
        transaction_id.validate()?;
        // Such a segment is removed by everything that reads URLs, whatever it is encoded as.
        if matches!(transaction_id.as_str(), "." | "..") {
            return Err(Invalid::new("the transaction id is `.` or `..`, which URLs do not keep"));
        }
        let id = utf8_percent_encode(transaction_id.as_str(), PATH);
        Ok(Self {
            endpoint: Endpoint::Cancel,
            path: Cow::Owned(format!("/v1/events/trigger/{id}")),
            body: Bytes::new(),
            key: None,
            events: vec![EventId { trigger: None, transaction_id: transaction_id.clone() }],
        })
    }

    /// The HTTP method: `POST`, or `DELETE` to cancel.
    #[must_use]
    pub fn method(&self) -> &'static str {
        if self.endpoint == Endpoint::Cancel { "DELETE" } else { "POST" }
    }

    /// The path, beginning with `/v1/`, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body: JSON, the same bytes on every attempt. The server hashes it to know a repeat.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The `Idempotency-Key`; none on a request that cancels.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The transaction ids of the events, in order.
    pub fn transaction_ids(&self) -> impl ExactSizeIterator<Item = &TransactionId> {
        self.events.iter().map(|event| &event.transaction_id)
    }

    /// The trigger identifiers of the events, in order; none of a request that cancels.
    pub fn triggers(&self) -> impl Iterator<Item = &TriggerId> {
        self.events.iter().filter_map(|event| event.trigger.as_ref())
    }

    /// The same request under a new idempotency key.
    pub(crate) fn with_fresh_key(&self) -> Self {
        let key = self.key.as_ref().map(|_| Uuid::new_v4().hyphenated().to_string());
        Self { key, ..self.clone() }
    }

    /// The events of a bulk as requests of their own, with the same bytes and ids; none if this is not a bulk.
    ///
    /// Their keys follow from the bulk's, so that a bulk that is stored and sent twice makes the same requests twice.
    pub(crate) fn singles(&self) -> Option<Vec<Self>> {
        #[derive(Deserialize)]
        struct Body<'a> {
            #[serde(borrow)]
            events: Vec<&'a RawValue>,
        }

        if self.endpoint != Endpoint::Bulk {
            return None;
        }
        let Body { events } = serde_json::from_slice(&self.body).ok()?;
        let single = |(position, (event, label)): (usize, (&RawValue, &EventId))| {
            let single =
                Self::post(Endpoint::Trigger, self.body.slice_ref(event.get().as_bytes()), vec![label.clone()]);
            let bulk = self.key.as_ref();
            let key = bulk.map(|key| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{position} {key}").as_bytes()));
            Self { key: key.map(|key| key.hyphenated().to_string()), ..single }
        };
        let is_whole = events.len() == self.events.len();
        is_whole.then(|| events.into_iter().zip(&self.events).enumerate().map(single).collect())
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        self.endpoint
    }

    pub(crate) fn events(&self) -> &[EventId] {
        &self.events
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("endpoint", &self.endpoint.name())
            .field("events", &self.events)
            .field("idempotency_key", &self.key)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .finish_non_exhaustive()
    }
}

/// The serialized form.
#[derive(Serialize, Deserialize)]
struct Stored {
    endpoint: Endpoint,
    body: String,
    idempotency_key: Option<String>,
    events: Vec<EventId>,
}

impl From<Request> for Stored {
    fn from(request: Request) -> Self {
        Self {
            endpoint: request.endpoint,
            // Bodies are JSON, so nothing is replaced.
            body: String::from_utf8_lossy(&request.body).into_owned(),
            idempotency_key: request.key,
            events: request.events,
        }
    }
}

/// Reads only what this library can have written: the store may be anybody's.
impl TryFrom<Stored> for Request {
    type Error = Invalid;

    fn try_from(stored: Stored) -> Result<Self, Invalid> {
        let Stored { endpoint, body, idempotency_key, events } = stored;
        match (endpoint, events.as_slice()) {
            (Endpoint::Cancel, [event]) => return Self::cancel(&event.transaction_id),
            (Endpoint::Trigger | Endpoint::Broadcast, [_]) | (Endpoint::Bulk, [_, ..]) => {}
            _ => return Err(Invalid::new("the number of events in the stored request does not match its endpoint")),
        }
        events.iter().try_for_each(EventId::validate)?;
        if !body::fits(endpoint, &body, &events) {
            return Err(Invalid::new("the body of the stored request does not match its events"));
        }
        let request = Self::post(endpoint, Bytes::from(body), events);
        match idempotency_key {
            Some(key) if !is_key(&key) => Err(Invalid::new(
                "the idempotency key of the stored request must have 1 to 255 visible ASCII characters",
            )),
            Some(key) => Ok(Self { key: Some(key), ..request }),
            None => Ok(request),
        }
    }
}

/// Whether the server takes this idempotency key, and HTTP passes it on unchanged.
fn is_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

const _: fn() = || {
    fn owned<T: de::DeserializeOwned + Serialize + Send + Sync + 'static>() {}
    owned::<Request>();
};

//! `Request`: everything that is sent, apart from the API key.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::id::{TransactionId, TriggerId, UuidText};
use crate::invalid::Invalid;
use crate::json::SensitivePaths;

mod curl;
mod stored;
mod parts;
mod body;
mod event_id;
mod endpoint;

pub(crate) use body::EventBody;
pub(crate) use endpoint::Endpoint;
pub(crate) use event_id::EventId;

/// A request, ready to be sent: a value that needs no client.
///
/// It is complete: serialize it, store it together with the change that it reports (an *outbox*), and send it later,
/// from another process, with [`Client::send`](crate::Client::send). A stored request keeps its bytes, its transaction
/// ids and its idempotency key.
///
/// `Debug` shows neither payload nor recipients. The serialized request contains both, in a self-describing format such as
/// JSON, and the version of its form. All later versions of this crate read it. A request of a later version is an error
/// that says so, also if its fields have changed. Deserializing also fails if this library cannot have written the
/// request: if the body does not match the endpoint and the ids, if an id or the key has a character that this library
/// never uses there, or if a field is unknown. Method and path are not stored.
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
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    endpoint: Endpoint,
    path: Cow<'static, str>,
    body: Bytes,
    key: Option<UuidText>,
    events: Vec<EventId>,
}

/// Everything but letters, digits and `-._~`, which a path may contain unencoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Request {
    /// A request that queues `events`, with a new idempotency key.
    pub(crate) fn post(endpoint: Endpoint, body: Bytes, events: Vec<EventId>) -> Self {
        Self { endpoint, path: Cow::Borrowed(endpoint.path()), body, key: Some(UuidText::random()), events }
    }

    /// The request that cancels an event. It has no idempotency key, because the server reads none on it.
    pub(crate) fn cancel(transaction_id: &TransactionId) -> Result<Self, Invalid> {
        transaction_id.validate()?;
        // URL parsers remove such a segment, encoded or not.
        if matches!(transaction_id.as_str(), "." | "..") {
            return Err(Invalid::new("the transaction id is `.` or `..`, which URLs do not keep"));
        }
        let id = utf8_percent_encode(transaction_id.as_str(), PATH);
        Ok(Self {
            endpoint: Endpoint::Cancel,
            path: Cow::Owned(format!("{}{id}", Endpoint::Cancel.path())),
            body: Bytes::new(),
            key: None,
            events: vec![EventId {
                trigger: None,
                transaction_id: transaction_id.clone(),
                sensitive: SensitivePaths::default(),
            }],
        })
    }

    /// The HTTP method: `POST`, or `DELETE` to cancel.
    #[must_use]
    pub fn method(&self) -> &'static str {
        if self.endpoint == Endpoint::Cancel { "DELETE" } else { "POST" }
    }

    /// The path, which starts with `/v1/`, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body: JSON, the same bytes on every attempt. The server hashes it to recognize a retry.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The `Idempotency-Key`. `None` for a request that cancels.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The transaction ids of the events, in order.
    pub fn transaction_ids(&self) -> impl ExactSizeIterator<Item = &TransactionId> {
        self.events.iter().map(|event| &event.transaction_id)
    }

    /// The trigger identifiers of the events, in order. A request that cancels has none.
    pub fn triggers(&self) -> impl Iterator<Item = &TriggerId> {
        self.events.iter().filter_map(|event| event.trigger.as_ref())
    }

    /// The sensitive values of each event, in order: JSON pointers (RFC 6901) that start at the event's payload.
    ///
    /// A field is sensitive if it is marked with `#[teleflow(sensitive)]`, or with [`sensitive`](crate::sensitive()). The empty
    /// pointer is the whole payload. A pointer may lead to a field that this payload lacks. Do not show the pointers to
    /// everyone: they contain the keys of maps.
    ///
    /// ```
    /// use serde::Serialize;
    /// use teleflow::TeleflowWorkflow;
    ///
    /// #[derive(Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "sign-in")]
    /// struct SignIn<'a> {
    ///     #[teleflow(sensitive)]
    ///     code: &'a str,
    /// }
    ///
    /// let request = SignIn { code: "271828" }.to("ada").into_request()?;
    /// assert_eq!(request.sensitive_paths().collect::<Vec<_>>(), [["/code"]]);
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn sensitive_paths(&self) -> impl ExactSizeIterator<Item = &[String]> {
        self.events.iter().map(|event| event.sensitive.as_slice())
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

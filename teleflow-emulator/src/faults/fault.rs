//! One fault, and the part of a request that decides about faults.

use std::time::Duration;

use http::request::Parts;

use super::reply::Reply;

/// A fault of one request.
///
/// Each variant states whether the server processes the request, which the client cannot know.
///
/// ```
/// use std::time::Duration;
/// use teleflow_emulator::{Emulator, Fault, Reply};
///
/// let emulator = Emulator::new();
/// emulator.faults().next(Fault::Reply(Reply::new(503))).next(Fault::CloseAfter);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Fault {
    /// A proxy answers with this reply. The request is **not** processed.
    Reply(Reply),
    /// The request is processed, and then a proxy answers with this reply.
    ReplyAfter(Reply),
    /// The request is processed after this delay, even if the client has given up by then.
    DelayBefore(Duration),
    /// The request is processed at once, and the response is sent after this delay.
    DelayAfter(Duration),
    /// The connection is closed, and new ones are refused for this long. The request is **not** processed.
    RefuseConnections(Duration),
    /// The connection is closed before the body is read. The request is **not** processed.
    CloseBefore,
    /// The request is processed, and the connection is closed without a response.
    CloseAfter,
    /// The request is processed, and the connection is closed halfway through the body of the response.
    HalfBody,
    /// The request is processed. The response has the usual status and a body of 2 GiB of spaces, which are generated
    /// while they are sent (8 MiB in memory).
    HugeBody,
    /// The request is processed. The response has the usual status and a body that is not JSON.
    GarbageBody,
}

/// The part of a request that a rule of [`Faults::when`](crate::Faults::when) can read.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, RequestInfo};
///
/// let emulator = Emulator::new();
/// emulator.faults().when(|request: &RequestInfo| request.path().ends_with("/bulk").then_some(Fault::CloseAfter));
/// ```
#[derive(Debug, Clone)]
pub struct RequestInfo {
    method: String,
    path: String,
    key: Option<String>,
}

impl RequestInfo {
    pub(crate) fn new(head: &Parts) -> Self {
        let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        Self { method: head.method.as_str().to_owned(), path: head.uri.path().to_owned(), key: key.map(str::to_owned) }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The `Idempotency-Key`, if there is one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// A string that is the same for all attempts of one request.
    pub(crate) fn request_id(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.path)
    }
}

//! One fault, and what a rule knows of the request that it may hit.

use std::time::Duration;

use http::request::Parts;

use super::reply::Reply;

/// Something that goes wrong with one request.
///
/// Each says whether the server has acted on the request, which its client cannot know.
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
    /// Something in front of the server answers in its place: **not** acted on.
    Reply(Reply),
    /// The server acts, and something in front of it answers all the same.
    ReplyAfter(Reply),
    /// The request waits this long before the server acts on it. It does so even if its client has given up.
    DelayBefore(Duration),
    /// The server acts at once, and its answer comes this much later.
    DelayAfter(Duration),
    /// The connection is closed, and for this long no new one is accepted: **not** acted on.
    Refuse(Duration),
    /// The connection is closed before the request's body is read: **not** acted on.
    CloseBefore,
    /// The server acts, and the connection is closed in place of an answer.
    CloseAfter,
    /// The server acts, and the connection is closed in the midst of the answer's body.
    HalfBody,
    /// The server acts; the answer has its status, and a body of 2 GiB of blanks, which are made as they are read.
    HugeBody,
    /// The server acts; the answer has its status, and a body that is no JSON.
    Garbage,
}

/// What is known of a request when it is decided whether something goes wrong with it.
///
/// ```
/// use teleflow_emulator::{Emulator, Fault, Seen};
///
/// let emulator = Emulator::new();
/// emulator.faults().when(|request: &Seen| request.path().ends_with("/bulk").then_some(Fault::CloseAfter));
/// ```
#[derive(Debug, Clone)]
pub struct Seen {
    method: String,
    path: String,
    key: Option<String>,
}

impl Seen {
    pub(crate) fn new(head: &Parts) -> Self {
        let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        Self { method: head.method.as_str().to_owned(), path: head.uri.path().to_owned(), key: key.map(str::to_owned) }
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, without a query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The `Idempotency-Key`.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// What repeats of one request have in common.
    pub(crate) fn identity(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.path)
    }
}

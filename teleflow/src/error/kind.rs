//! `ErrorKind` and `Fate`: what an application decides by.

/// The kinds of [`Error`](crate::Error).
///
/// ```
/// let error = teleflow::Client::new("").unwrap_err();
/// assert_eq!(error.kind(), teleflow::ErrorKind::Invalid);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request or the client could not be built. Nothing was sent.
    Invalid,
    /// A 2xx, but the server dropped the event. [`Error::status`](crate::Error::status) has the reason.
    Dropped,
    /// No workflow has this trigger identifier in the environment of the API key.
    WorkflowNotFound,
    /// 400 or 422: the server refused the event. [`Error::messages`](crate::Error::messages) has the reasons.
    Validation,
    /// 401 or 403: the API key is wrong, or lacks the permission.
    Unauthorized,
    /// 402: the plan's allowance is used up.
    PaymentRequired,
    /// 413: the request is too large for the server.
    TooLarge,
    /// 429: the plan's rate limit is reached. Or nothing was sent, because the server has reported that the rate limit is
    /// used up until after the deadline. See [`Error::retry_after`](crate::Error::retry_after).
    RateLimited,
    /// 409: the server is still processing an earlier attempt of this request.
    InProgress,
    /// 422: the idempotency key was used before, with another body.
    IdempotencyConflict,
    /// Any other 3xx or 4xx. With a 404 the base URL is probably wrong.
    Rejected,
    /// 5xx.
    Server,
    /// No complete response within the timeout of an attempt or the deadline of the request, or a 408.
    Timeout,
    /// The attempt did not connect in time (including TLS and a proxy's tunnel). The request was not sent.
    Connect,
    /// The connection broke after a part of the request was sent. In a fan-out also: the transport panicked, or the tokio
    /// runtime was shut down.
    Interrupted,
    /// The response does not have the format of the API, or it names another transaction id.
    Decode,
}

/// Whether an event may have been queued although sending it failed.
///
/// ```
/// let error = teleflow::Client::new("").unwrap_err();
/// assert_eq!(error.fate(), teleflow::Fate::NotQueued);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The event was not queued: no attempt sent it, or the server refused every attempt.
    NotQueued,
    /// The event may have been queued: an attempt had no response, or one that leaves this open (408, 409, 5xx, or a
    /// body that cannot be read).
    ///
    /// Send the event again only under the same transaction id. The server's worker then drops the duplicate, unless
    /// both are in its queue at the same time.
    Unknown,
}

//! Why a request did not end with a queued event.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use teleflow_http::sanitize;

use crate::id::{TransactionId, TriggerId};
use crate::status::Status;

/// What the fallible functions of this crate return.
///
/// ```
/// fn client() -> teleflow::Result<teleflow::Client> {
///     teleflow::Client::new("my-key")
/// }
/// # client().unwrap();
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request did not end with a queued event.
///
/// [`kind`](Self::kind) says what happened last, [`fate`](Self::fate) whether the event may be queued
/// all the same: that is the question to ask before it is sent again by other means.
///
/// `Display` is one line: the trigger, the endpoint, the HTTP status, the server's own messages and
/// the transaction id. The cause, where there is one, is [`source`](StdError::source) and is not
/// repeated in the line. Neither payload, recipient nor API key is in it.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) {
/// use teleflow::{ErrorKind, Event, Fate};
///
/// let sent = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await;
/// if let Err(error) = sent {
///     match (error.kind(), error.fate()) {
///         (ErrorKind::Dropped, _) => eprintln!("the workflow is not ready: {error}"),
///         (_, Fate::NotQueued) => eprintln!("nobody is notified, send it again: {error}"),
///         (_, Fate::Unknown) => eprintln!("perhaps queued as {:?}: {error}", error.transaction_id()),
///     }
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Error(Box<Repr>);

#[derive(Clone)]
struct Repr {
    kind: ErrorKind,
    fate: Fate,
    detail: String,
    endpoint: Option<&'static str>,
    trigger: Option<TriggerId>,
    transaction_id: Option<TransactionId>,
    http_status: Option<u16>,
    status: Option<Status>,
    messages: Vec<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    note: Option<String>,
    names_another_event: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kinds of [`Error`].
///
/// ```
/// let error = teleflow::Client::new("").unwrap_err();
/// assert_eq!(error.kind(), teleflow::ErrorKind::Invalid);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be formed, or the client not be made; nothing was sent.
    Invalid,
    /// A 2xx, but the server dropped the event: [`Error::status`] says why.
    Dropped,
    /// No workflow has this trigger identifier in the environment of the API key.
    WorkflowNotFound,
    /// 400 or 422: the server read the event and refused it. [`Error::messages`] has its words.
    Validation,
    /// 401 or 403: the API key is wrong, or may not do this.
    Unauthorized,
    /// 402: the plan's allowance is used up.
    PaymentRequired,
    /// 413: the request is too large for the server.
    TooLarge,
    /// 429: the plan's rate limit. See [`Error::retry_after`].
    RateLimited,
    /// 409: the server is still busy with an earlier attempt of this request.
    InProgress,
    /// 422: the idempotency key was used before, with another body.
    IdempotencyConflict,
    /// Any other 3xx or 4xx. A 404 says that the base URL is probably wrong.
    Rejected,
    /// 5xx.
    Server,
    /// No complete response within the timeout of an attempt or the deadline of the request, or a 408.
    Timeout,
    /// No connection, with TLS and a proxy's tunnel, in time: the request never left.
    Connect,
    /// The connection broke after the request had begun to leave.
    Interrupted,
    /// A response that could not be read as one of the API's, or that names another transaction id.
    Decode,
}

/// Whether an event may be queued although its sending failed.
///
/// ```
/// let error = teleflow::Client::new("").unwrap_err();
/// assert_eq!(error.fate(), teleflow::Fate::NotQueued);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// No attempt can have queued the event: it never left, or every answer refused it.
    NotQueued,
    /// Some attempt went unanswered, or was answered 408, 409, 5xx, or in a way that says neither
    /// yes nor no. Send it again only under the same transaction id: the server's worker then drops
    /// the second one, unless both stand in its queue at the same time.
    Unknown,
}

impl Error {
    /// What happened; of several attempts, the last.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the event may have been queued anyway, judged over all attempts, those at a bulk that was given up
    /// included.
    #[must_use]
    pub fn fate(&self) -> Fate {
        self.0.fate
    }

    /// The HTTP status of the response to the last attempt; none if there was no response, or if the event was not
    /// sent.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The word with which the server dropped or refused the event.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.0.status.as_ref()
    }

    /// What the server said, a text each: control characters escaped, at most 500 characters long.
    /// The values it complained of are not among them.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.messages.iter().map(String::as_str)
    }

    /// The trigger identifier of the event.
    #[must_use]
    pub fn trigger(&self) -> Option<&TriggerId> {
        self.0.trigger.as_ref()
    }

    /// The id under which the event was, or would have been, sent.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&TransactionId> {
        self.0.transaction_id.as_ref()
    }

    /// How long the server asked to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the event was sent; 0 if it never was.
    ///
    /// If its bulk was given up and it was sent alone, the attempts at the bulk count too.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }
}

/// How this crate's modules make errors.
impl Error {
    pub(crate) fn new(kind: ErrorKind, fate: Fate, detail: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            fate,
            detail: detail.into(),
            endpoint: None,
            trigger: None,
            transaction_id: None,
            http_status: None,
            status: None,
            messages: Vec::new(),
            retry_after: None,
            attempts: 0,
            note: None,
            names_another_event: false,
            source: None,
        }))
    }

    /// Nothing was sent, since `detail`.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, Fate::NotQueued, detail)
    }

    pub(crate) fn about(mut self, trigger: &TriggerId, transaction_id: &TransactionId) -> Self {
        self.0.trigger = Some(trigger.clone());
        self.0.transaction_id = Some(transaction_id.clone());
        self
    }

    pub(crate) fn cancelling(mut self, transaction_id: &TransactionId) -> Self {
        self.0.transaction_id = Some(transaction_id.clone());
        self
    }

    pub(crate) fn at(mut self, endpoint: &'static str) -> Self {
        self.0.endpoint = Some(endpoint);
        self
    }

    pub(crate) fn answered(mut self, http_status: u16) -> Self {
        self.0.http_status = Some(http_status);
        self
    }

    pub(crate) fn with_status(mut self, status: Status) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn saying(mut self, messages: Vec<String>) -> Self {
        self.0.messages = messages.iter().map(|message| sanitize::text(message)).collect();
        self
    }

    pub(crate) fn waiting(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn tried(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Why there was no further attempt.
    pub(crate) fn with_note(mut self, note: Option<String>) -> Self {
        self.0.note = note;
        self
    }

    /// The error of an event that was not sent, since an earlier request was refused with this one. `again`: it had been
    /// sent before, in a bulk that was given up.
    pub(crate) fn not_sent(mut self, again: bool) -> Self {
        let sent = if again { "sent again" } else { "sent" };
        self.0.detail = format!("the event was not {sent}, because an earlier request was refused: {}", self.0.detail);
        self.0.fate = Fate::NotQueued;
        (self.0.http_status, self.0.retry_after, self.0.source) = (None, None, None);
        self
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The response named another event than the one that was sent.
    pub(crate) fn naming_another_event(mut self) -> Self {
        self.0.names_another_event = true;
        self
    }

    pub(crate) fn names_another_event(&self) -> bool {
        self.0.names_another_event
    }

    pub(crate) fn fated(mut self, fate: Fate) -> Self {
        self.0.fate = fate;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        if let Some(trigger) = &repr.trigger {
            write!(f, "{}: ", sanitize::text(trigger.as_str()))?;
        }
        f.write_str(&repr.detail)?;
        if !repr.messages.is_empty() {
            write!(f, ": {}", repr.messages.join("; "))?;
        }
        let mut notes = Notes { f, open: false };
        if let Some(endpoint) = repr.endpoint {
            match repr.http_status {
                Some(status) => notes.add(format_args!("{endpoint} answered {status}"))?,
                None => notes.add(format_args!("{endpoint}"))?,
            }
        }
        if let Some(wait) = repr.retry_after {
            notes.add(format_args!("retry after {} s", wait.as_secs_f64().ceil()))?;
        }
        if let Some(note) = &repr.note {
            notes.add(format_args!("{note}"))?;
        }
        if repr.attempts > 1 {
            notes.add(format_args!("{} attempts", repr.attempts))?;
        }
        if let Some(id) = &repr.transaction_id {
            notes.add(format_args!("transaction id {}", sanitize::text(id.as_str())))?;
        }
        notes.close()
    }
}

/// The bracket at the end of the line, opened by the first note.
struct Notes<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    open: bool,
}

impl Notes<'_, '_> {
    fn add(&mut self, note: fmt::Arguments<'_>) -> fmt::Result {
        self.f.write_str(if self.open { ", " } else { " (" })?;
        self.open = true;
        self.f.write_fmt(note)
    }

    fn close(self) -> fmt::Result {
        self.f.write_str(if self.open { ")" } else { "" })
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &repr.kind).field("fate", &repr.fate).field("message", &self.to_string());
        if let Some(source) = &repr.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

const _: () = {
    const fn is_send_and_sync<T: Send + Sync + 'static>() {}
    is_send_and_sync::<Error>();
    assert!(size_of::<Error>() == size_of::<usize>());
};

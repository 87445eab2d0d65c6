//! The one error type of this crate.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use teleflow_http::sanitize;

use crate::id::{TransactionId, TriggerId};
use crate::status::Status;

mod display;
mod kind;

pub use kind::{ErrorKind, Fate};

/// The result of this crate's fallible functions.
///
/// ```
/// fn client() -> teleflow::Result<teleflow::Client> {
///     teleflow::Client::new("my-key")
/// }
/// # client().unwrap();
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an event was not queued, or why this is unknown.
///
/// [`kind`](Self::kind) is what happened last. [`fate`](Self::fate) tells you whether the event may have been queued
/// anyway: check it before you send the event again by other means.
///
/// `Display` is one line: the trigger, what happened, the server's own messages, the endpoint, the HTTP status, why there was
/// no further attempt, and the transaction id. It contains no payload, recipient or API key. The cause, if there is one,
/// is [`source`](StdError::source), and the line does not contain it.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) {
/// use teleflow::{ErrorKind, Event, Fate};
///
/// let sent = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await;
/// if let Err(error) = sent {
///     match (error.kind(), error.fate()) {
///         (ErrorKind::Dropped, _) => eprintln!("the workflow is not ready: {error}"),
///         (_, Fate::NotQueued) => eprintln!("not queued, send it again: {error}"),
///         (_, Fate::Unknown) => eprintln!("may have been queued as {:?}: {error}", error.transaction_id()),
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
    http_status: Option<u16>,
    status: Option<Status>,
    messages: Vec<String>,
    retry_after: Option<Duration>,
    names_another_event: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    context: ErrorContext,
}

/// The request and the event that an error belongs to. [`Error::with_context`] sets all of it at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct ErrorContext {
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) trigger: Option<TriggerId>,
    pub(crate) transaction_id: Option<TransactionId>,
    /// How many times the event was sent.
    pub(crate) attempts: u32,
    /// The event may have been queued, whatever the result of the last attempt.
    pub(crate) fate_unknown: bool,
    /// The server keeps this failure under the idempotency key, and would replay it for a day.
    pub(crate) key_used_up: bool,
    /// The request costs more than the rate policy ever allows.
    pub(crate) exceeds_burst: bool,
    /// Why there was no further attempt.
    pub(crate) retries_ended: Option<String>,
}

impl Error {
    /// The kind of failure of the last attempt.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the event may have been queued anyway.
    ///
    /// It takes every attempt into account. If a bulk was split into single events, the attempts of the bulk count too.
    #[must_use]
    pub fn fate(&self) -> Fate {
        if self.0.context.fate_unknown { Fate::Unknown } else { self.0.fate }
    }

    /// The HTTP status of the last response. `None` if the last attempt had no response, or if the event was not sent.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The status with which the server dropped or refused the event.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.0.status.as_ref()
    }

    /// The messages of the server. Control characters are escaped, and each message has at most 500 characters.
    ///
    /// They do not include the values that the server refused.
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.messages.iter().map(String::as_str)
    }

    /// The trigger identifier of the event.
    #[must_use]
    pub fn trigger(&self) -> Option<&TriggerId> {
        self.0.context.trigger.as_ref()
    }

    /// The transaction id of the event, whether or not it was sent.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&TransactionId> {
        self.0.context.transaction_id.as_ref()
    }

    /// How long the server asked to wait before the next attempt (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the event was sent; 0 if it never was.
    ///
    /// If a bulk was split into single events, the attempts of the bulk count too.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.context.attempts
    }
}

/// For this crate's modules. An error gets its context from the caller of the code that fails: see
/// [`with_context`](Error::with_context).
impl Error {
    pub(crate) fn new(kind: ErrorKind, fate: Fate, detail: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            fate,
            detail: detail.into(),
            http_status: None,
            status: None,
            messages: Vec::new(),
            retry_after: None,
            names_another_event: false,
            source: None,
            context: ErrorContext::default(),
        }))
    }

    /// [`ErrorKind::Invalid`]: nothing was sent.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, Fate::NotQueued, detail)
    }

    /// Sets the request and the event, and replaces those of before.
    pub(crate) fn with_context(mut self, context: ErrorContext) -> Self {
        self.0.context = context;
        self
    }

    pub(crate) fn with_http_status(mut self, http_status: u16) -> Self {
        self.0.http_status = Some(http_status);
        self
    }

    pub(crate) fn with_status(mut self, status: Status) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_messages(mut self, messages: &[String]) -> Self {
        self.0.messages = messages.iter().map(|message| sanitize::text(message)).collect();
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    pub(crate) fn key_used_up(&self) -> bool {
        self.0.context.key_used_up
    }

    pub(crate) fn exceeds_burst(&self) -> bool {
        self.0.context.exceeds_burst
    }

    /// The response named another event than the one that was sent.
    pub(crate) fn naming_another_event(mut self) -> Self {
        self.0.names_another_event = true;
        self
    }

    pub(crate) fn names_another_event(&self) -> bool {
        self.0.names_another_event
    }

    /// The error of an event that was not sent, because an earlier request was refused with this error.
    ///
    /// `again`: the event was sent before, in a bulk that was given up.
    pub(crate) fn not_sent(mut self, again: bool) -> Self {
        let sent = if again { "sent again" } else { "sent" };
        self.0.detail = format!("the event was not {sent}, because an earlier request was refused: {}", self.0.detail);
        self.0.fate = Fate::NotQueued;
        (self.0.http_status, self.0.retry_after, self.0.source) = (None, None, None);
        self
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

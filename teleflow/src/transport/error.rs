//! Why an attempt has no complete response.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Why an attempt has no complete response.
///
/// ```
/// use teleflow::transport::TransportError;
///
/// let refused = TransportError::connect(std::io::Error::from(std::io::ErrorKind::ConnectionRefused));
/// assert!(refused.never_sent());
/// assert!(!TransportError::interrupted("connection reset").never_sent());
/// ```
#[derive(Debug)]
pub struct TransportError {
    failure: AttemptFailure,
    /// The host that the attempt could not connect to, if the transport named it.
    host: Option<String>,
    source: Box<dyn StdError + Send + Sync>,
}

/// How an attempt failed. Retry and fate depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptFailure {
    /// There was no connection, so nothing was sent.
    Connect,
    /// The connection broke before the end of the response. The event may be queued.
    Interrupted,
    /// There was no complete response within this time. The event may be queued.
    TimedOut(Duration),
    /// The response, with this HTTP status, is too large to be read.
    Unreadable(u16),
    /// This transport cannot send the request at all.
    Unsendable,
}

impl TransportError {
    /// There was no connection, so nothing of the request was sent.
    #[must_use]
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: AttemptFailure::Connect, host: None, source: source.into() }
    }

    /// The connection broke before the end of the response. The server may have received the request.
    #[must_use]
    pub fn interrupted(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: AttemptFailure::Interrupted, host: None, source: source.into() }
    }

    /// There was no complete response within `timeout`.
    pub(crate) fn timed_out(timeout: Duration) -> Self {
        Self {
            failure: AttemptFailure::TimedOut(timeout),
            host: None,
            source: format!("{} s have passed", timeout.as_secs_f64()).into(),
        }
    }

    /// The response, with this HTTP status, is too large.
    pub(crate) fn unreadable(status: u16, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: AttemptFailure::Unreadable(status), host: None, source: source.into() }
    }

    /// The request cannot be sent at all.
    pub(crate) fn unsendable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: AttemptFailure::Unsendable, host: None, source: source.into() }
    }

    /// Adds the host that the attempt was sent to.
    pub(crate) fn with_host(self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self }
    }

    /// Whether it is certain that the server did not receive the request.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        matches!(self.failure, AttemptFailure::Connect | AttemptFailure::Unsendable)
    }

    pub(crate) fn failure(&self) -> AttemptFailure {
        self.failure
    }

    pub(crate) fn into_source(self) -> Box<dyn StdError + Send + Sync> {
        self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (AttemptFailure::Connect, Some(host)) = (self.failure, &self.host) {
            return write!(f, "failed to connect to `{host}`");
        }
        f.write_str(match self.failure {
            AttemptFailure::Connect => "failed to connect to the server",
            AttemptFailure::Interrupted => "the connection broke before the end of the response",
            AttemptFailure::TimedOut(_) => "no response in time",
            AttemptFailure::Unreadable(_) => "the response is too large to be read",
            AttemptFailure::Unsendable => "the request could not be sent",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

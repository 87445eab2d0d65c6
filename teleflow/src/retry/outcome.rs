//! How an attempt ended, as far as retries depend on it.

use std::time::Duration;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was no connection: nothing was sent.
    NotConnected,
    /// There was no complete response: the server may have processed the request.
    NoResponse,
    /// The response cannot be read or the request cannot be sent. A retry would not change that.
    Permanent,
    /// A complete response.
    ///
    /// `echoed`: it has the idempotency key of the request. `replayed`: it comes from the server's idempotency cache.
    Response { status: u16, retry_after: Option<Duration>, echoed: bool, replayed: bool },
}

impl Outcome {
    pub(super) fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Response { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// Whether the server works and has set the time of the next attempt.
    pub(super) fn scheduled_by_server(self) -> bool {
        matches!(self, Self::Response { status: 409 | 429, retry_after: Some(_), .. })
    }

    /// Whether the server may have processed the request.
    pub(crate) fn fate_unknown(self) -> bool {
        match self {
            Self::NotConnected => false,
            Self::NoResponse | Self::Permanent => true,
            Self::Response { status, .. } => fate_unknown(status),
        }
    }
}

/// Whether the server may have queued the event, given a response with this HTTP status and nothing else.
pub(crate) fn fate_unknown(status: u16) -> bool {
    !matches!(status, 300..=407 | 410..=499)
}

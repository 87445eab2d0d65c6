//! The errors of requests that end without a response to decode.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::rate_policy::TooLate;
use crate::request::{Endpoint, Request};
use crate::retry::{End, fate_unknown};
use crate::timing::{AttemptTimeout, Timing};
use crate::transport::{AttemptFailure, Response, TransportError};

/// No tokio runtime is running, so nothing can be sent.
pub(super) fn no_runtime() -> Error {
    Error::invalid("no tokio runtime is running; await the request inside one, for example under `#[tokio::main]`")
}

/// The request costs more than the burst of the rate policy, so the server refuses it now and later.
pub(super) fn exceeds_burst(request: &Request, burst: u32) -> Error {
    let what = if request.endpoint() == Endpoint::Broadcast { "a broadcast" } else { "a bulk" };
    let detail = format!(
        "{what} costs 100 tokens of the rate limit, but the plan never has more than {burst}; upgrade the plan"
    );
    Error::new(ErrorKind::RateLimited, Fate::NotQueued, detail)
}

/// The rate limit is used up, and the next attempt may start only after the deadline.
pub(super) fn rate_limit_used_up(TooLate(wait): TooLate) -> Error {
    // Zero: the wait is over, and it took until the deadline.
    let retry_after = Some(wait).filter(|wait| !wait.is_zero());
    Error::new(ErrorKind::RateLimited, Fate::NotQueued, "the plan's rate limit is used up")
        .with_retry_after(retry_after)
}

/// The last attempt of a request that may end without a response to decode.
pub(super) struct NoResponse<'a> {
    pub(super) request: &'a Request,
    pub(super) timing: &'a Timing,
    /// The timeout of the last attempt.
    pub(super) timeout: AttemptTimeout,
}

impl NoResponse<'_> {
    /// The last response, or the error of a request without one to decode.
    pub(super) fn last_response(&self, result: Result<Response, TransportError>, end: End) -> Result<Response> {
        match (result, end) {
            (Ok(response), End::Burst(burst)) => {
                Err(exceeds_burst(self.request, burst).with_http_status(response.status()))
            }
            (Ok(response), _) => Ok(response),
            (Err(error), _) => Err(self.error(error)),
        }
    }

    /// The error of the last attempt alone.
    fn error(&self, error: TransportError) -> Error {
        let (kind, fate) = match error.failure() {
            AttemptFailure::Connect => (ErrorKind::Connect, Fate::NotQueued),
            AttemptFailure::Interrupted => (ErrorKind::Interrupted, Fate::Unknown),
            AttemptFailure::Unsendable => (ErrorKind::Invalid, Fate::NotQueued),
            AttemptFailure::TimedOut(elapsed) => {
                return Error::new(ErrorKind::Timeout, Fate::Unknown, self.timed_out(elapsed));
            }
            AttemptFailure::Unreadable(status) => {
                let fate = if fate_unknown(status) { Fate::Unknown } else { Fate::NotQueued };
                let detail = error.to_string();
                return Error::new(ErrorKind::Decode, fate, detail)
                    .with_http_status(status)
                    .with_source(error.into_source());
            }
        };
        Error::new(kind, fate, error.to_string()).with_source(error.into_source())
    }

    /// Names the setting that ended the attempt, because that is the one to raise.
    fn timed_out(&self, elapsed: Duration) -> String {
        let bytes = self.request.body().len();
        let (elapsed, deadline) = (seconds(elapsed), seconds(self.timing.deadline));
        if self.timeout.by_deadline {
            format!(
                "no response within {elapsed} s, when the `deadline` of {deadline} s was reached ({bytes} bytes to send)"
            )
        } else {
            format!("no response within {elapsed} s, the `timeout` for a request of {bytes} bytes")
        }
    }
}

/// Seconds, rounded down to milliseconds.
fn seconds(duration: Duration) -> f64 {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{TooLate, rate_limit_used_up};

    #[test]
    fn an_error_after_a_wait_that_is_over_names_no_wait() {
        let error = |wait| rate_limit_used_up(TooLate(wait));
        assert_eq!(error(Duration::ZERO).retry_after(), None);
        assert!(!error(Duration::ZERO).to_string().contains("retry after"));
        assert_eq!(error(Duration::from_millis(1)).retry_after(), Some(Duration::from_millis(1)));
    }
}

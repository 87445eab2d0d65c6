//! One log event per attempt. It contains nothing private.

use std::time::Duration;

use crate::rate_policy::TooLate;
use crate::request::Request;
use crate::retry::{Decision, End};
use crate::transport::{Response, TransportError};

/// Logs an attempt and the decision after it.
pub(super) fn attempt(request: &Request, attempt: u32, result: &Result<Response, TransportError>, decision: Decision) {
    let endpoint = request.endpoint().name();
    let trigger = request.triggers().next().map(tracing::field::display);
    let transaction_id = request.transaction_ids().next().map(tracing::field::display);
    let events = request.events().len();
    let status = result.as_ref().ok().map(Response::status);
    let failure = result.as_ref().err().map(tracing::field::display);
    // The level must be a constant, so each level needs the list of fields.
    macro_rules! log {
        ($level:ident, $message:literal $(, $field:ident = $value:expr)*) => {
            tracing::$level!(
                endpoint, trigger, transaction_id, events, attempt, status, failure $(, $field = $value)*, $message
            )
        };
    }
    match decision {
        Decision::Retry { wait, .. } => log!(warn, "retry", wait_ms = tracing::field::display(wait.as_millis())),
        Decision::End(end) if end.is_limit() => log!(warn, "no further attempt", end = end.name()),
        Decision::End(end) => log!(debug, "attempt", end = end.name()),
    }
}

/// Logs that a request has waited for the rate limit.
pub(super) fn rate_limit_wait(request: &Request, wait: Duration) {
    let (endpoint, events) = (request.endpoint().name(), request.events().len());
    tracing::debug!(endpoint, events, wait_ms = tracing::field::display(wait.as_millis()), "waited for the rate limit");
}

/// Logs that a request was not sent at all, because the rate limit allows it only after the deadline.
pub(super) fn not_sent(request: &Request, TooLate(wait): TooLate) {
    let (endpoint, events, end) = (request.endpoint().name(), request.events().len(), End::RateLimit.name());
    tracing::warn!(endpoint, events, wait_ms = tracing::field::display(wait.as_millis()), end, "not sent");
}

//! One log event per attempt. It contains nothing private.

use crate::request::Request;
use crate::retry::Decision;
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

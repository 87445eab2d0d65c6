//! One log event for each attempt: what an operator asks for, and nothing that is private.

use crate::request::Request;
use crate::retry::{End, Next};
use crate::transport::{Response, TransportError};

/// Logs an attempt and what comes after it.
pub(super) fn attempt(request: &Request, attempt: u32, result: &Result<Response, TransportError>, next: Next) {
    let endpoint = request.endpoint().name();
    let trigger = request.triggers().next().map(tracing::field::display);
    let transaction_id = request.transaction_ids().next().map(tracing::field::display);
    let events = request.events().len();
    let status = result.as_ref().ok().map(Response::status);
    let failure = result.as_ref().err().map(tracing::field::display);
    // One list of fields for each level, which must be a constant.
    macro_rules! log {
        ($level:ident, $message:literal $(, $field:ident = $value:expr)*) => {
            tracing::$level!(
                endpoint, trigger, transaction_id, events, attempt, status, failure $(, $field = $value)*, $message
            )
        };
    }
    match next {
        Next::Retry { wait, .. } => log!(warn, "retry", wait_ms = tracing::field::display(wait.as_millis())),
        Next::End(End::Final) => log!(debug, "attempt", end = "final"),
        // It might have succeeded later, so it says which limit was in the way.
        Next::End(end) => log!(warn, "no further attempt", end = end.name()),
    }
}

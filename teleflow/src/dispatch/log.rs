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
    match next {
        Next::Retry { wait, .. } => {
            let wait = wait.as_millis();
            tracing::warn!(endpoint, trigger, transaction_id, events, attempt, status, failure, wait_ms = %wait, "retry");
        }
        Next::End(End::Final) => {
            tracing::debug!(
                endpoint,
                trigger,
                transaction_id,
                events,
                attempt,
                status,
                failure,
                end = "final",
                "attempt"
            );
        }
        // It might have succeeded later, so it says which limit was in the way.
        Next::End(end) => {
            let end = end.name();
            tracing::warn!(
                endpoint,
                trigger,
                transaction_id,
                events,
                attempt,
                status,
                failure,
                end,
                "no further attempt"
            );
        }
    }
}

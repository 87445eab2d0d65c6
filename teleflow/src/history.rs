//! Completes a result with the attempts before the last one. Fate and attempts of a result are decided only here.

use crate::error::{Error, ErrorContext, ErrorKind, Result};
use crate::receipt::{Cancellation, Receipt};
use crate::request::{Endpoint, EventId};
use crate::retry::End;

/// The attempts of a request, and of an earlier request for the same events.
///
/// A response describes its own attempt only. [`complete`](Self::complete) adds what the earlier attempts mean for an
/// event.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct History {
    attempts: u32,
    /// The server may have processed an attempt before the last one.
    fate_unknown: bool,
    /// The last response may belong to another request.
    response_mismatched: bool,
    /// The last response came from the server's idempotency cache.
    replayed: bool,
    /// The last response has the idempotency key, so the server keeps it under that key.
    key_echoed: bool,
    /// The key of the request was replaced, because the server keeps a failure under it.
    key_replaced: bool,
    end: Option<End>,
}

impl History {
    /// The history at the start of a request that follows this one for the same events.
    pub(crate) fn continued(self) -> Self {
        Self { replayed: false, response_mismatched: false, key_echoed: false, key_replaced: false, end: None, ..self }
    }

    /// Records that the request was sent.
    pub(crate) fn sent(&mut self) {
        self.attempts += 1;
    }

    /// Records a retry. `fate_unknown`: the server may have processed the attempt before it.
    pub(crate) fn retried(&mut self, fate_unknown: bool) {
        self.fate_unknown |= fate_unknown;
    }

    /// Records that a retry has another idempotency key than the request.
    pub(crate) fn key_replaced(&mut self) {
        self.key_replaced = true;
    }

    /// Records the end. `replayed`: the last response came from the server's idempotency cache. `key_echoed`: it has the
    /// idempotency key.
    pub(crate) fn ended(&mut self, end: End, replayed: bool, key_echoed: bool) {
        (self.end, self.replayed, self.key_echoed) = (Some(end), replayed, key_echoed);
    }

    /// Marks the last response as one that may belong to another request. It then counts only if it names the event.
    pub(crate) fn mismatched(self) -> Self {
        Self { response_mismatched: true, ..self }
    }

    /// Why there was no further attempt.
    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// Completes the result of one event, which so far is based on the last attempt alone.
    pub(crate) fn complete(&self, result: Result<Receipt>, endpoint: Endpoint, event: &EventId) -> Result<Receipt> {
        match result {
            Ok(receipt) => {
                let cancellation = receipt.cancellation().map(|cancellation| self.cancellation(cancellation));
                Ok(receipt.with_attempts(self.attempts, self.replayed, cancellation))
            }
            Err(error) => {
                let has_response = error.http_status().is_some();
                let is_kept =
                    matches!(error.kind(), ErrorKind::Dropped | ErrorKind::WorkflowNotFound | ErrorKind::Server);
                Err(error.with_context(ErrorContext {
                    attempts: self.attempts,
                    fate_unknown: self.fate_unknown || (self.response_mismatched && has_response),
                    key_used_up: self.key_replaced || (self.key_echoed && is_kept),
                    exceeds_burst: matches!(self.end, Some(End::Burst(_))),
                    retries_ended: self.end.and_then(End::reason),
                    ..event.context(endpoint)
                }))
            }
        }
    }

    /// The result of an event that was not sent, because an earlier request was refused with `error`.
    ///
    /// The attempts of a bulk that was given up count.
    pub(crate) fn not_sent(&self, error: &Error, endpoint: Endpoint, event: &EventId) -> Result<Receipt> {
        self.continued().complete(Err(error.clone().not_sent(self.attempts > 0)), endpoint, event)
    }

    /// An earlier attempt may have cancelled the event, and the response to a cancellation does not name its event.
    fn cancellation(&self, cancellation: Cancellation) -> Cancellation {
        match cancellation {
            _ if self.response_mismatched => Cancellation::Unknown,
            Cancellation::NothingPending if self.fate_unknown => Cancellation::Unknown,
            unchanged => unchanged,
        }
    }
}

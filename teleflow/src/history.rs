//! What happened to a request before its result: the one place where fate and attempts of a result are decided.

use crate::error::{Error, Fate, Result};
use crate::receipt::{Cancellation, Receipt};
use crate::retry::End;

/// The attempts at a request, and at an earlier one for the same events.
///
/// A response tells only of its own attempt. What the attempts before it say of an event is added here, for every kind
/// of request and of result: see [`complete`](Self::complete).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct History {
    attempts: u32,
    /// An attempt before the last one may have been carried out by the server.
    fate_unknown: bool,
    /// The last response may belong to another request.
    response_mismatched: bool,
    replayed: bool,
    end: Option<End>,
}

impl History {
    /// The history of a request that follows this one for the same events.
    pub(crate) fn continued(self) -> Self {
        Self { replayed: false, response_mismatched: false, end: None, ..self }
    }

    /// The request was sent.
    pub(crate) fn sent(&mut self) {
        self.attempts += 1;
    }

    /// It is sent again. `open`: the attempt so far may have been carried out by the server.
    pub(crate) fn retried(&mut self, open: bool) {
        self.fate_unknown |= open;
    }

    /// It is not sent again. `replayed`: the last response came from the server's idempotency cache.
    pub(crate) fn ended(&mut self, end: End, replayed: bool) {
        (self.end, self.replayed) = (Some(end), replayed);
    }

    /// The last response may belong to another request: what it says counts only where it names the event.
    pub(crate) fn mismatched(self) -> Self {
        Self { response_mismatched: true, ..self }
    }

    /// Why there was no further attempt.
    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// The result of one event, given what the last attempt alone says of it.
    pub(crate) fn complete<T: Recorded>(&self, result: Result<T>) -> Result<T> {
        match result {
            Ok(value) => Ok(value.recorded(self)),
            Err(error) => {
                let note = self.end.and_then(End::note);
                let error = error.tried(self.attempts).with_note(note);
                let unknown = self.fate_unknown || (self.response_mismatched && error.http_status().is_some());
                Err(if unknown { error.fated(Fate::Unknown) } else { error })
            }
        }
    }

    /// The result of an event that was not sent any more, since an earlier request was refused with `error`.
    ///
    /// Attempts of before, in a bulk that was given up, count.
    pub(crate) fn not_sent<T: Recorded>(&self, error: &Error) -> Result<T> {
        self.continued().complete(Err(error.clone().not_sent(self.attempts > 0)))
    }
}

/// A result that shows the attempts that it took.
pub(crate) trait Recorded {
    fn recorded(self, history: &History) -> Self;
}

impl Recorded for Receipt {
    fn recorded(self, history: &History) -> Self {
        let cancellation = self.cancellation().map(|cancellation| cancellation.recorded(history));
        self.seen(history.attempts, history.replayed, cancellation)
    }
}

impl Recorded for Cancellation {
    /// An attempt that may have been carried out may have been the one that cancelled. The response names no event.
    fn recorded(self, history: &History) -> Self {
        match self {
            _ if history.response_mismatched => Self::Unknown,
            Self::NothingPending if history.fate_unknown => Self::Unknown,
            known => known,
        }
    }
}

//! One request, from the first attempt to the answer.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::request::{Label, Request};
use crate::transport::{Failure, Response, Transport};

/// An answer, and what was seen on the way to it.
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) attempts: u32,
    /// Some earlier attempt may have been carried out by the server.
    pub(crate) doubt: bool,
}

impl Answer {
    /// Adds to a result what only the way to it can tell.
    pub(crate) fn seen<T>(&self, result: Result<T>, add: impl FnOnce(T, u32) -> T) -> Result<T> {
        match result {
            Ok(value) => Ok(add(value, self.attempts)),
            Err(error) => {
                let error = error.tried(self.attempts);
                Err(if self.doubt { error.fated(Fate::Unknown) } else { error })
            }
        }
    }

    /// Whether the answer came from the server's idempotency cache.
    pub(crate) fn replayed(&self) -> bool {
        self.response.header("idempotency-replay").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// Sends `request` within the time limit of an attempt.
///
/// # Errors
///
/// If no whole answer came. The error names neither trigger nor id: it is the same for every event.
pub(crate) async fn dispatch(transport: &dyn Transport, timeout: Duration, request: &Request) -> Result<Answer> {
    let attempt = tokio::time::timeout(timeout, transport.attempt(request)).await;
    let endpoint = request.endpoint().name();
    let trigger = request.triggers().next().map(tracing::field::display);
    let transaction_id = request.transaction_ids().next().map(tracing::field::display);
    let events = request.events().len();
    match attempt {
        Ok(Ok(response)) => {
            tracing::debug!(endpoint, trigger, transaction_id, events, status = response.status(), "answered");
            Ok(Answer { response, attempts: 1, doubt: false })
        }
        Ok(Err(error)) => {
            tracing::debug!(endpoint, trigger, transaction_id, events, %error, "no answer");
            let (kind, fate) = match error.failure() {
                Failure::Connect => (ErrorKind::Connect, Fate::NotQueued),
                Failure::Interrupted => (ErrorKind::Interrupted, Fate::Unknown),
                Failure::Unreadable => (ErrorKind::Decode, Fate::Unknown),
                Failure::Unsendable => (ErrorKind::Invalid, Fate::NotQueued),
            };
            Err(Error::new(kind, fate, error.to_string()).at(endpoint).tried(1).because(error.into_source()))
        }
        Err(_) => {
            tracing::debug!(endpoint, trigger, transaction_id, events, "no answer in time");
            let detail = format!("no answer within {} s", timeout.as_secs_f64());
            Err(Error::new(ErrorKind::Timeout, Fate::Unknown, detail).at(endpoint).tried(1))
        }
    }
}

/// `error`, once for each of the events it is about.
pub(crate) fn for_each<T>(error: &Error, labels: &[Label]) -> Vec<Result<T>> {
    labels.iter().map(|label| Err(label.mark(error.clone()))).collect()
}

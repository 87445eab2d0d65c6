//! The requests that clients have sent, with their results. The test kit reads it.

// A module imports only from those below it.
mod events;
mod attempt;
mod sensitive;

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;

pub(crate) use attempt::{Attempt, EventResult};
pub(crate) use events::{EventKey, LoggedEvent};
pub(crate) use sensitive::{REDACTED, SensitivePaths, at as sensitive_value, redacted};

/// The number of an attempt. A transport in memory adds it to a request, so that the attempt is not logged twice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttemptNumber(usize);

/// All attempts, oldest first, and which of their events a test has asserted.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    attempts: Vec<Attempt>,
    /// The number of attempts that were dropped. Those that are in progress keep their numbers.
    dropped: usize,
    pub(crate) asserted: BTreeSet<EventKey>,
}

impl RequestLog {
    /// Adds an attempt without a response. `at` is the time since 1970.
    pub(crate) fn begin(&mut self, request: &Request<Bytes>, at: Duration) -> AttemptNumber {
        self.attempts.push(Attempt::new(request, at));
        AttemptNumber(self.dropped + self.attempts.len() - 1)
    }

    fn attempt_mut(&mut self, number: AttemptNumber) -> Option<&mut Attempt> {
        self.attempts.get_mut(number.0.checked_sub(self.dropped)?)
    }

    /// Drops all attempts.
    pub(crate) fn clear(&mut self) {
        self.dropped += self.attempts.len();
        self.attempts = Vec::new();
        self.asserted.clear();
    }

    /// Adds the server's response to an attempt.
    pub(crate) fn finish(&mut self, number: AttemptNumber, status: StatusCode, body: &Value) {
        if let Some(attempt) = self.attempt_mut(number) {
            attempt.finish(status, body);
        }
    }

    /// Notes that the server drops a broadcast, which its response does not say.
    pub(crate) fn broadcast_dropped(&mut self, number: AttemptNumber, status: &str) {
        if let Some(attempt) = self.attempt_mut(number) {
            attempt.dropped = Some(status.to_owned());
        }
    }

    pub(crate) fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The events of all attempts, in the order of their first attempts.
    pub(crate) fn events(&self) -> Vec<LoggedEvent> {
        events::collect(&self.attempts)
    }
}

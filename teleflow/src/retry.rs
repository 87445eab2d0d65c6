//! Whether a request is sent again, when, and under which key: a pure function of what is known.
//!
//! No clock, no sleep, no random number: all of that is handed in, so that each rule is a line of a table.

use std::time::Duration;

use crate::request::Endpoint;

#[cfg(test)]
mod tests;

/// How often, and after what waits, a request is sent again.
///
/// What may be sent again at all is not a matter of settings but of the server's rules: requests that
/// never left, that went unanswered, or that were answered 408, 409 with `Retry-After`, 429, or 5xx
/// other than 501 and 505. All of it ends with the [`deadline`](crate::ClientBuilder::deadline) of the
/// request. A 409 or 429 with `Retry-After` is waited for as long as the server asks, and counts as no
/// attempt; where that reaches past the deadline, the request fails at once.
///
/// Before attempt *n* + 1 it waits a random time between zero and `first` · 2ⁿ⁻¹, at most `longest`
/// ("full jitter"), or as long as a `Retry-After` asks, if that is longer.
///
/// All requests of a client share a budget of repeats, refilled by successes, so that a server in
/// trouble is not sent many times the load it could not carry.
///
/// ```
/// use std::time::Duration;
/// use teleflow::{Client, RetryPolicy};
///
/// let patient = RetryPolicy::default().max_attempts(8).backoff(Duration::from_millis(100), Duration::from_secs(20));
/// let client = Client::builder().api_key("my-api-key").retry(patient).deadline(Duration::from_secs(60)).build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first: Duration,
    longest: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts; waits of up to 200 ms, 400 ms, 800 ms and 1.6 s.
    fn default() -> Self {
        Self { max_attempts: 5, first: Duration::from_millis(200), longest: Duration::from_secs(10) }
    }
}

impl RetryPolicy {
    /// One attempt, whatever comes of it.
    #[must_use]
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// The most attempts, the first included; 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The longest wait before the second attempt, which doubles from there on, and the longest of all.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// What comes after this attempt.
    pub(crate) fn next(&self, attempt: &Attempt) -> Next {
        let Some(key) = attempt.repeatable() else { return Next::End(End::Final) };
        // One attempt means one attempt, even where the server says when to come back.
        let counts = !attempt.outcome.is_appointment();
        if self.max_attempts == 1 || (counts && attempt.counted >= self.max_attempts) {
            return Next::End(End::Attempts);
        }
        if counts && !attempt.in_budget {
            return Next::End(End::Budget);
        }
        let asked = attempt.outcome.retry_after().unwrap_or_default();
        // Asked for a time, it comes then; left to itself, ever later.
        let doublings = if asked.is_zero() { attempt.number.saturating_sub(1).min(30) } else { 0 };
        let bound = self.first.saturating_mul(1 << doublings).min(self.longest);
        let wait = asked.max(bound.mul_f64(attempt.jitter.clamp(0.0, 1.0)));
        if attempt.elapsed.saturating_add(wait) >= attempt.deadline {
            return Next::End(if asked.is_zero() { End::Deadline } else { End::Appointment });
        }
        Next::Repeat { wait, key, counts }
    }
}

/// What is known after an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    pub(crate) outcome: Outcome,
    /// Of all attempts, 1 for the first.
    pub(crate) number: u32,
    /// Of the attempts that count against the most allowed.
    pub(crate) counted: u32,
    /// Since the request began.
    pub(crate) elapsed: Duration,
    /// For the whole request.
    pub(crate) deadline: Duration,
    /// Between 0 and 1, evenly.
    pub(crate) jitter: f64,
    /// The server has echoed an idempotency key before, so that it acts on keys.
    pub(crate) keys_work: bool,
    /// The client's budget has room for a repeat.
    pub(crate) in_budget: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing left.
    NotConnected,
    /// It may have been carried out: no answer, or not the whole of it.
    Unanswered,
    /// An answer that cannot be read, or a request that cannot be sent: no repeat would change that.
    Hopeless,
    /// A whole answer.
    Answered { status: u16, retry_after: Option<Duration>, echoed: bool, replayed: bool },
}

impl Outcome {
    fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Answered { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// The server is in order and says when to come back.
    fn is_appointment(self) -> bool {
        matches!(self, Self::Answered { status: 409 | 429, retry_after: Some(_), .. })
    }

    /// Whether the server may have carried the request out.
    pub(crate) fn leaves_open(self) -> bool {
        match self {
            Self::NotConnected => false,
            Self::Unanswered | Self::Hopeless => true,
            Self::Answered { status, .. } => leaves_open(status),
        }
    }
}

/// Whether an answer with this HTTP status leaves open what the server did.
pub(crate) fn leaves_open(status: u16) -> bool {
    !matches!(status, 300..=407 | 410..=499)
}

impl Attempt {
    /// Under which key the request may be sent again, if it may.
    fn repeatable(&self) -> Option<Key> {
        // Without a key that the server acts on, a second broadcast may reach everybody twice.
        let safe = self.endpoint != Endpoint::Broadcast || self.keys_work;
        match self.outcome {
            Outcome::NotConnected => Some(Key::Same),
            Outcome::Unanswered => safe.then_some(Key::Same),
            Outcome::Hopeless => None,
            // The server keeps its answers for a day. A refusal stays one …
            Outcome::Answered { status, replayed: true, .. } if status < 500 => None,
            // … and so would a failure, under the same key.
            Outcome::Answered { status: 500 | 502..=504 | 506..=599, echoed: true, .. } => Some(Key::New),
            Outcome::Answered { status: 408 | 500 | 502..=504 | 506..=599, .. } => safe.then_some(Key::Same),
            // The limiter stands before everything else: nothing was done, and the key is unused.
            Outcome::Answered { status: 429, .. } => Some(Key::Same),
            // With a time to come back, this very key is still at work.
            Outcome::Answered { status: 409, retry_after: Some(_), .. } => Some(Key::Same),
            Outcome::Answered { .. } => None,
        }
    }
}

/// The idempotency key of the next attempt. The transaction ids stay the same in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Same,
    New,
}

/// What comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is sent again after this wait. `counts`: against the most attempts, and against the budget.
    Repeat {
        wait: Duration,
        key: Key,
        counts: bool,
    },
    End(End),
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A repeat would do no good, or harm.
    Final,
    /// All attempts are used up.
    Attempts,
    /// The client's budget of repeats is used up.
    Budget,
    /// The wait would reach past the deadline.
    Deadline,
    /// So would the wait that the server asked for.
    Appointment,
}

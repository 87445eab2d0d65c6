//! Decides whether a request is retried, when, and with which key: [`RetryPolicy::decide`].
//!
//! The decision is a pure function: clock and random number are arguments, so each rule is a line of a test table.

use std::time::Duration;

use crate::request::Endpoint;

#[cfg(test)]
mod tests;
mod end;
mod outcome;

pub(crate) use end::End;
pub(crate) use outcome::{Outcome, fate_unknown};

/// The maximum number of attempts if the caller sets none.
const DEFAULT_MAX_ATTEMPTS: u32 = 5;
/// The minimum wait before a retry that does not count as an attempt.
const MIN_FREE_WAIT: Duration = Duration::from_millis(100);
/// The maximum backoff after an attempt that did not connect and does not count. It costs the server nothing.
const MAX_CONNECT_BACKOFF: Duration = Duration::from_secs(2);
/// The maximum jitter that `Retry-After` adds.
const MAX_RETRY_AFTER_JITTER: Duration = Duration::from_secs(1);
/// How late a wait may end.
const SLEEP_TOLERANCE: Duration = Duration::from_millis(20);

/// How often a request is retried, and after which waits.
///
/// Which requests may be retried is not a setting, because it follows from the server's rules: a request that was not sent,
/// that had no response, or whose response was 408, 409 with `Retry-After`, 429, or 5xx other than 501 and 505. No attempt
/// starts after the [`deadline`](crate::ClientBuilder::deadline) of the request, or with too little time left before
/// it. [`Error`](crate::Error) and the log say why there was no further attempt.
///
/// | the attempt ended with | counts against [`max_attempts`](Self::max_attempts) | counts against the budget |
/// | --- | --- | --- |
/// | no connection | only if you set `max_attempts` | no |
/// | no response, 408, 429, 5xx | yes | yes |
/// | 409 or 429 with `Retry-After` | no, but [`none`](Self::none) still means one attempt | no |
///
/// The wait before attempt *n* + 1 is a random time between zero and `first` · 2ⁿ⁻¹, at most `longest` ("full jitter").
/// If the server sends `Retry-After`, the wait is at least that long, and up to a second longer at random, so that many
/// tasks do not return at the same time. If `Retry-After` exceeds the deadline, the request fails immediately. A retry that
/// does not count as an attempt waits at least 100 ms, whatever the backoff. An attempt that did not connect is retried
/// after at most 2 s.
///
/// The clones of a client share what the server reports about its rate limit (`RateLimit-*` headers), for five minutes. If
/// the limit is used up, each request waits before its next attempt, the first one too, until the server has said that it
/// accepts one of the same cost; then one request starts after another. The wait ends at the deadline:
/// a request that would start after it fails at once with [`ErrorKind::RateLimited`](crate::ErrorKind::RateLimited). Without
/// these headers nothing waits.
///
/// All requests of a client share a budget of retries, which successes refill. It keeps the client from multiplying the
/// load of a server that fails.
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
    /// `None` unless the caller sets it.
    max_attempts: Option<u32>,
    first: Duration,
    longest: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts, and any number of attempts that do not connect, until the deadline. The waits are up to 200 ms,
    /// 400 ms, 800 ms, 1.6 s and so on up to 10 s.
    fn default() -> Self {
        Self { max_attempts: None, first: Duration::from_millis(200), longest: Duration::from_secs(10) }
    }
}

impl RetryPolicy {
    /// Sends each request once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first; 0 counts as 1.
    ///
    /// The default is five. By default, attempts that did not connect do not count and are retried until the deadline. If
    /// you set a maximum, they count too.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts.max(1));
        self
    }

    /// Sets the maximum wait before the second attempt, which doubles with each attempt, and the maximum of all waits.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// Decides whether the request is retried after this attempt.
    pub(crate) fn decide(&self, attempt: &Attempt) -> Decision {
        let key = match attempt.retry_key() {
            Ok(key) => key,
            Err(end) => return Decision::End(end),
        };
        let max_attempts = self.max_attempts.unwrap_or(DEFAULT_MAX_ATTEMPTS);
        let cost = self.cost(attempt.outcome);
        // A maximum of one means one attempt, even if the server sends `Retry-After`.
        if max_attempts == 1 || (cost != Cost::Free && attempt.counted >= max_attempts) {
            return Decision::End(End::MaxAttempts(max_attempts));
        }
        if cost == Cost::Full && !attempt.in_budget {
            return Decision::End(End::RetryBudget);
        }
        let retry_after = attempt.outcome.retry_after().unwrap_or_default();
        let (min_wait, max_jitter) = self.wait(attempt, retry_after, cost);
        let wait = min_wait.saturating_add(max_jitter.mul_f64(attempt.jitter.clamp(0.0, 1.0)));
        let time_left = attempt.latest_start.saturating_sub(attempt.elapsed).saturating_sub(SLEEP_TOLERANCE);
        // If there is time for the minimum wait, the jitter does not end the request.
        let wait = if min_wait.is_zero() || min_wait > time_left { wait } else { wait.min(time_left) };
        let exceeds_deadline = wait > time_left || time_left.is_zero();
        let retry_after_exceeds_deadline = exceeds_deadline && !retry_after.is_zero();
        if retry_after_exceeds_deadline {
            return Decision::End(End::RetryAfterTooLate);
        }
        if exceeds_deadline {
            return Decision::End(End::Deadline);
        }
        Decision::Retry { wait, key, cost }
    }

    /// The cost of a retry after this outcome.
    fn cost(&self, outcome: Outcome) -> Cost {
        match outcome {
            // An attempt that did not connect costs the server nothing.
            Outcome::NotConnected if self.max_attempts.is_none() => Cost::Free,
            Outcome::NotConnected => Cost::Attempt,
            outcome if outcome.scheduled_by_server() => Cost::Free,
            _ => Cost::Full,
        }
    }

    /// The minimum wait before a retry, and the maximum jitter on top of it.
    fn wait(&self, attempt: &Attempt, retry_after: Duration, cost: Cost) -> (Duration, Duration) {
        // With a `Retry-After` the wait does not grow.
        let doublings = if retry_after.is_zero() { attempt.number.saturating_sub(1).min(30) } else { 0 };
        let is_connecting = cost == Cost::Free && attempt.outcome == Outcome::NotConnected;
        let longest = if is_connecting { self.longest.min(MAX_CONNECT_BACKOFF) } else { self.longest };
        let backoff = self.first.saturating_mul(1 << doublings).min(longest);
        let min_wait = if cost == Cost::Free { MIN_FREE_WAIT } else { Duration::ZERO };
        (retry_after.max(min_wait), backoff.max((retry_after / 2).min(MAX_RETRY_AFTER_JITTER)).max(min_wait))
    }
}

/// An attempt that has ended: the facts that decide about a retry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    pub(crate) outcome: Outcome,
    /// The number of this attempt, 1 for the first.
    pub(crate) number: u32,
    /// How many attempts so far count against the maximum.
    pub(crate) counted: u32,
    /// The time since the start of the request.
    pub(crate) elapsed: Duration,
    /// The latest time, counted from the start of the request, at which a further attempt may start.
    pub(crate) latest_start: Duration,
    /// A random number, uniform between 0 and 1.
    pub(crate) jitter: f64,
    /// The server has shown that it acts on idempotency keys.
    pub(crate) keys_work: bool,
    /// The client's retry budget allows a retry.
    pub(crate) in_budget: bool,
}

impl Attempt {
    /// The key with which the request may be retried, or why it must not be.
    fn retry_key(&self) -> Result<Key, End> {
        // If the server does not act on keys, a retried broadcast may reach every subscriber twice.
        let is_safe = self.endpoint != Endpoint::Broadcast || self.keys_work;
        let same_key_if_safe = if is_safe { Ok(Key::Same) } else { Err(End::UnsafeToRetry) };
        match self.outcome {
            Outcome::NotConnected => Ok(Key::Same),
            Outcome::NoResponse => same_key_if_safe,
            Outcome::Permanent => Err(End::Permanent),
            Outcome::Response { status: 200..300, .. } => Err(End::Final),
            // The server caches its responses for a day. A refusal does not change …
            Outcome::Response { status, replayed: true, .. } if status < 500 => Err(End::Permanent),
            // … and with the same key a failure does not either. Each of the two headers shows that it is cached.
            Outcome::Response { status: 500 | 502..=504 | 506..=599, echoed, replayed, .. } if echoed || replayed => {
                Ok(Key::New)
            }
            Outcome::Response { status: 408 | 500 | 502..=504 | 506..=599, .. } => same_key_if_safe,
            // The server checks its rate limit first: it did nothing, and the key is unused.
            Outcome::Response { status: 429, .. } => Ok(Key::Same),
            // With a `Retry-After`, the server is still processing a request with this key.
            Outcome::Response { status: 409, retry_after: Some(_), .. } => Ok(Key::Same),
            Outcome::Response { .. } => Err(End::Permanent),
        }
    }
}

/// The idempotency key of the next attempt. The transaction ids never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Same,
    New,
}

/// The cost of a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Only time.
    Free,
    /// One attempt.
    Attempt,
    /// One attempt, and tokens of the client's retry budget.
    Full,
}

/// The decision after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The request is sent again after this wait.
    Retry {
        wait: Duration,
        key: Key,
        cost: Cost,
    },
    End(End),
}

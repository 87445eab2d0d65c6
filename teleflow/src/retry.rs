//! Whether a request is sent again, when, and under which key: a pure function of what is known.
//!
//! No clock, no sleep, no random number: all of that is handed in, so that each rule is a line of a table.

use std::time::Duration;

use crate::request::Endpoint;

#[cfg(test)]
mod tests;

/// How many attempts count, if the caller sets no number.
const ATTEMPTS: u32 = 5;
/// The least wait before a retry that uses up no attempt.
const FLOOR: Duration = Duration::from_millis(100);
/// The longest backoff between attempts to connect that use up no attempt: they cost the server nothing.
const LONGEST_TO_CONNECT: Duration = Duration::from_secs(2);
/// The most that a `Retry-After` adds to the jitter.
const SPREAD: Duration = Duration::from_secs(1);
/// How much later than asked for a wait may end.
const SLACK: Duration = Duration::from_millis(20);

/// How often, and after what waits, a request is sent again.
///
/// What may be sent again at all is not a setting: it follows from the server's rules. Requests are retried that
/// never left, that got no response, or whose response is 408, 409 with `Retry-After`, 429, or 5xx other than 501
/// and 505. Everything ends with the [`deadline`](crate::ClientBuilder::deadline) of the request: no attempt begins
/// after it, or with too little time left before it. [`Error`](crate::Error) and the log event say which limit was
/// the last one.
///
/// | the attempt ended with | counts against [`max_attempts`](Self::max_attempts) | counts against the budget |
/// | --- | --- | --- |
/// | no connection | only if you set `max_attempts` | no |
/// | no response, 408, 429, 5xx | yes | yes |
/// | 409 or 429 with `Retry-After` | no, but [`none`](Self::none) still means one attempt | no |
///
/// Before attempt *n* + 1 it waits a random time between zero and `first` · 2ⁿ⁻¹, at most `longest`
/// ("full jitter"). If the server sends `Retry-After`, it waits at least that long, and a random time of up to
/// a second more, so that many tasks do not return at once; if that reaches past the deadline, the request fails at
/// once. A retry that uses up no attempt waits at least 100 ms, whatever the backoff; an attempt to connect is retried
/// after at most 2 s.
///
/// All requests of a client share a budget of retries, refilled by successes. It keeps the client from multiplying
/// the load of a server that fails.
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
    /// None unless the caller sets it.
    max_attempts: Option<u32>,
    first: Duration,
    longest: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts, and any number of attempts to connect until the deadline; waits of up to 200 ms, 400 ms, 800 ms,
    /// 1.6 s and so on up to 10 s.
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

    /// The most attempts, the first included; 0 counts as 1.
    ///
    /// By default there are five, and attempts that never reached the server are not counted: they are retried until
    /// the deadline. If you set a number, they are counted too.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts.max(1));
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
        let Some(key) = attempt.retryable() else { return Next::End(End::Final) };
        let most = self.max_attempts.unwrap_or(ATTEMPTS);
        let cost = self.cost(attempt.outcome);
        // One attempt means one attempt, even where the server says when to come back.
        if most == 1 || (cost != Cost::Free && attempt.counted >= most) {
            return Next::End(End::MaxAttempts(most));
        }
        if cost == Cost::Full && !attempt.in_budget {
            return Next::End(End::RetryBudget);
        }
        let asked = attempt.outcome.retry_after().unwrap_or_default();
        let (least, spread) = self.wait(attempt, asked, cost);
        let wait = least.saturating_add(spread.mul_f64(attempt.jitter.clamp(0.0, 1.0)));
        let room = attempt.latest_start.saturating_sub(attempt.elapsed).saturating_sub(SLACK);
        // If there is time for the least wait, the part that is left to chance does not end the request.
        let wait = if least.is_zero() || least > room { wait } else { wait.min(room) };
        if wait > room || room.is_zero() {
            return Next::End(if asked.is_zero() { End::Deadline } else { End::RetryAfterTooLate });
        }
        Next::Retry { wait, key, cost }
    }

    /// What a retry after this outcome uses up.
    fn cost(&self, outcome: Outcome) -> Cost {
        match outcome {
            // It costs the server nothing.
            Outcome::NotConnected if self.max_attempts.is_none() => Cost::Free,
            Outcome::NotConnected => Cost::Attempt,
            outcome if outcome.scheduled_by_server() => Cost::Free,
            _ => Cost::Full,
        }
    }

    /// The least wait before a retry, and the most that chance adds to it.
    fn wait(&self, attempt: &Attempt, asked: Duration, cost: Cost) -> (Duration, Duration) {
        // If the server names a time, the wait does not grow.
        let doublings = if asked.is_zero() { attempt.number.saturating_sub(1).min(30) } else { 0 };
        let is_connecting = cost == Cost::Free && attempt.outcome == Outcome::NotConnected;
        let longest = if is_connecting { self.longest.min(LONGEST_TO_CONNECT) } else { self.longest };
        let backoff = self.first.saturating_mul(1 << doublings).min(longest);
        let floor = if cost == Cost::Free { FLOOR } else { Duration::ZERO };
        (asked.max(floor), backoff.max((asked / 2).min(SPREAD)).max(floor))
    }
}

/// What is known after an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    pub(crate) outcome: Outcome,
    /// The number among all attempts, 1 for the first.
    pub(crate) number: u32,
    /// The number of attempts that count against the most allowed.
    pub(crate) counted: u32,
    /// Since the request began.
    pub(crate) elapsed: Duration,
    /// The latest time, since the request began, at which a further attempt may begin.
    pub(crate) latest_start: Duration,
    /// Between 0 and 1, evenly.
    pub(crate) jitter: f64,
    /// The server has shown before that it acts on idempotency keys.
    pub(crate) keys_work: bool,
    /// The client's budget has room for a retry.
    pub(crate) in_budget: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing left.
    NotConnected,
    /// It may have been carried out: no response, or not the whole of it.
    NoResponse,
    /// A response that cannot be read, or a request that cannot be sent: a retry would not change that.
    Permanent,
    /// A whole response.
    Response { status: u16, retry_after: Option<Duration>, echoed: bool, replayed: bool },
}

impl Outcome {
    fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Response { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// The server is in order and says when to come back.
    fn scheduled_by_server(self) -> bool {
        matches!(self, Self::Response { status: 409 | 429, retry_after: Some(_), .. })
    }

    /// Whether the server may have carried the request out.
    pub(crate) fn leaves_open(self) -> bool {
        match self {
            Self::NotConnected => false,
            Self::NoResponse | Self::Permanent => true,
            Self::Response { status, .. } => leaves_open(status),
        }
    }
}

/// Whether a response with this HTTP status leaves open what the server did.
pub(crate) fn leaves_open(status: u16) -> bool {
    !matches!(status, 300..=407 | 410..=499)
}

impl Attempt {
    /// Under which key the request may be sent again, if it may.
    fn retryable(&self) -> Option<Key> {
        // Without a key that the server acts on, a second broadcast may reach everybody twice.
        let safe = self.endpoint != Endpoint::Broadcast || self.keys_work;
        match self.outcome {
            Outcome::NotConnected => Some(Key::Same),
            Outcome::NoResponse => safe.then_some(Key::Same),
            Outcome::Permanent => None,
            // The server keeps its responses for a day. A refusal stays one …
            Outcome::Response { status, replayed: true, .. } if status < 500 => None,
            // … and so does a failure, under the same key. Either header shows that it is kept.
            Outcome::Response { status: 500 | 502..=504 | 506..=599, echoed, replayed, .. } if echoed || replayed => {
                Some(Key::New)
            }
            Outcome::Response { status: 408 | 500 | 502..=504 | 506..=599, .. } => safe.then_some(Key::Same),
            // The limiter comes before everything else: nothing was done, and the key is unused.
            Outcome::Response { status: 429, .. } => Some(Key::Same),
            // With a time to come back, this very key is still at work.
            Outcome::Response { status: 409, retry_after: Some(_), .. } => Some(Key::Same),
            Outcome::Response { .. } => None,
        }
    }
}

/// The idempotency key of the next attempt. The transaction ids stay the same in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Same,
    New,
}

/// What a retry uses up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Nothing but time.
    Free,
    /// One of the attempts allowed.
    Attempt,
    /// That, and a part of the client's budget.
    Full,
}

/// What comes after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is sent again after this wait.
    Retry {
        wait: Duration,
        key: Key,
        cost: Cost,
    },
    End(End),
}

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// A retry would do no good, or harm.
    Final,
    /// This many attempts were allowed.
    MaxAttempts(u32),
    /// The client's budget of retries is used up.
    RetryBudget,
    /// Too little time is left before the deadline.
    Deadline,
    /// The wait that the server asked for leaves too little time before the deadline.
    RetryAfterTooLate,
    /// The request costs more than the server's bucket ever holds, which is this.
    Burst(u32),
}

impl End {
    /// The name in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::MaxAttempts(_) => "max_attempts",
            Self::RetryBudget => "retry_budget",
            Self::Deadline => "deadline",
            Self::RetryAfterTooLate => "retry_after_too_late",
            Self::Burst(_) => "rate_policy",
        }
    }

    /// The note in an error, if a further attempt might have succeeded.
    pub(crate) fn note(self) -> Option<String> {
        match self {
            Self::Final | Self::Burst(_) => None,
            Self::MaxAttempts(most) => Some(format!("no attempt left, `max_attempts` is {most}")),
            Self::RetryBudget => Some(String::from("the retry budget of the client is used up")),
            Self::Deadline => Some(String::from("too little time left before the `deadline`")),
            // It follows the time that the server asked for.
            Self::RetryAfterTooLate => {
                Some(String::from("which is past the deadline of the request or too close to it"))
            }
        }
    }
}

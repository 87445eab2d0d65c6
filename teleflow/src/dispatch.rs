//! One request, from the first attempt to the answer: attempt, judge, wait, repeat.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::budget::Budget;
use crate::decode;
use crate::error::{Error, ErrorKind, Fate, Result};
use crate::plan::Plan;
use crate::request::{Endpoint, Label, Request};
use crate::retry::{Attempt, End, Key, Next, Outcome, RetryPolicy};
use crate::transport::{Failure, Response, Transport, TransportError};

/// What carries out the requests of a client, and what it has learned from their answers.
pub(crate) struct Dispatcher {
    pub(crate) transport: Box<dyn Transport>,
    /// The time limit of one attempt.
    pub(crate) timeout: Duration,
    /// That of a whole request.
    pub(crate) deadline: Duration,
    pub(crate) policy: RetryPolicy,
    pub(crate) learned: Learned,
}

/// What the answers to a client's requests have told about the server.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    budget: Budget,
    /// It has echoed an idempotency key, so it acts on them.
    keys_work: AtomicBool,
    pub(crate) plan: Plan,
}

/// An answer, and what was seen on the way to it.
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) attempts: u32,
    /// Some earlier attempt may have been carried out by the server.
    pub(crate) doubt: bool,
    /// The last attempt could have been repeated, had the server not asked for a longer wait than there was time.
    late: bool,
}

impl Answer {
    /// Adds to a result what only the way to it can tell.
    pub(crate) fn seen<T>(&self, result: Result<T>, add: impl FnOnce(T, u32) -> T) -> Result<T> {
        match result {
            Ok(value) => Ok(add(value, self.attempts)),
            Err(error) => {
                let error = error.tried(self.attempts);
                let error = if self.late { error.noted("which is past the deadline of the request") } else { error };
                Err(if self.doubt { error.fated(Fate::Unknown) } else { error })
            }
        }
    }

    /// Whether the answer came from the server's idempotency cache.
    pub(crate) fn replayed(&self) -> bool {
        is_replay(&self.response)
    }
}

fn is_replay(response: &Response) -> bool {
    response.header("idempotency-replay").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Why an attempt ended without an answer.
enum Silence {
    Failed(TransportError),
    TimedOut(Duration),
}

impl Dispatcher {
    /// Sends `request` until it is answered for good, or there is no more time.
    ///
    /// # Errors
    ///
    /// If no whole answer came. The error names neither trigger nor id: it is the same for every event.
    pub(crate) async fn dispatch(&self, request: &Request) -> Result<Answer> {
        if let (Endpoint::Broadcast, Some(burst)) = (request.endpoint(), self.learned.plan.too_small()) {
            return Err(never_fits(burst).at(request.endpoint().name()));
        }
        let started = Instant::now();
        let mut request = Cow::Borrowed(request);
        let (mut number, mut counted, mut doubt) = (0, 0, false);
        loop {
            number += 1;
            counted += 1;
            let left = self.deadline.saturating_sub(started.elapsed());
            let result = self.attempt(&request, self.timeout.min(left)).await;
            let outcome = self.judge(&request, &result);
            let next = self.policy.next(&Attempt {
                endpoint: request.endpoint(),
                outcome,
                number,
                counted,
                elapsed: started.elapsed(),
                deadline: self.deadline,
                jitter: jitter(),
                keys_work: self.learned.keys_work.load(Ordering::Relaxed),
                in_budget: self.learned.budget.has_room(),
            });
            let next = if self.will_never_fit(&request, outcome) { Next::End(End::Final) } else { next };
            log(&request, number, &result, next);
            let (wait, key, counts) = match next {
                Next::Repeat { wait, key, counts } => (wait, key, counts),
                Next::End(end) => {
                    if matches!(outcome, Outcome::Answered { status: 200..300, .. }) {
                        self.learned.budget.refill(number);
                    }
                    return match result {
                        Ok(response) => Ok(Answer { response, attempts: number, doubt, late: end == End::Appointment }),
                        Err(silence) => Err(silent(silence, &request, number, doubt)),
                    };
                }
            };
            doubt |= outcome.leaves_open();
            if counts {
                self.learned.budget.take();
            } else {
                counted -= 1;
            }
            if key == Key::New {
                request = Cow::Owned(request.with_fresh_key());
            }
            tokio::time::sleep(wait).await;
        }
    }

    async fn attempt(&self, request: &Request, limit: Duration) -> Result<Response, Silence> {
        match tokio::time::timeout(limit, self.transport.attempt(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(Silence::Failed(error)),
            Err(_) => Err(Silence::TimedOut(limit)),
        }
    }

    /// What an attempt says to the retry policy; and what it says of the server is kept.
    fn judge(&self, request: &Request, result: &Result<Response, Silence>) -> Outcome {
        let response = match result {
            Ok(response) => response,
            Err(Silence::TimedOut(_)) => return Outcome::Unanswered,
            Err(Silence::Failed(error)) => {
                return match error.failure() {
                    Failure::Connect => Outcome::NotConnected,
                    Failure::Interrupted => Outcome::Unanswered,
                    Failure::Unreadable | Failure::Unsendable => Outcome::Hopeless,
                };
            }
        };
        let key = response.header("idempotency-key");
        let echoed = key.is_some() && key == request.idempotency_key();
        if echoed {
            self.learned.keys_work.store(true, Ordering::Relaxed);
        }
        self.learned.plan.learn(response);
        let (status, retry_after) = (response.status(), decode::wait(response));
        Outcome::Answered { status, retry_after, echoed, replayed: is_replay(response) }
    }

    /// Whether a 429 will be repeated for ever, since the request costs more than the server's bucket holds.
    fn will_never_fit(&self, request: &Request, outcome: Outcome) -> bool {
        matches!(outcome, Outcome::Answered { status: 429, .. })
            && matches!(request.endpoint(), Endpoint::Bulk | Endpoint::Broadcast)
            && self.learned.plan.too_small().is_some()
    }
}

/// Nothing was sent: what costs 100 does not fit into the server's bucket.
fn never_fits(burst: u32) -> Error {
    let detail = format!(
        "a broadcast costs 100 of the plan's rate limit, of which it can never have more than {burst}; a larger plan is needed"
    );
    Error::new(ErrorKind::RateLimited, Fate::NotQueued, detail)
}

/// The error of a request whose last attempt had no answer.
fn silent(silence: Silence, request: &Request, attempts: u32, doubt: bool) -> Error {
    let error = match silence {
        Silence::TimedOut(limit) => {
            let detail = format!("no answer within {} s", limit.as_secs_f64());
            Error::new(ErrorKind::Timeout, Fate::Unknown, detail)
        }
        Silence::Failed(error) => {
            let (kind, fate) = match error.failure() {
                Failure::Connect => (ErrorKind::Connect, Fate::NotQueued),
                Failure::Interrupted => (ErrorKind::Interrupted, Fate::Unknown),
                Failure::Unreadable => (ErrorKind::Decode, Fate::Unknown),
                Failure::Unsendable => (ErrorKind::Invalid, Fate::NotQueued),
            };
            Error::new(kind, fate, error.to_string()).because(error.into_source())
        }
    };
    let error = error.at(request.endpoint().name()).tried(attempts);
    if doubt { error.fated(Fate::Unknown) } else { error }
}

/// Evenly between 0 and 1, from the generator that makes the ids.
fn jitter() -> f64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    // The version of a v4 stands in the lower half.
    f64::from(u32::try_from(high >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// One event for each attempt: what an operator asks for, and nothing that is private.
fn log(request: &Request, attempt: u32, result: &Result<Response, Silence>, next: Next) {
    let endpoint = request.endpoint().name();
    let trigger = request.triggers().next().map(tracing::field::display);
    let transaction_id = request.transaction_ids().next().map(tracing::field::display);
    let events = request.events().len();
    let status = result.as_ref().ok().map(Response::status);
    let failure = result.as_ref().err().map(|silence| match silence {
        Silence::TimedOut(_) => String::from("no answer in time"),
        Silence::Failed(error) => error.to_string(),
    });
    match next {
        Next::Repeat { wait, .. } => {
            let wait = wait.as_millis();
            tracing::warn!(endpoint, trigger, transaction_id, events, attempt, status, failure, wait_ms = %wait, "sent again");
        }
        Next::End(_) => tracing::debug!(endpoint, trigger, transaction_id, events, attempt, status, failure, "attempt"),
    }
}

/// `error`, once for each of the events it is about.
pub(crate) fn for_each<T>(error: &Error, labels: &[Label]) -> Vec<Result<T>> {
    labels.iter().map(|label| Err(label.mark(error.clone()))).collect()
}

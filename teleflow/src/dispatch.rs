//! One request, from the first attempt to the last response: attempt, classify, wait, retry.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use uuid::Uuid;

use crate::connections::Connections;
use crate::decode;
use crate::error::{Error, ErrorKind, Fate, Result};
use crate::history::{History, Recorded};
use crate::rate_policy::Plan;
use crate::request::{Endpoint, EventId, Request};
use crate::retry::{Attempt, Cost, End, Key, Next, Outcome, RetryPolicy, leaves_open};
use crate::retry_budget::Budget;
use crate::timing::{AttemptLimit, Stopwatch, Timing};
use crate::transport::{Carrier, Failure, Response, TransportError};

mod log;

/// What carries out the requests of a client, and what it has learned from the responses.
pub(crate) struct Dispatcher {
    carrier: Carrier,
    pub(crate) timing: Timing,
    pub(crate) policy: RetryPolicy,
    facts: ServerFacts,
}

/// What the responses to a client's requests have told about the server.
#[derive(Debug, Default)]
struct ServerFacts {
    budget: Budget,
    /// It acts on idempotency keys: it has echoed one or replayed a response.
    keys_work: AtomicBool,
    plan: Plan,
    connections: Connections,
}

/// How a request ended.
pub(crate) struct Ended {
    /// The last response, or why there was none. The error is the same for every event, and describes the last attempt
    /// alone.
    outcome: Result<Response>,
    pub(crate) history: History,
    connections: Connections,
}

impl Ended {
    fn unsent(error: Error, history: History) -> Self {
        Self { outcome: Err(error), history, connections: Connections::default() }
    }

    /// The result of the one event of the request, from the last response as `read` understands it.
    pub(crate) fn result<T: Recorded>(&self, label: &EventId, read: impl FnOnce(&Response) -> Result<T>) -> Result<T> {
        let last = match &self.outcome {
            Ok(response) => read(response),
            Err(error) => Err(label.annotate(error.clone())),
        };
        self.trusted(std::slice::from_ref(&last)).complete(last)
    }

    /// The results of the events of the request, in order.
    pub(crate) fn results<T: Recorded>(
        &self,
        labels: &[EventId],
        read: impl FnOnce(&Response) -> Vec<Result<T>>,
    ) -> Vec<Result<T>> {
        let last = match &self.outcome {
            Ok(response) => read(response),
            Err(error) => labels.iter().map(|label| Err(label.annotate(error.clone()))).collect(),
        };
        let history = self.trusted(&last);
        last.into_iter().map(|result| history.complete(result)).collect()
    }

    /// The history, as far as the last response is known to belong to the request.
    fn trusted<T>(&self, last: &[Result<T>]) -> History {
        if last.iter().any(|result| result.as_ref().is_err_and(Error::names_another_event)) {
            self.connections.note_mismatch();
        }
        if self.connections.may_be_mismatched() { self.history.mismatched() } else { self.history }
    }

    /// Whether the request costs more than the server's bucket ever holds: it was not carried out, and never will be.
    pub(crate) fn exceeds_burst(&self) -> bool {
        matches!(self.history.end(), Some(End::Burst(_)))
    }
}

impl Dispatcher {
    pub(crate) fn new(carrier: Carrier, timing: Timing, policy: RetryPolicy) -> Self {
        Self { carrier, timing, policy, facts: ServerFacts::default() }
    }

    /// Sends `request` until there is a final response, or no more attempt is allowed.
    ///
    /// `earlier` is the history of a request for the same events that this one follows.
    pub(crate) async fn dispatch(&self, request: &Request, earlier: History) -> Ended {
        let mut history = earlier.continued();
        if Handle::try_current().is_err() {
            return Ended::unsent(no_runtime().at(request.endpoint().name()), history);
        }
        if let Some(burst) = self.exceeded_burst(request.endpoint()) {
            history.ended(End::Burst(burst), false);
            return Ended::unsent(exceeds_burst(request, burst), history);
        }
        let stopwatch = Stopwatch::start();
        let mut request = Cow::Borrowed(request);
        let (mut number, mut counted, mut taken) = (0, 0, 0);
        loop {
            number += 1;
            counted += 1;
            let limit = self.timing.attempt(request.body().len(), stopwatch.elapsed());
            let result = self.carrier.attempt(&request, limit.time).await;
            let outcome = self.classify(&request, &result);
            if !matches!(&result, Err(error) if error.failure() == Failure::Unsendable) {
                history.sent();
            }
            let mut next = self.policy.next(&Attempt {
                endpoint: request.endpoint(),
                outcome,
                number,
                counted,
                elapsed: stopwatch.elapsed(),
                latest_start: self.timing.latest_start(),
                jitter: jitter(),
                keys_work: self.facts.keys_work.load(Ordering::Relaxed),
                in_budget: self.facts.budget.has_room(),
            });
            if let (Outcome::Response { status: 429, .. }, Some(burst)) =
                (outcome, self.exceeded_burst(request.endpoint()))
            {
                next = Next::End(End::Burst(burst));
            }
            log::attempt(&request, number, &result, next);
            if let Next::Retry { wait, .. } = next {
                tokio::time::sleep(wait).await;
                // A blocked executor and a suspended machine prolong the wait.
                if stopwatch.elapsed() > self.timing.latest_start() {
                    next = Next::End(End::Deadline);
                    log::attempt(&request, number, &result, next);
                }
            }
            match next {
                Next::Retry { key, cost, .. } => {
                    history.retried(outcome.leaves_open());
                    match cost {
                        Cost::Full => taken += self.facts.budget.take(),
                        Cost::Attempt => {}
                        Cost::Free => counted -= 1,
                    }
                    if key == Key::New {
                        request = Cow::Owned(request.with_fresh_key());
                    }
                }
                Next::End(end) => {
                    if matches!(outcome, Outcome::Response { status: 200..300, .. }) {
                        self.facts.budget.refill(taken);
                    }
                    history.ended(end, matches!(outcome, Outcome::Response { replayed: true, .. }));
                    let connections = self.facts.connections.clone();
                    return Ended { outcome: self.conclude(&request, result, end, limit), history, connections };
                }
            }
        }
    }

    /// What an attempt says to the retry policy; and what it says of the server is kept.
    fn classify(&self, request: &Request, result: &Result<Response, TransportError>) -> Outcome {
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                return match error.failure() {
                    Failure::Connect => Outcome::NotConnected,
                    Failure::Interrupted | Failure::TimedOut(_) => Outcome::NoResponse,
                    Failure::Unreadable(_) | Failure::Unsendable => Outcome::Permanent,
                };
            }
        };
        let key = response.header("idempotency-key");
        let echoed = key.is_some() && key == request.idempotency_key();
        let replayed = response.header("idempotency-replay").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if echoed || replayed {
            self.facts.keys_work.store(true, Ordering::Relaxed);
        }
        self.facts.plan.learn(response);
        let (status, retry_after) = (response.status(), decode::wait(response));
        Outcome::Response { status, retry_after, echoed, replayed }
    }

    /// The size of the server's bucket, if a request to this endpoint does not fit into it.
    fn exceeded_burst(&self, endpoint: Endpoint) -> Option<u32> {
        let costs_a_hundred = matches!(endpoint, Endpoint::Bulk | Endpoint::Broadcast);
        self.facts.plan.burst_below_bulk_cost().filter(|_| costs_a_hundred)
    }

    /// What the last attempt alone says of the events.
    fn conclude(
        &self,
        request: &Request,
        result: Result<Response, TransportError>,
        end: End,
        limit: AttemptLimit,
    ) -> Result<Response> {
        match (result, end) {
            (Ok(response), End::Burst(burst)) => Err(exceeds_burst(request, burst).answered(response.status())),
            (Ok(response), _) => Ok(response),
            (Err(error), _) => Err(self.no_response(request, error, limit)),
        }
    }

    /// The error of a request whose last attempt had no response.
    fn no_response(&self, request: &Request, error: TransportError, limit: AttemptLimit) -> Error {
        let (kind, fate) = match error.failure() {
            Failure::Connect => (ErrorKind::Connect, Fate::NotQueued),
            Failure::Interrupted => (ErrorKind::Interrupted, Fate::Unknown),
            Failure::Unsendable => (ErrorKind::Invalid, Fate::NotQueued),
            Failure::TimedOut(time) => {
                let detail = self.timed_out(request.body().len(), time, limit);
                return Error::new(ErrorKind::Timeout, Fate::Unknown, detail).at(request.endpoint().name());
            }
            Failure::Unreadable(status) => {
                let fate = if leaves_open(status) { Fate::Unknown } else { Fate::NotQueued };
                let error = Error::new(ErrorKind::Decode, fate, error.to_string()).because(error.into_source());
                return error.at(request.endpoint().name()).answered(status);
            }
        };
        Error::new(kind, fate, error.to_string()).because(error.into_source()).at(request.endpoint().name())
    }

    /// Says which setting ended the attempt, and so which one to raise.
    fn timed_out(&self, bytes: usize, time: Duration, limit: AttemptLimit) -> String {
        let (time, deadline) = (seconds(time), seconds(self.timing.deadline));
        if limit.by_deadline {
            format!(
                "no response within {time} s, when the `deadline` of {deadline} s was reached ({bytes} bytes to send)"
            )
        } else {
            format!("no response within {time} s, the `timeout` for a request of {bytes} bytes")
        }
    }
}

/// Rounded to milliseconds.
fn seconds(time: Duration) -> f64 {
    Duration::from_millis(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)).as_secs_f64()
}

/// There is nothing to wait with.
fn no_runtime() -> Error {
    Error::invalid("no tokio runtime is running; await the request inside one, for example under `#[tokio::main]`")
}

/// The server refuses the request now and later.
fn exceeds_burst(request: &Request, burst: u32) -> Error {
    let what = if request.endpoint() == Endpoint::Broadcast { "a broadcast" } else { "a bulk" };
    let detail = format!(
        "{what} costs 100 of the plan's rate limit, of which it can never have more than {burst}; a larger plan is needed"
    );
    Error::new(ErrorKind::RateLimited, Fate::NotQueued, detail).at(request.endpoint().name())
}

/// Evenly between 0 and 1, from the generator that makes the ids.
fn jitter() -> f64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    // The version of a v4 is in the lower half.
    f64::from(u32::try_from(high >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

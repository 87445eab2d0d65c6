//! Sends one request: attempt, classify, wait, retry.

use std::borrow::Cow;
use std::time::Duration;

use tokio::runtime::Handle;
use uuid::Uuid;

use crate::error::Error;
use crate::guards::Guards;
use crate::history::History;
use crate::rate_policy::{CostClass, InFlight, TooLate};
use crate::request::Request;
use crate::retry::{Attempt, Cost, Decision, End, Key, Outcome, RetryPolicy};
use crate::timing::{Stopwatch, Timing};
use crate::transport::{AttemptFailure, Carrier};

mod ended;
mod server_state;
mod no_response;
mod log;

pub(crate) use ended::{Aborted, Ended};
use no_response::{NoResponse, exceeds_burst, no_runtime, rate_limit_used_up};
use server_state::ServerState;

/// Sends the requests of a client.
pub(crate) struct Dispatcher {
    carrier: Carrier,
    pub(crate) timing: Timing,
    pub(crate) policy: RetryPolicy,
    pub(crate) guards: Guards,
    server: ServerState,
}

impl Dispatcher {
    pub(crate) fn new(carrier: Carrier, timing: Timing, policy: RetryPolicy, guards: Guards) -> Self {
        Self { carrier, timing, policy, guards, server: ServerState::default() }
    }

    /// Sends `request` until there is a final response or no further attempt is allowed.
    ///
    /// `earlier` is the history of an earlier request for the same events.
    pub(crate) async fn dispatch(&self, request: &Request, earlier: History) -> Ended {
        let mut history = earlier.continued();
        if Handle::try_current().is_err() {
            return Ended::unsent(no_runtime(), history);
        }
        let mut request = match self.guards.apply(request) {
            Ok(request) => request,
            Err(invalid) => return Ended::unsent(Error::invalid(invalid), history),
        };
        if let Some(burst) = self.server.exceeded_burst(request.endpoint()) {
            history.ended(End::Burst(burst), false, false);
            return Ended::unsent(exceeds_burst(&request, burst), history);
        }
        let stopwatch = Stopwatch::start();
        let mut started = match self.start_attempt(&request, stopwatch, Duration::ZERO).await {
            Ok(started) => started,
            Err(too_late) => {
                log::not_sent(&request, too_late);
                history.ended(End::RateLimit, false, false);
                return Ended::unsent(rate_limit_used_up(too_late), history);
            }
        };
        let (mut number, mut counted, mut tokens_taken) = (0, 0, 0);
        loop {
            number += 1;
            counted += 1;
            let timeout = self.timing.attempt_timeout(request.body().len(), started.elapsed);
            let result = self.carrier.attempt(&request, timeout.duration).await;
            drop(started.in_flight);
            let outcome = self.server.classify(&request, &result);
            if !matches!(&result, Err(error) if error.failure() == AttemptFailure::Unsendable) {
                history.sent();
            }
            let is_success = matches!(outcome, Outcome::Response { status: 200..300, .. });
            let decision = if is_success {
                Decision::End(End::Final)
            } else {
                self.decide(&Attempt {
                    endpoint: request.endpoint(),
                    outcome,
                    number,
                    counted,
                    elapsed: stopwatch.elapsed(),
                    latest_start: self.timing.latest_start(),
                    jitter: jitter(),
                    keys_work: self.server.keys_work(),
                    in_budget: self.server.budget.allows_retry(),
                })
            };
            log::attempt(&request, number, &result, decision);
            let end = match decision {
                Decision::End(end) => end,
                Decision::Retry { wait, key, cost } => {
                    tokio::time::sleep(wait).await;
                    let end = match self.start_attempt(&request, stopwatch, stopwatch.elapsed()).await {
                        Ok(next) if next.elapsed <= self.timing.latest_start() => {
                            history.retried(outcome.fate_unknown());
                            match cost {
                                Cost::Full => tokens_taken += self.server.budget.take(),
                                Cost::Attempt => {}
                                Cost::Free => counted -= 1,
                            }
                            if key == Key::New {
                                request = Cow::Owned(request.with_next_key());
                                history.key_replaced();
                            }
                            started = next;
                            continue;
                        }
                        // A blocked executor or a suspended machine prolongs the wait.
                        Ok(_) => End::Deadline,
                        Err(_) => End::RateLimit,
                    };
                    log::attempt(&request, number, &result, Decision::End(end));
                    end
                }
            };
            if is_success {
                self.server.budget.refill(tokens_taken);
            }
            let (echoed, replayed) = match outcome {
                Outcome::Response { echoed, replayed, .. } => (echoed, replayed),
                _ => (false, false),
            };
            history.ended(end, replayed, echoed || replayed);
            let no_response = NoResponse { request: &request, timing: &self.timing, timeout };
            let response = no_response.last_response(result, end);
            return Ended { response, history, mismatches: self.server.mismatches.clone() };
        }
    }

    /// Decides whether the request is retried: by the rate policy if it explains a 429, and by the retry policy otherwise.
    fn decide(&self, attempt: &Attempt) -> Decision {
        match (attempt.outcome, self.server.exceeded_burst(attempt.endpoint)) {
            (Outcome::Response { status: 429, .. }, Some(burst)) => Decision::End(End::Burst(burst)),
            _ => self.policy.decide(attempt),
        }
    }

    /// Waits, before the deadline, until the server's rate limit allows an attempt.
    ///
    /// `arrived` is the time now. No clock is read if nothing is known about the rate limit.
    async fn start_attempt(
        &self,
        request: &Request,
        stopwatch: Stopwatch,
        arrived: Duration,
    ) -> Result<Started<'_>, TooLate> {
        let class = CostClass::of(request.endpoint());
        if let Some(in_flight) = self.server.rate_policy.start_without_facts(class) {
            return Ok(Started { in_flight, elapsed: arrived });
        }
        let time_left = self.timing.latest_start().saturating_sub(arrived);
        let started = self.server.rate_policy.start(class, time_left).await;
        let elapsed = stopwatch.elapsed();
        let wait = elapsed.saturating_sub(arrived);
        if wait >= Duration::from_millis(1) {
            log::rate_limit_wait(request, wait);
        }
        // A blocked executor or a suspended machine prolongs the wait.
        if elapsed > self.timing.latest_start() {
            return Err(TooLate(Duration::ZERO));
        }
        Ok(Started { in_flight: started?, elapsed })
    }

    /// Whether the server has shown that it acts on idempotency keys.
    pub(crate) fn keys_work(&self) -> bool {
        self.server.keys_work()
    }

    /// The burst of the server's rate policy, if it is known.
    pub(crate) fn burst(&self) -> Option<u32> {
        self.server.rate_policy.burst()
    }
}

/// An attempt that may be sent now.
struct Started<'a> {
    in_flight: InFlight<'a>,
    /// The time since the start of the request.
    elapsed: Duration,
}

/// A random number, uniform between 0 and 1, from the generator of the ids.
pub(crate) fn jitter() -> f64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    // The lower half contains the version of a v4.
    f64::from(u32::try_from(high >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

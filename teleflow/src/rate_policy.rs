//! The server's rate policy: remembers what responses report, and lets attempts wait where the server would refuse them.
//!
//! [`pace`] decides, [`gate`] waits. Nothing is assumed where the headers are absent.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::transport::Response;

mod gate;
mod pace;
mod headers;
mod cost;

pub(crate) use cost::CostClass;
use gate::Gate;
pub(crate) use gate::{InFlight, TooLate};
use headers::{Policy, RateHeaders};
use pace::{EXPIRY, Price, Report};

/// The facts about the rate limit from the responses to all requests of a client.
///
/// The server has one token bucket for all events, and refuses single events and bulks separately. So the policy is kept
/// once, and the pace for each cost class.
#[derive(Debug)]
pub(crate) struct RatePolicy {
    started: Instant,
    /// The policy, and when it was last seen.
    policy: Mutex<Option<(Policy, Duration)>>,
    single: Gate,
    bulk: Gate,
}

impl Default for RatePolicy {
    fn default() -> Self {
        Self { started: Instant::now(), policy: Mutex::default(), single: Gate::default(), bulk: Gate::default() }
    }
}

impl RatePolicy {
    /// Starts an attempt at once if nothing is known about the rate limit.
    pub(crate) fn start_without_facts(&self, class: CostClass) -> Option<InFlight<'_>> {
        self.gate(class).start_without_facts()
    }

    /// Starts an attempt, after a wait if the rate limit is used up. The result lives until there is a response.
    ///
    /// # Errors
    ///
    /// If the wait is longer than `time_left`.
    pub(crate) async fn start(&self, class: CostClass, time_left: Duration) -> Result<InFlight<'_>, TooLate> {
        self.gate(class).start(|| self.price(class), || self.now(), time_left).await
    }

    /// Updates the facts from the response to an attempt of this class.
    pub(crate) fn update(&self, class: CostClass, response: &Response, retry_after: Option<Duration>) {
        let headers = RateHeaders::read(response);
        if headers == RateHeaders::default() && response.status() != 429 && self.gate(class).has_no_facts() {
            return;
        }
        let now = self.now();
        if let Some(policy) = headers.policy {
            *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = Some((policy, now));
        }
        let report = Report { status: response.status(), headers, retry_after, in_flight: 0 };
        self.gate(class).update(self.price(class), report, now);
        match (class, report.status) {
            (CostClass::Bulk, 429) => {
                if let Some(wait) = retry_after.and_then(|wait| self.single_after_refused_bulk(wait)) {
                    self.single.block(wait, now);
                }
            }
            // A class that is blocked reports that nothing remains, although the other class may have tokens.
            (CostClass::Single, 429) => {}
            _ => {
                if let Some(remaining) = headers.remaining {
                    let other = class.other();
                    self.gate(other).update_from_other_class(self.price(other), remaining, now);
                }
            }
        }
    }

    /// The burst (the size of the server's token bucket), if it is known.
    ///
    /// If it is below 100, as on the free plan (66), the server refuses every bulk and every broadcast: they cost more tokens
    /// than the bucket can contain, so waiting does not help.
    pub(crate) fn burst(&self) -> Option<u32> {
        self.policy().map(|policy| policy.burst)
    }

    /// The burst, if it is below the cost of a request of this class.
    pub(crate) fn exceeded_burst(&self, class: CostClass) -> Option<u32> {
        if class == CostClass::Bulk { self.burst().filter(|burst| *burst < class.tokens()) } else { None }
    }

    /// How long single events are refused after a bulk above the burst was refused for `wait`.
    ///
    /// The server may have stored its cost as a debt. `wait` is over when the bucket would have the tokens of a bulk.
    fn single_after_refused_bulk(&self, wait: Duration) -> Option<Duration> {
        let Policy { interval, .. } = self.policy().filter(|policy| policy.burst < CostClass::Bulk.tokens())?;
        let interval = interval?;
        let until_bulk = interval.saturating_mul(CostClass::Bulk.tokens() - CostClass::Single.tokens());
        Some(wait.saturating_sub(until_bulk)).filter(|wait| !wait.is_zero())
    }

    fn policy(&self) -> Option<Policy> {
        let seen = *self.policy.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|(_, when)| self.now().saturating_sub(*when) < EXPIRY).map(|(policy, _)| policy)
    }

    fn price(&self, class: CostClass) -> Price {
        Price { tokens: class.tokens(), interval: self.policy().and_then(|policy| policy.interval) }
    }

    fn gate(&self, class: CostClass) -> &Gate {
        match class {
            CostClass::Single => &self.single,
            CostClass::Bulk => &self.bulk,
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

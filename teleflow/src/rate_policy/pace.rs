//! When the next attempt of a cost class may start: a pure function of what responses have reported, and of the time.
//!
//! Times are durations since any fixed start, so that tests need no clock.

use std::time::Duration;

use super::headers::RateHeaders;

/// How long a fact counts. The plan may be upgraded, and a process that only broadcasts would never notice.
pub(super) const EXPIRY: Duration = Duration::from_secs(5 * 60);
/// An attempt that starts exactly when the server's wait ends may be too early: both round, and the server blocks a
/// class up to and including that millisecond.
const MARGIN: Duration = Duration::from_millis(10);
/// The time between attempts that have waited, if the policy is unknown. The first response arrives before most of them
/// start.
const DEFAULT_SPACING: Duration = Duration::from_millis(5);
/// How late a timer may end. The attempts after it keep to their schedule.
const TIMER_SLACK: Duration = Duration::from_millis(2);

/// The facts about one cost class.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// The tokens that are left for attempts that start from now on. `None` if no response has reported them.
    credit: Option<i64>,
    /// Without enough credit, the next attempt may start at this time.
    ready_at: Duration,
    /// After a 429, no attempt may start before this time.
    blocked_until: Duration,
    /// When the facts expire.
    expires: Duration,
}

/// The cost of an attempt, and how fast the server adds tokens, if its policy is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    pub(super) tokens: u32,
    pub(super) interval: Option<Duration>,
}

/// A response of this cost class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report {
    pub(super) status: u16,
    pub(super) headers: RateHeaders,
    pub(super) retry_after: Option<Duration>,
    /// The attempts of this class that have no response yet. The server may not have counted them when it responded.
    pub(super) in_flight: u32,
}

impl Price {
    /// The time in which the server adds these tokens.
    fn time_for(self, tokens: i64) -> Option<Duration> {
        Some(self.interval?.saturating_mul(u32::try_from(tokens).unwrap_or(u32::MAX)).min(EXPIRY))
    }

    fn spacing(self) -> Duration {
        self.time_for(self.tokens.into()).unwrap_or(DEFAULT_SPACING)
    }
}

impl Pace {
    /// No response has reported anything, as from a server without these headers.
    pub(super) fn has_no_facts(&self) -> bool {
        self.expires.is_zero()
    }

    /// How long the next attempt has to wait, at most until the facts expire.
    pub(super) fn wait(&self, price: Price, now: Duration) -> Duration {
        if now >= self.expires {
            return Duration::ZERO;
        }
        let is_short = self.credit.is_some_and(|credit| credit < price.tokens.into());
        let start = if is_short { self.ready_at.max(self.blocked_until) } else { self.blocked_until };
        start.min(self.expires).saturating_sub(now)
    }

    /// Records that an attempt starts. `waited`: it has waited, and others may wait behind it.
    pub(super) fn start(&mut self, price: Price, waited: bool, now: Duration) {
        self.forget_expired(now);
        let tokens = i64::from(price.tokens);
        let scheduled = self.ready_at.max(self.blocked_until).max(now.saturating_sub(TIMER_SLACK));
        match self.credit {
            Some(credit) if credit >= tokens => {
                let left = credit - tokens;
                self.credit = Some(left);
                self.ready_at = now;
                self.wait_for_missing_tokens(price, left, now);
            }
            // The server has said when it accepts one request. The next one follows after the time that its tokens take.
            Some(_) => self.ready_at = scheduled.saturating_add(price.spacing()),
            None if waited => self.blocked_until = scheduled.saturating_add(price.spacing()),
            None => {}
        }
    }

    /// Updates the facts from a response.
    pub(super) fn update(&mut self, price: Price, report: &Report, now: Duration) {
        self.forget_expired(now);
        let RateHeaders { remaining, reset, policy } = report.headers;
        let tokens = i64::from(price.tokens);
        if report.status == 429 {
            // Without these headers it comes from a proxy or another limit, which may concern this request only.
            let is_of_rate_limit = remaining.is_some() || reset.is_some() || policy.is_some();
            if let Some(wait) = report.retry_after.or(reset).filter(|_| is_of_rate_limit) {
                self.block(wait, now);
                // After the wait, one attempt may start. Its response reports how many tokens there are.
                self.credit = remaining.map(|_| 0);
            }
        } else if now < self.blocked_until {
            // The server sent this response before it refused another attempt.
        } else if let Some(remaining) = remaining {
            self.set_credit(price, remaining, report.in_flight, now);
            if let Some(reset) = reset.filter(|_| i64::from(remaining) < tokens) {
                // The server adds tokens only when they are asked for: zero means that they are there.
                let wait = if reset.is_zero() { Duration::ZERO } else { reset.saturating_add(MARGIN) };
                self.ready_at = now.saturating_add(wait);
            }
        } else if (200..300).contains(&report.status) {
            self.credit = None;
        }
    }

    /// Updates the facts from the tokens that a response to the other class has reported: both pay from one bucket.
    ///
    /// `in_flight` are the attempts of this class that have no response yet. If there are too few tokens, only the policy
    /// says when there will be enough.
    pub(super) fn update_from_other_class(&mut self, price: Price, remaining: u32, in_flight: u32, now: Duration) {
        self.forget_expired(now);
        let is_waiting = self.wait(price, now) > Duration::ZERO;
        if !(is_waiting && i64::from(remaining) < i64::from(price.tokens)) && now >= self.blocked_until {
            self.set_credit(price, remaining, in_flight, now);
        }
    }

    fn set_credit(&mut self, price: Price, remaining: u32, in_flight: u32, now: Duration) {
        let uncounted = i64::from(price.tokens).saturating_mul(in_flight.into());
        let credit = i64::from(remaining).saturating_sub(uncounted);
        self.expires = now + EXPIRY;
        self.credit = Some(credit);
        self.ready_at = now;
        self.wait_for_missing_tokens(price, credit, now);
    }

    /// Lets no attempt start for this time. An earlier, longer block continues.
    pub(super) fn block(&mut self, wait: Duration, now: Duration) {
        self.forget_expired(now);
        self.blocked_until = self.blocked_until.max(now.saturating_add(wait).saturating_add(MARGIN));
        self.expires = now + EXPIRY;
    }

    fn forget_expired(&mut self, now: Duration) {
        if now >= self.expires {
            *self = Self::default();
        }
    }

    /// Waits for the tokens that are missing, if the policy is known.
    fn wait_for_missing_tokens(&mut self, price: Price, credit: i64, now: Duration) {
        let missing = i64::from(price.tokens).saturating_sub(credit);
        if let Some(time) = price.time_for(missing).filter(|_| missing > 0) {
            self.ready_at = self.ready_at.max(now + time + MARGIN);
        }
    }
}

#[cfg(test)]
mod tests;

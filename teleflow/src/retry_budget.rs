//! The budget of retries that all requests of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// The tokens of a full budget: enough for 100 retries in a row.
const FULL: u32 = 500;
/// The tokens that a retry costs. A request that succeeds returns them, so only retries of requests that fail use up the
/// budget.
const COST: u32 = 5;
/// The tokens that a request returns if it succeeds without a retry.
const REFUND: u32 = 1;

/// A token bucket: a client's retries take tokens, its successes return them.
///
/// It keeps clients from multiplying the load of a server that fails.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl RetryBudget {
    /// Whether the budget allows a retry.
    pub(crate) fn allows_retry(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= COST
    }

    /// Takes the tokens for a retry and returns their number.
    pub(crate) fn take(&self) -> u32 {
        self.change(|tokens| tokens.saturating_sub(COST));
        COST
    }

    /// Returns the tokens of a request that succeeded, which had taken this many for its retries.
    pub(crate) fn refill(&self, tokens_taken: u32) {
        let refund = tokens_taken.max(REFUND);
        self.change(|tokens| tokens.saturating_add(refund).min(FULL));
    }

    fn change(&self, change: impl Fn(u32) -> u32) {
        // The closure always returns a value, so this cannot fail.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| Some(change(tokens)));
    }
}

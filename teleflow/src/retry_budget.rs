//! The retries that all requests of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens of a full budget: enough for 100 retries in a row.
const FULL: u32 = 500;
/// What a retry takes. A request that succeeds gives it back, so only retries that help nobody use the budget up.
const COST: u32 = 5;
/// What a request that succeeds and has taken nothing gives back.
const REFUND: u32 = 1;

/// A token bucket that a client's retries take from and its successes refill.
///
/// It keeps clients from multiplying the load of a server that fails for all of them.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl Budget {
    /// Whether there is enough for a retry.
    pub(crate) fn has_room(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= COST
    }

    /// Takes the tokens for a retry, and returns how many these are.
    pub(crate) fn take(&self) -> u32 {
        self.change(|tokens| tokens.saturating_sub(COST));
        COST
    }

    /// A request has succeeded that has taken so many tokens.
    pub(crate) fn refill(&self, taken: u32) {
        let refund = taken.max(REFUND);
        self.change(|tokens| tokens.saturating_add(refund).min(FULL));
    }

    fn change(&self, change: impl Fn(u32) -> u32) {
        // The closure always answers, so there is nothing to be told.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| Some(change(tokens)));
    }
}

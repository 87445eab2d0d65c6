//! The repeats that all requests of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens of a full budget: enough for 100 repeats in a row.
const FULL: u32 = 500;
/// What a repeat takes, and gives back if it succeeds; so only repeats that help nobody use the budget up.
const COST: u32 = 5;
/// What a request that succeeds at once gives back.
const REFUND: u32 = 1;

/// A token bucket that a client's repeats take from and its successes refill.
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
    /// Whether there is enough for a repeat.
    pub(crate) fn has_room(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= COST
    }

    pub(crate) fn take(&self) {
        self.change(|tokens| tokens.saturating_sub(COST));
    }

    /// A request has succeeded, with this many attempts.
    pub(crate) fn refill(&self, attempts: u32) {
        let refund = if attempts > 1 { COST } else { REFUND };
        self.change(|tokens| (tokens + refund).min(FULL));
    }

    fn change(&self, change: impl Fn(u32) -> u32) {
        // The closure always answers, so there is nothing to be told.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| Some(change(tokens)));
    }
}

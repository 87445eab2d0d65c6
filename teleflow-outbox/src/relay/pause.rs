//! The time until which a relay claims nothing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug, Default)]
pub(crate) struct PauseState(Mutex<Option<Instant>>);

impl PauseState {
    /// Pauses for this long from now on, or longer if an earlier pause ends later.
    pub(crate) fn extend(&self, by: Duration) {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *until = (*until).max(Instant::now().checked_add(by));
    }

    pub(crate) fn left(&self) -> Option<Duration> {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        until.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }
}

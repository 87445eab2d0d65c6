//! The time in which a relay claims nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use teleflow::Pause;
use tokio::time::Instant;

#[derive(Debug, Default)]
pub(crate) struct PauseState(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    until: Option<Instant>,
    cause: Option<Pause>,
    /// After a pause that is not about the rate limit, one request shows whether the others may follow.
    is_probing: bool,
}

impl PauseState {
    /// Pauses for this long from now on, or longer if an earlier pause ends later.
    pub(crate) fn extend(&self, cause: Pause, by: Duration) {
        let mut state = self.state();
        state.cause = if state.left().is_some() { state.cause.max(Some(cause)) } else { Some(cause) };
        state.until = state.until.max(Instant::now().checked_add(by));
        state.is_probing |= cause > Pause::RateLimit;
    }

    /// The cause, and how much of the pause is left.
    pub(crate) fn get(&self) -> Option<(Pause, Duration)> {
        let state = self.state();
        state.cause.zip(state.left())
    }

    pub(crate) fn is_probing(&self) -> bool {
        self.state().is_probing
    }

    /// The server accepts requests again.
    pub(crate) fn end_probe(&self) {
        self.state().is_probing = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn left(&self) -> Option<Duration> {
        let left = self.until?.saturating_duration_since(Instant::now());
        Some(left).filter(|left| !left.is_zero())
    }
}

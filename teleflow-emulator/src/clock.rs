//! The emulator's clock: tokio's, so that a paused runtime stops it, plus what a test has moved it by.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::js::format_date;

#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    started_at: SystemTime,
    moved: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), started_at: SystemTime::now(), moved: Mutex::default() }
    }

    /// Time since the emulator was made.
    pub(crate) fn now(&self) -> Duration {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        self.started.elapsed().saturating_add(moved)
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved = moved.saturating_add(by);
    }

    /// Time since 1970.
    pub(crate) fn since_epoch(&self) -> Duration {
        self.started_at.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(self.now())
    }

    /// Now as the server writes it: `2024-05-01T00:00:00.000Z`.
    pub(crate) fn timestamp(&self) -> String {
        format_date(self.since_epoch())
    }
}

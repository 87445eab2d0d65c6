//! The emulator's clock: tokio's clock, which a test can pause, plus the time by which a test has advanced it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::js::format_date;

#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    started_at: SystemTime,
    advanced: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), started_at: SystemTime::now(), advanced: Mutex::default() }
    }

    /// The time since the emulator was created.
    pub(crate) fn now(&self) -> Duration {
        let advanced = *self.advanced.lock().unwrap_or_else(PoisonError::into_inner);
        self.started.elapsed().saturating_add(advanced)
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        let mut advanced = self.advanced.lock().unwrap_or_else(PoisonError::into_inner);
        *advanced = advanced.saturating_add(by);
    }

    /// The time since 1970.
    pub(crate) fn since_epoch(&self) -> Duration {
        self.started_at.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(self.now())
    }

    /// The current time as the server writes it: `2024-05-01T00:00:00.000Z`.
    pub(crate) fn timestamp(&self) -> String {
        format_date(self.since_epoch())
    }
}

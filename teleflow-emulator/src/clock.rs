//! The emulator's clock: tokio's clock, which a test can pause, plus the time by which a test has advanced it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::js::format_date;

#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    settings: Mutex<Settings>,
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    /// When the emulator was created, as time since 1970.
    started_at: Duration,
    advanced: Duration,
    /// The time since the emulator was created at which the clock was frozen.
    frozen: Option<Duration>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let settings = Settings { started_at: since_1970(SystemTime::now()), advanced: Duration::ZERO, frozen: None };
        Self { started: Instant::now(), settings: Mutex::new(settings) }
    }

    fn change(&self, change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut settings);
        *settings
    }

    /// The time since the emulator was created.
    pub(crate) fn now(&self) -> Duration {
        let Settings { advanced, frozen, .. } = self.change(|_| ());
        frozen.unwrap_or_else(|| self.started.elapsed()).saturating_add(advanced)
    }

    /// The time since 1970, in whole milliseconds, as JavaScript measures it.
    pub(crate) fn since_epoch(&self) -> Duration {
        let now = self.change(|_| ()).started_at.saturating_add(self.now());
        Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        self.change(|settings| settings.advanced = settings.advanced.saturating_add(by));
    }

    /// Stops the clock, so that only [`advance`](Self::advance) moves it.
    pub(crate) fn freeze(&self) {
        let elapsed = self.started.elapsed();
        self.change(|settings| settings.frozen = settings.frozen.or(Some(elapsed)));
    }

    /// Sets the current time.
    pub(crate) fn set(&self, time: SystemTime) {
        let now = self.now();
        self.change(|settings| settings.started_at = since_1970(time).saturating_sub(now));
    }

    /// The current time as the server writes it: `2024-05-01T00:00:00.000Z`.
    pub(crate) fn timestamp(&self) -> String {
        format_date(self.since_epoch())
    }
}

/// This duration after 1970, or the last whole second before it that the system can represent.
pub(crate) fn system_time(since_1970: Duration) -> SystemTime {
    if let Some(time) = UNIX_EPOCH.checked_add(since_1970) {
        return time;
    }
    let (mut represented, mut too_late) = (0, since_1970.as_secs());
    let mut last = UNIX_EPOCH;
    while represented + 1 < too_late {
        let middle = represented + (too_late - represented) / 2;
        match UNIX_EPOCH.checked_add(Duration::from_secs(middle)) {
            Some(time) => (represented, last) = (middle, time),
            None => too_late = middle,
        }
    }
    last
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

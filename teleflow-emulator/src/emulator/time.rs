//! The emulator's clock.

use std::time::{Duration, SystemTime};

use super::Emulator;
use crate::clock;

impl Emulator {
    /// Sets the current time of the emulator's clock, which is the time of the system at first. Call it before the first
    /// event: steps that wait keep their time. A time before 1970 becomes 1970.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let start = UNIX_EPOCH + Duration::from_secs(1_717_581_600);
    /// let emulator = teleflow_emulator::Emulator::new().with_time(start);
    /// emulator.advance(Duration::from_secs(60));
    /// assert!(emulator.now() >= start + Duration::from_secs(60));
    /// # });
    /// ```
    #[must_use]
    pub fn with_time(self, time: SystemTime) -> Self {
        self.shared.clock.set(time);
        self
    }

    /// Stops the emulator's clock, so that only [`advance`](Self::advance) and [`advance_to_idle`](Self::advance_to_idle)
    /// move it. Otherwise it follows tokio's clock, which runs unless a test pauses it.
    ///
    /// Rate limits do not refill then. Without an advance of a second, a cancel does not find an event that the worker has
    /// not processed: see [`run_worker`](Self::run_worker).
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let start = UNIX_EPOCH + Duration::from_secs(1_717_581_600);
    /// let emulator = teleflow_emulator::Emulator::new().with_time(start).with_frozen_clock();
    /// tokio::time::sleep(Duration::from_millis(2)).await;
    /// emulator.advance(Duration::from_secs(60));
    /// assert_eq!(emulator.now(), start + Duration::from_secs(60));
    /// # });
    /// ```
    #[must_use]
    pub fn with_frozen_clock(self) -> Self {
        self.shared.clock.freeze();
        self
    }

    /// The time of the emulator's clock, in whole milliseconds. It ends at the last time that the system can represent.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        clock::system_time(self.shared.clock.since_epoch())
    }

    /// Moves the emulator's clock forward, and lets the worker process everything that was queued or is due until then,
    /// each at its own time.
    ///
    /// Idempotency keys expire (after 24 hours), rate limits refill, and delays and digests end by this clock. Between two
    /// calls it runs on with tokio's clock: a test that compares times exactly pauses that, or uses
    /// [`with_frozen_clock`](Self::with_frozen_clock). After `tokio::time::advance`, the worker catches up when a method of the
    /// emulator looks at its results, and they have the same times.
    pub fn advance(&self, by: Duration) {
        let mut state = self.shared.lock();
        self.shared.clock.advance(by);
        state.catch_up(self.shared.clock.since_epoch());
    }

    /// Moves the emulator's clock from one due time to the next, until no step waits for a delay or a digest.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use teleflow::{Client, Event};
    /// use teleflow_emulator::{Emulator, StepStatus, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("reminder").delay(Duration::from_secs(60 * 60)));
    /// let client = Client::builder().transport(emulator.clone()).build()?;
    /// let start = emulator.now();
    /// Event::untyped("reminder", serde_json::json!({})).to("ada").send(&client).await?;
    ///
    /// emulator.advance_to_idle();
    /// assert!(emulator.now() >= start + Duration::from_secs(60 * 60));
    /// assert!(emulator.notifications()[0].steps().all(|step| step.status() == StepStatus::Completed));
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    pub fn advance_to_idle(&self) {
        let mut state = self.shared.lock();
        loop {
            let now = self.shared.clock.since_epoch();
            state.catch_up(now);
            let Some(due) = state.worker.next_due() else { return };
            self.shared.clock.advance(due.saturating_sub(now));
        }
    }
}

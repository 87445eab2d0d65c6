//! The state of an emulator, behind a lock.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::idempotency::IdempotencyCache;
use super::rate_limit::{Buckets, RateLimit};
use crate::clock::Clock;
use crate::database::store::Database;
use crate::faults::plan::Faults;
use crate::request_log::RequestLog;
use crate::worker::processed_job::ProcessedJob;
use crate::worker::timeline::Timeline;

/// The data that all clones of an emulator share.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    /// Whether the paths under `/__` are served.
    pub(crate) admin: AtomicBool,
    /// The number of requests after which everything that was sent is dropped.
    pub(crate) forget_after: AtomicUsize,
}

/// The data that requests read and change.
#[derive(Debug)]
pub(crate) struct State {
    /// The data that a reset restores.
    pub(crate) seeds: Database,
    pub(crate) database: Database,
    pub(crate) worker: Timeline,
    pub(crate) idempotency: IdempotencyCache,
    pub(crate) buckets: Buckets,
    pub(crate) settings: Settings,
    pub(crate) requests: RequestLog,
}

/// The settings of the server.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Whether `Idempotency-Key` is supported.
    pub(crate) idempotency: bool,
    pub(crate) rate_limit: RateLimit,
    /// Whether adding to the queue fails.
    pub(crate) queue_fails: bool,
    /// Adding to the queue takes this long.
    pub(crate) queue_delay: Duration,
    /// Whether a cancel finds events in the queue that the worker would have taken meanwhile.
    pub(crate) worker_on_demand: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            idempotency: true,
            rate_limit: RateLimit::Off,
            queue_fails: false,
            queue_delay: Duration::ZERO,
            worker_on_demand: false,
        }
    }
}

impl Shared {
    pub(crate) fn new(database: Database) -> Self {
        Self {
            state: Mutex::new(State::new(database)),
            clock: Clock::new(),
            faults: Faults::new(),
            admin: AtomicBool::new(false),
            forget_after: AtomicUsize::new(usize::MAX),
        }
    }

    /// Locks the state. No code panics while it has the lock, so poisoning is ignored.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(seeds: Database) -> Self {
        Self {
            database: seeds.clone(),
            seeds,
            worker: Timeline::default(),
            idempotency: IdempotencyCache::default(),
            buckets: Buckets::default(),
            settings: Settings::default(),
            requests: RequestLog::default(),
        }
    }

    /// Sets the service level, and refills all buckets.
    pub(crate) fn set_rate_limit(&mut self, level: RateLimit) {
        self.settings.rate_limit = level;
        self.buckets = Buckets::default();
    }

    /// Processes everything that was queued or due until `now`, the time since 1970.
    pub(crate) fn catch_up(&mut self, now: Duration) {
        self.worker.catch_up(&mut self.database, now);
    }

    /// Drops everything that was sent if there are more requests than the limit, and no step waits. With more than twice
    /// as many, the steps that wait are dropped too, since there may always be one.
    pub(crate) fn forget(&mut self, limit: usize, now: Duration) {
        let requests = self.requests.attempts().len();
        if requests <= limit {
            return;
        }
        self.catch_up(now);
        if self.worker.is_idle() || requests > limit.saturating_mul(2) {
            self.requests.clear();
            self.worker.clear_history();
            self.idempotency.clear();
        }
    }

    /// Lets parallel workers process every queued job.
    pub(crate) fn run_parallel_workers(&mut self, now: Duration) -> Vec<ProcessedJob> {
        self.worker.run_in_parallel(&mut self.database, now)
    }

    /// Restores the seeds and drops everything else.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(std::mem::take(&mut self.seeds));
    }
}

//! The emulator's state behind its lock.

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::history::History;
use crate::idempotency::Cache;
use crate::job::Job;
use crate::limit::{Buckets, RateLimit};
use crate::world::World;

/// What every clone of an emulator shares.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    /// Are the paths under `/__` served?
    pub(crate) admin: AtomicBool,
}

/// All that requests read and change.
#[derive(Debug)]
pub(crate) struct State {
    /// What a reset restores.
    pub(crate) seeds: World,
    pub(crate) world: World,
    pub(crate) queue: Vec<Job>,
    pub(crate) history: History,
    pub(crate) cache: Cache,
    pub(crate) buckets: Buckets,
    pub(crate) settings: Settings,
}

/// Switches of the server, as its operators set them.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Is `Idempotency-Key` heeded?
    pub(crate) idempotency: bool,
    pub(crate) rate_limit: RateLimit,
    /// Adding to the queue throws.
    pub(crate) queue_fail: bool,
    /// Adding to the queue takes this long.
    pub(crate) queue_delay: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { idempotency: true, rate_limit: RateLimit::Off, queue_fail: false, queue_delay: Duration::ZERO }
    }
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self {
            state: Mutex::new(State::new(world)),
            clock: Clock::new(),
            faults: Faults::new(),
            admin: AtomicBool::new(false),
        }
    }

    /// The state. Nothing panics while it is held, so a poisoned lock is as good as a sound one.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(seeds: World) -> Self {
        Self {
            world: seeds.clone(),
            seeds,
            queue: Vec::new(),
            history: History::default(),
            cache: Cache::default(),
            buckets: Buckets::default(),
            settings: Settings::default(),
        }
    }

    /// Sets the service level. The buckets are full again.
    pub(crate) fn limit_rate(&mut self, level: RateLimit) {
        self.settings.rate_limit = level;
        self.buckets = Buckets::default();
    }

    /// As at the start: the seeds alone.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(std::mem::take(&mut self.seeds));
    }
}

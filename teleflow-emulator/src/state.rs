//! The emulator's state behind its lock.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::job::{Job, Row};
use crate::world::World;

/// What every clone of an emulator shares.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) clock: Clock,
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
    pub(crate) rows: Rows,
    pub(crate) settings: Settings,
}

/// Switches of the server, as its operators set them.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Is `Idempotency-Key` heeded?
    pub(crate) idempotency: bool,
    /// Adding to the queue throws.
    pub(crate) queue_fail: bool,
    /// Adding to the queue takes this long.
    pub(crate) queue_delay: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { idempotency: true, queue_fail: false, queue_delay: Duration::ZERO }
    }
}

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self { state: Mutex::new(State::new(world)), clock: Clock::new(), admin: AtomicBool::new(false) }
    }

    /// The state. Nothing panics while it is held, so a poisoned lock is as good as a sound one.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new(seeds: World) -> Self {
        Self { world: seeds.clone(), seeds, queue: Vec::new(), rows: Rows::default(), settings: Settings::default() }
    }

    /// As at the start: the seeds alone.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(std::mem::take(&mut self.seeds));
    }
}

/// The worker's rows, by environment and transaction id.
#[derive(Debug, Default)]
pub(crate) struct Rows(HashMap<String, HashMap<String, Vec<Row>>>);

impl Rows {
    pub(crate) fn of(&self, environment_id: &str, transaction_id: &str) -> &[Row] {
        let rows = self.0.get(environment_id).and_then(|environment| environment.get(transaction_id));
        rows.map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn of_mut(&mut self, environment_id: &str, transaction_id: &str) -> &mut [Row] {
        let rows = self.0.get_mut(environment_id).and_then(|environment| environment.get_mut(transaction_id));
        rows.map(Vec::as_mut_slice).unwrap_or_default()
    }

    pub(crate) fn add(&mut self, environment_id: &str, transaction_id: &str, row: Row) {
        let environment = self.0.entry(environment_id.to_owned()).or_default();
        environment.entry(transaction_id.to_owned()).or_default().push(row);
    }
}

//! The state that the tasks of a relay share.

use std::time::Duration;

use teleflow::Client;

use super::gauges::{Counters, Gauges};
use super::lease_clock::LeaseClock;
use super::pause::PauseState;
use super::settler::{Settlements, Settler};
use crate::error::Result;
use crate::store::{Lease, Store};

/// The settings of a relay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) lease: Duration,
    pub(crate) concurrency: usize,
    pub(crate) give_up_after: Duration,
    pub(crate) keep_dead_for: Duration,
    pub(crate) archive_delivered: bool,
    pub(crate) merge: bool,
}

pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) pause: PauseState,
    pub(crate) counters: Counters,
    pub(crate) settler: Settler,
}

impl Shared {
    pub(crate) async fn gauges(&self) -> Result<Gauges> {
        let metrics = self.store.backend().metrics().await?;
        Ok(Gauges::new(metrics, &self.counters, self.pause.get()))
    }

    pub(crate) async fn settle(&self, settlements: Settlements, clock: &LeaseClock) {
        self.settler.settle(&self.store, &self.counters, settlements, clock).await;
    }

    pub(crate) async fn give_back(&self, leases: Vec<Lease>) {
        self.settler.give_back(&self.store, leases).await;
    }
}

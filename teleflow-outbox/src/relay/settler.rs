//! Settles what several tasks have finished in one transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turn, oneshot};
use tokio::time::sleep;

use super::gauges::Counters;
use super::lease_clock::LeaseClock;
use crate::error::{Error, Result};
use crate::store::{Lease, Settlement, Store};

/// Between two tries to settle, while the database does not respond.
const SETTLE_RETRY: Duration = Duration::from_millis(500);

/// The ends of the leases of a task.
pub(crate) type Settlements = Vec<(Lease, Settlement)>;

/// Settles for all tasks. While one transaction runs, the others wait, and the next transaction settles all of them.
#[derive(Default)]
pub(crate) struct Settler {
    pending: Mutex<Vec<Pending>>,
    turn: Turn<()>,
}

struct Pending {
    settlements: Settlements,
    reply: oneshot::Sender<SharedResult>,
}

type SharedResult = Result<Vec<bool>, Arc<Error>>;

impl Settler {
    /// Settles while the lease lasts. Counts the leases that were lost.
    pub(crate) async fn settle(
        &self,
        store: &Store,
        counters: &Counters,
        settlements: Settlements,
        clock: &LeaseClock,
    ) {
        if settlements.is_empty() {
            return;
        }
        let settled = loop {
            match self.settle_with_others(store, settlements.clone()).await {
                Ok(settled) => break settled,
                Err(error) if clock.left() > SETTLE_RETRY => {
                    tracing::warn!(error = error.chain(), "failed to settle requests; trying again");
                    sleep(SETTLE_RETRY).await;
                }
                Err(error) => {
                    tracing::error!(error = error.chain(), "failed to settle requests");
                    break Vec::new();
                }
            }
        };
        for (index, (lease, _)) in settlements.iter().enumerate() {
            if settled.get(index) != Some(&true) {
                counters.lost_leases.add_one();
                let id = lease.id;
                tracing::warn!(
                    id,
                    "the lease was lost before the request was settled; if it is still queued, it is sent again with the same ids"
                );
            }
        }
    }

    /// Makes claimed messages visible at once. It is tried once: if it fails, they are visible when their leases are over.
    pub(crate) async fn give_back(&self, store: &Store, leases: Vec<Lease>) {
        if leases.is_empty() {
            return;
        }
        let settlements = leases.into_iter().map(|lease| (lease, Settlement::GiveBack)).collect();
        if let Err(error) = store.backend().settle(settlements).await {
            tracing::warn!(error = error.chain(), "failed to give requests back");
        }
    }

    async fn settle_with_others(&self, store: &Store, settlements: Settlements) -> SharedResult {
        let (reply, mut result) = oneshot::channel();
        self.pending().push(Pending { settlements, reply });
        let _turn = self.turn.lock().await;
        // The task before this one may have settled for this one.
        if let Ok(result) = result.try_recv() {
            return result;
        }
        let pending = std::mem::take(&mut *self.pending());
        let lengths: Vec<usize> = pending.iter().map(|pending| pending.settlements.len()).collect();
        let (all, replies): (Vec<_>, Vec<_>) =
            pending.into_iter().map(|Pending { settlements, reply }| (settlements, reply)).unzip();
        let settled = store.backend().settle(all.into_iter().flatten().collect()).await.map_err(Arc::new);
        let mut start = 0;
        for (length, reply) in lengths.into_iter().zip(replies) {
            let part = settled.as_ref().map(|all| all.get(start..start + length).unwrap_or_default().to_vec());
            start += length;
            // A task that was dropped needs no reply.
            let _ = reply.send(part.map_err(Arc::clone));
        }
        result.try_recv().unwrap_or_else(|_| Err(Arc::new(Error::new("the task that settles ended early"))))
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Pending>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Claims messages, as many as can be sent soon, and starts a task for each batch.

use std::collections::VecDeque;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, timeout};

use super::batch::{Batch, read};
use super::claim_size::ClaimSize;
use super::lease_clock::LeaseClock;
use super::maintenance::{Maintenance, purge};
use super::send_batch::send_and_settle;
use super::shared::Shared;
use super::shutdown::Shutdown;
use crate::error::Result;
use crate::store::Claim;

/// The time between two looks at an empty queue, and after a failure of the database.
const POLL: Duration = Duration::from_secs(1);
/// How long a claim that runs when the relay is stopped may take, so that its messages are given back.
const LAST_CLAIM: Duration = Duration::from_secs(5);

/// Sends until `signal` is ready. Logs failures of the database.
pub(crate) async fn until_shutdown(shared: &Arc<Shared>, signal: impl Future<Output = ()>) {
    let mut signal = pin!(signal);
    let mut shutdown = Shutdown::new(signal.as_mut());
    let mut work = Work::new(shared);
    let mut maintenance = Maintenance::default();
    let mut next_claim = Instant::now();
    while !shutdown.is_signalled().await {
        maintenance.run(shared).await;
        work.start_waiting();
        if let Some(max) = work.room().filter(|_| next_claim <= Instant::now()) {
            let mut claim = pin!(claim(shared, max));
            let claimed = match shutdown.unless(claim.as_mut()).await {
                None => timeout(LAST_CLAIM, claim).await.ok(),
                claimed => claimed,
            };
            next_claim = Instant::now();
            match claimed {
                Some(Ok((claims, clock))) => {
                    // Otherwise there may be more.
                    if claims.len() < max {
                        next_claim += POLL;
                    }
                    work.add(claims, clock);
                }
                Some(Err(error)) => {
                    tracing::error!(error = error.chain(), "failed to claim requests; trying again");
                    next_claim += POLL;
                }
                None => {}
            }
            continue;
        }
        if shutdown.unless(work.room_or_ended(next_claim)).await.is_none() {
            break;
        }
    }
    work.finish().await;
}

/// Sends until nothing is visible and nothing is in flight, or until the relay pauses.
pub(crate) async fn until_empty(shared: &Arc<Shared>) -> Result<()> {
    purge(shared).await?;
    let mut work = Work::new(shared);
    let result = loop {
        work.start_waiting();
        if shared.pause.get().is_some() {
            break Ok(());
        }
        if let Some(max) = work.room() {
            let (claims, clock) = match claim(shared, max).await {
                Ok(claimed) => claimed,
                Err(error) => break Err(error),
            };
            if claims.is_empty() && work.is_idle() {
                break Ok(());
            }
            let is_full = claims.len() >= max;
            work.add(claims, clock);
            if is_full {
                continue;
            }
            work.start_waiting();
        }
        work.ended().await;
    };
    work.finish().await;
    result
}

async fn claim(shared: &Shared, max: usize) -> Result<(Vec<Claim>, LeaseClock)> {
    let lease = shared.settings.lease;
    let clock = LeaseClock::start(lease);
    Ok((shared.store.backend().claim(lease, max).await?, clock))
}

/// The batches of a relay.
struct Work<'a> {
    shared: &'a Arc<Shared>,
    tasks: JoinSet<()>,
    /// The batches that are sent next, so that no slot waits for the database.
    waiting: VecDeque<Batch>,
    size: ClaimSize,
}

impl<'a> Work<'a> {
    fn new(shared: &'a Arc<Shared>) -> Self {
        Self { shared, tasks: JoinSet::new(), waiting: VecDeque::new(), size: ClaimSize::default() }
    }

    fn is_idle(&self) -> bool {
        self.tasks.is_empty() && self.waiting.is_empty()
    }

    /// How many messages may be claimed now: for the free slots, and for as many batches that wait as there are slots.
    fn room(&self) -> Option<usize> {
        let Shared { settings, pause, .. } = &**self.shared;
        let in_hand = self.tasks.len() + self.waiting.len();
        if pause.get().is_some() {
            return None;
        }
        if pause.is_probing() {
            return (in_hand == 0).then_some(1);
        }
        // A claim for one slot at a time would be a transaction for each batch.
        let room = settings.concurrency.saturating_mul(2).saturating_sub(in_hand);
        (room > settings.concurrency / 2).then(|| self.size.of(room))
    }

    /// Adds claimed messages. Those that are not requests are settled at once.
    fn add(&mut self, claims: Vec<Claim>, clock: LeaseClock) {
        let (requests, settlements) = read(self.shared, claims);
        let messages = requests.len();
        let Shared { client, settings, .. } = &**self.shared;
        let batches = Batch::group(client, settings.merge, requests, clock);
        self.size.update(messages, batches.len());
        self.waiting.extend(batches);
        if !settlements.is_empty() {
            let shared = Arc::clone(self.shared);
            self.tasks.spawn(async move { shared.settle(settlements, &clock).await });
        }
    }

    /// Starts the batches that wait, while there are free slots. During a pause it gives them back.
    fn start_waiting(&mut self) {
        if self.shared.pause.get().is_some() {
            let leases: Vec<_> = self.waiting.drain(..).flat_map(|batch| batch.leases()).collect();
            if !leases.is_empty() {
                let shared = Arc::clone(self.shared);
                self.tasks.spawn(async move { shared.give_back(leases).await });
            }
            return;
        }
        while self.tasks.len() < self.shared.settings.concurrency
            && let Some(batch) = self.waiting.pop_front()
        {
            self.tasks.spawn(send_and_settle(Arc::clone(self.shared), batch));
        }
    }

    /// Waits until a task has ended, or until `next_claim` if there is room for more messages.
    async fn room_or_ended(&mut self, next_claim: Instant) {
        let now = Instant::now();
        let wait = match self.shared.pause.get() {
            Some((_, left)) => left.min(POLL),
            None if self.room().is_some() => next_claim.saturating_duration_since(now),
            None => POLL,
        };
        // Both outcomes are the same: the caller looks at the state again.
        let _ = timeout(wait, self.next_ended()).await;
    }

    /// Waits until a task has ended. Returns at once if there is none.
    async fn ended(&mut self) {
        if let Some(result) = self.tasks.join_next().await {
            log_panic(result);
        }
    }

    /// Waits until a task has ended; without tasks, for ever.
    async fn next_ended(&mut self) {
        match self.tasks.join_next().await {
            Some(result) => log_panic(result),
            None => pending().await,
        }
    }

    /// Gives the batches that wait back, and waits for those in flight.
    async fn finish(mut self) {
        let leases = self.waiting.iter().flat_map(Batch::leases).collect();
        self.shared.give_back(leases).await;
        while !self.tasks.is_empty() {
            self.ended().await;
        }
    }
}

fn log_panic(result: Result<(), JoinError>) {
    if let Err(error) = result {
        // Its messages are claimed again when their lease is over.
        tracing::error!(error = tracing::field::display(&error), "the task of a batch panicked");
    }
}

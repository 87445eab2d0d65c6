//! Claims messages, as many as can be sent now, and starts a task for each.

use std::future::{pending, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::lease_clock::LeaseClock;
use super::send_claim::{give_back, send_and_settle};
use super::shared::Shared;
use crate::error::Result;
use crate::store::Claim;

/// The time between two looks at an empty queue, and after a failure of the database.
const POLL: Duration = Duration::from_secs(1);
const LOG_GAUGES: Duration = Duration::from_secs(60);
const PURGE: Duration = Duration::from_secs(3600);

/// Sends until `shutdown` is ready. Logs failures of the database.
pub(crate) async fn until_shutdown(shared: &Arc<Shared>, shutdown: impl Future<Output = ()>) {
    let mut shutdown = pin!(shutdown);
    let mut tasks = JoinSet::new();
    let mut maintenance = Maintenance::default();
    while !is_ready(&mut shutdown).await {
        maintenance.run(shared).await;
        let claimed = match claim(shared, &tasks).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(error = tracing::field::display(&error), "failed to claim requests; trying again");
                None
            }
        };
        if let Some((claims, clock)) = claimed
            && !claims.is_empty()
        {
            if is_ready(&mut shutdown).await {
                for claim in claims {
                    give_back(shared, claim.lease, &clock).await;
                }
                break;
            }
            start(shared, &mut tasks, claims, clock);
        }
        // A full relay waits for a task; otherwise there may be new messages.
        let wait = if tasks.len() >= shared.settings.concurrency { Duration::MAX } else { POLL };
        if unless(&mut shutdown, timeout(wait, ended(&mut tasks))).await.is_none() {
            break;
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// Sends until nothing is visible and nothing is in flight, or until the relay pauses.
pub(crate) async fn until_empty(shared: &Arc<Shared>) -> Result<()> {
    let mut tasks = JoinSet::new();
    purge(shared).await?;
    let result = loop {
        match claim(shared, &tasks).await {
            Err(error) => break Err(error),
            Ok(None) if shared.pause.left().is_some() => break Ok(()),
            Ok(Some((claims, _))) if claims.is_empty() && tasks.is_empty() => break Ok(()),
            Ok(None) => {}
            Ok(Some((claims, clock))) => start(shared, &mut tasks, claims, clock),
        }
        tasks.join_next().await;
    };
    while tasks.join_next().await.is_some() {}
    result
}

/// Claims as many messages as can be sent now. `None` if the relay is full or pauses.
async fn claim(shared: &Shared, tasks: &JoinSet<()>) -> Result<Option<(Vec<Claim>, LeaseClock)>> {
    let free = shared.settings.concurrency.saturating_sub(tasks.len());
    if free == 0 || shared.pause.left().is_some() {
        return Ok(None);
    }
    let clock = LeaseClock::start(shared.settings.lease);
    let claims = shared.store.backend().claim(shared.settings.lease, free).await?;
    Ok(Some((claims, clock)))
}

fn start(shared: &Arc<Shared>, tasks: &mut JoinSet<()>, claims: Vec<Claim>, clock: LeaseClock) {
    for claim in claims {
        tasks.spawn(send_and_settle(Arc::clone(shared), claim, clock));
    }
}

/// Waits until a task has ended; without tasks, for ever.
async fn ended(tasks: &mut JoinSet<()>) {
    match tasks.join_next().await {
        Some(Ok(())) => {}
        // Its message is claimed again when its lease is over, until it is too old.
        Some(Err(error)) => tracing::error!(error = tracing::field::display(&error), "the task of a request panicked"),
        None => pending().await,
    }
}

/// The result of `work`, or `None` if `stop` is ready first.
async fn unless<T>(stop: &mut Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| match stop.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}

async fn is_ready(future: &mut Pin<&mut impl Future<Output = ()>>) -> bool {
    unless(future, ready(())).await.is_none()
}

/// The tasks that a relay does from time to time.
#[derive(Default)]
struct Maintenance {
    logged: Option<Instant>,
    purged: Option<Instant>,
}

impl Maintenance {
    async fn run(&mut self, shared: &Shared) {
        let is_due = |last: Option<Instant>, every| last.is_none_or(|last| last.elapsed() >= every);
        let mut result = Ok(());
        if is_due(self.purged, PURGE) {
            self.purged = Some(Instant::now());
            result = purge(shared).await;
        }
        if is_due(self.logged, LOG_GAUGES) {
            self.logged = Some(Instant::now());
            match shared.gauges().await {
                Ok(gauges) => gauges.log(),
                Err(error) => result = Err(error),
            }
        }
        if let Err(error) = result {
            tracing::error!(error = tracing::field::display(&error), "failed to read or clean the queue");
        }
    }
}

async fn purge(shared: &Shared) -> Result<()> {
    let deleted = shared.store.backend().purge_dead(shared.settings.keep_dead_for).await?;
    if deleted > 0 {
        tracing::info!(deleted, "deleted old dead requests");
    }
    Ok(())
}

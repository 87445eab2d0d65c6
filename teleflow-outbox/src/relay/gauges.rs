//! `Gauges`: the numbers to watch.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use teleflow::Pause;

use crate::store::Metrics;

/// The state of a queue, and the counts of one relay since it was built.
///
/// ```
/// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
/// let gauges = relay.gauges().await?;
/// if gauges.dead > 0 || gauges.oldest_age.is_some_and(|age| age.as_secs() > 600) {
///     eprintln!("look at the outbox: {gauges:?}");
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gauges {
    /// The requests in the queue, including those in flight and those that wait for another attempt.
    pub queued: u64,
    /// The age of the oldest of them.
    pub oldest_age: Option<Duration>,
    /// The dead requests.
    pub dead: u64,
    /// How many requests this relay has sent completely.
    pub sent: u64,
    /// How many times this relay has put a request back, to be sent again.
    pub retried: u64,
    /// How many leases were lost before this relay could settle the request.
    pub lost_leases: u64,
    /// How many times this relay has claimed a request that a newer version of this library stored.
    pub newer_version: u64,
    /// The time until this relay claims again, if it pauses.
    pub paused: Option<Duration>,
    /// Why it pauses. Somebody has to act, unless it is [`Pause::RateLimit`].
    pub pause: Option<Pause>,
}

/// The counts of one relay.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) sent: Count,
    pub(crate) retried: Count,
    pub(crate) lost_leases: Count,
    pub(crate) newer_version: Count,
}

#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Gauges {
    pub(crate) fn new(metrics: Metrics, counters: &Counters, pause: Option<(Pause, Duration)>) -> Self {
        Self {
            queued: metrics.queued,
            oldest_age: metrics.oldest_age,
            dead: metrics.dead,
            sent: counters.sent.get(),
            retried: counters.retried.get(),
            lost_leases: counters.lost_leases.get(),
            newer_version: counters.newer_version.get(),
            paused: pause.map(|(_, left)| left),
            pause: pause.map(|(cause, _)| cause),
        }
    }

    pub(crate) fn log(&self) {
        let seconds = |duration: Option<Duration>| duration.map(|duration| duration.as_secs());
        tracing::info!(
            queued = self.queued,
            oldest_age_s = seconds(self.oldest_age),
            dead = self.dead,
            sent = self.sent,
            retried = self.retried,
            lost_leases = self.lost_leases,
            newer_version = self.newer_version,
            paused_s = seconds(self.paused),
            pause = self.pause.map(tracing::field::debug),
            "outbox"
        );
    }
}

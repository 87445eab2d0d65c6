//! `Progress`: the counters of a fan-out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Result;
use crate::receipt::Receipt;

/// The counters of a [`FanOut`](super::FanOut), for example for a progress bar.
///
/// It is cheap to clone, and may be read from other tasks and threads. `taken` is always the sum of the other three.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) {
/// use std::time::Duration;
///
/// use teleflow::Event;
///
/// let events = (0..1_000_000).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada"));
/// let mut out = client.fan_out(events);
/// let progress = out.progress();
/// let bar = tokio::spawn(async move {
///     loop {
///         println!("{} queued, {} failed, {} pending", progress.queued(), progress.failed(), progress.pending());
///         tokio::time::sleep(Duration::from_secs(1)).await;
///     }
/// });
/// while let Some((position, result)) = out.next().await {
///     if let Err(error) = result {
///         eprintln!("event {position}: {error}");
///     }
/// }
/// bar.abort();
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    taken: AtomicUsize,
    queued: AtomicUsize,
    failed: AtomicUsize,
}

impl Progress {
    /// The number of events that were taken from the source.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.0.taken.load(Ordering::Acquire)
    }

    /// The number of events that the server reported as queued.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.0.queued.load(Ordering::Acquire)
    }

    /// The number of events that ended with an error.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.0.failed.load(Ordering::Acquire)
    }

    /// The number of events that were taken from the source and have no result yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        // In this order: an event is counted in `taken` before it has a result.
        let ended = self.queued() + self.failed();
        self.taken().saturating_sub(ended)
    }

    pub(super) fn set_taken(&self, events: usize) {
        self.0.taken.store(events, Ordering::Release);
    }

    /// Counts events that have their results.
    pub(super) fn end<'a>(&self, results: impl IntoIterator<Item = &'a Result<Receipt>>) {
        let (mut queued, mut failed) = (0, 0);
        for result in results {
            *(if result.is_ok() { &mut queued } else { &mut failed }) += 1;
        }
        self.0.queued.fetch_add(queued, Ordering::Release);
        self.0.failed.fetch_add(failed, Ordering::Release);
    }
}

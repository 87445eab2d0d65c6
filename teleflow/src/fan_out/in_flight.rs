//! The batches in flight. Each has a task of its own.

use std::any::Any;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::{Id, JoinError, JoinSet};
use tracing::Instrument;

use super::progress::Progress;
use super::results::BatchResults;
use crate::bulk::{Bulk, PreparedBulk};
use crate::client::Client;
use crate::dispatch::Aborted;
use crate::error::Result;
use crate::receipt::Receipt;

/// The batches in flight.
///
/// Tasks, not futures that are polled here: an attempt must not time out while the caller works on earlier results.
/// Dropping a `JoinSet` ends its tasks.
pub(super) struct InFlight {
    client: Client,
    progress: Progress,
    tasks: JoinSet<Vec<Result<Receipt>>>,
    batches: Vec<SentBatch>,
}

/// A batch that is being sent.
struct SentBatch {
    task: Id,
    /// The position of its first event.
    first: usize,
    events: Arc<PreparedBulk>,
}

/// A batch that has ended.
pub(super) struct EndedBatch {
    pub(super) results: BatchResults,
    /// The panic that ended it, for the caller: as if the caller had awaited the request.
    pub(super) panic: Option<Box<dyn Any + Send>>,
}

impl InFlight {
    pub(super) fn new(client: Client) -> Self {
        Self { client, progress: Progress::default(), tasks: JoinSet::new(), batches: Vec::new() }
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The number of batches that [`poll_ended`](Self::poll_ended) has not returned.
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Starts to send a batch whose first event has the position `first`. Without a tokio runtime it ends at once.
    pub(super) fn start(&mut self, first: usize, batch: Bulk, context: &mut Context<'_>) -> Option<BatchResults> {
        let events = Arc::new(batch.prepare());
        let Ok(runtime) = Handle::try_current() else {
            let results = match pin!(events.send(&self.client)).poll(context) {
                Poll::Ready(results) => results,
                Poll::Pending => events.aborted(Aborted::RuntimeShutDown),
            };
            self.progress.end(&results);
            return Some(BatchResults::new(first, results));
        };
        let (client, progress, sent) = (self.client.clone(), self.progress.clone(), Arc::clone(&events));
        let task = async move {
            let results = sent.send(&client).await;
            progress.end(&results);
            results
        };
        let task = self.tasks.spawn_on(task.in_current_span(), &runtime).id();
        self.batches.push(SentBatch { task, first, events });
        None
    }

    /// Returns a batch that has ended. `None` if there is none in flight.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Option<EndedBatch>> {
        loop {
            let (task, results) = match self.tasks.poll_join_next_with_id(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Ok((task, results)))) => (task, Ok(results)),
                Poll::Ready(Some(Err(error))) => (error.id(), Err(error)),
            };
            let Some(index) = self.batches.iter().position(|batch| batch.task == task) else { continue };
            let SentBatch { first, events, .. } = self.batches.swap_remove(index);
            let (results, panic) = results.map_or_else(|error| self.abort(&events, error), |results| (results, None));
            return Poll::Ready(Some(EndedBatch { results: BatchResults::new(first, results), panic }));
        }
    }

    /// The results of a batch whose task ended early, and its panic.
    fn abort(&self, events: &PreparedBulk, error: JoinError) -> (Vec<Result<Receipt>>, Option<Box<dyn Any + Send>>) {
        let panic = error.try_into_panic().ok();
        let results = events.aborted(if panic.is_some() { Aborted::Panic } else { Aborted::RuntimeShutDown });
        self.progress.end(&results);
        (results, panic)
    }
}

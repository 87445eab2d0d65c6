//! The batches in flight. Each has a task of its own.

use std::panic;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::{Id, JoinSet};
use tracing::Instrument;

use super::progress::Progress;
use crate::bulk::{Bulk, PreparedBulk};
use crate::client::Client;
use crate::error::Result;
use crate::receipt::Receipt;

/// The batches in flight.
///
/// Tasks, not futures that are polled here: an attempt must not time out while the caller works on earlier results.
/// Dropping a `JoinSet` ends its tasks.
pub(super) struct Requests {
    client: Client,
    progress: Progress,
    tasks: JoinSet<Vec<Result<Receipt>>>,
    batches: Vec<Sent>,
}

/// A batch that is being sent.
struct Sent {
    task: Id,
    /// The position of its first event.
    first: usize,
    batch: Arc<PreparedBulk>,
}

/// A batch that has ended: the position of its first event, and one result per event.
pub(super) type Ended = (usize, Vec<Result<Receipt>>);

impl Requests {
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
    pub(super) fn start(&mut self, first: usize, batch: Bulk, context: &mut Context<'_>) -> Option<Ended> {
        let batch = Arc::new(batch.prepare());
        let Ok(runtime) = Handle::try_current() else {
            let results = match pin!(batch.send(&self.client)).poll(context) {
                Poll::Ready(results) => results,
                Poll::Pending => batch.aborted(),
            };
            self.progress.end(&results);
            return Some((first, results));
        };
        let (client, progress, sent) = (self.client.clone(), self.progress.clone(), Arc::clone(&batch));
        let task = async move {
            let results = sent.send(&client).await;
            progress.end(&results);
            results
        };
        let task = self.tasks.spawn_on(task.in_current_span(), &runtime).id();
        self.batches.push(Sent { task, first, batch });
        None
    }

    /// Returns a batch that has ended. `None` if there is none in flight.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Option<Ended>> {
        loop {
            let (task, results) = match self.tasks.poll_join_next_with_id(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Ok((task, results)))) => (task, Some(results)),
                // As if the request had been awaited here.
                Poll::Ready(Some(Err(error))) if error.is_panic() => panic::resume_unwind(error.into_panic()),
                Poll::Ready(Some(Err(error))) => (error.id(), None),
            };
            let Some(index) = self.batches.iter().position(|sent| sent.task == task) else { continue };
            let Sent { first, batch, .. } = self.batches.swap_remove(index);
            let results = results.unwrap_or_else(|| {
                let results = batch.aborted();
                self.progress.end(&results);
                results
            });
            return Poll::Ready(Some((first, results)));
        }
    }
}

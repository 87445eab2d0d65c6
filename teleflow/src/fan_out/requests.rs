//! The requests in flight. Each has a task of its own.

use std::panic;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::{Id, JoinSet};
use tracing::Instrument;

use super::progress::Progress;
use crate::bulk::Chunk;
use crate::client::Client;
use crate::dispatch::Ended;
use crate::error::Result;
use crate::history::History;
use crate::receipt::Receipt;
use crate::send_request::send_request;

/// The requests in flight.
///
/// Tasks, not futures that are polled here: an attempt must not time out while the caller works on earlier results.
/// Dropping a `JoinSet` ends its tasks.
pub(super) struct Requests {
    client: Client,
    progress: Progress,
    tasks: JoinSet<Vec<Result<Receipt>>>,
    chunks: Vec<(Id, Arc<Chunk>)>,
}

/// A request that has ended.
pub(super) struct Finished {
    chunk: Arc<Chunk>,
    results: Vec<Result<Receipt>>,
}

impl Finished {
    /// The results with their positions.
    pub(super) fn into_results(self) -> impl Iterator<Item = (usize, Result<Receipt>)> {
        let Self { chunk, results } = self;
        results.into_iter().enumerate().filter_map(move |(index, result)| Some((*chunk.positions.get(index)?, result)))
    }
}

impl Requests {
    pub(super) fn new(client: Client) -> Self {
        Self { client, progress: Progress::default(), tasks: JoinSet::new(), chunks: Vec::new() }
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The number of requests that have not been returned by [`poll_finished`](Self::poll_finished).
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Starts to send a request. Without a tokio runtime it ends at once.
    pub(super) fn start(&mut self, chunk: Chunk) -> Option<Finished> {
        let chunk = Arc::new(chunk);
        let Ok(runtime) = Handle::try_current() else {
            let results = Ended::no_runtime(History::default()).results(&chunk.request);
            self.progress.end(&results);
            return Some(Finished { chunk, results });
        };
        let (client, progress, sent) = (self.client.clone(), self.progress.clone(), Arc::clone(&chunk));
        let task = async move {
            // A refusal ends this request only: the caller decides whether to send the others.
            let results = send_request(&client, &sent.request, &mut None).await;
            progress.end(&results);
            results
        };
        let task = self.tasks.spawn_on(task.in_current_span(), &runtime);
        self.chunks.push((task.id(), chunk));
        None
    }

    /// Returns a request that has ended. `None` if there is no request in flight.
    pub(super) fn poll_finished(&mut self, context: &mut Context<'_>) -> Poll<Option<Finished>> {
        loop {
            let (id, results) = match self.tasks.poll_join_next_with_id(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Ok((id, results)))) => (id, Some(results)),
                Poll::Ready(Some(Err(error))) => (error.id(), {
                    if error.is_panic() {
                        // As if the request had been awaited here.
                        panic::resume_unwind(error.into_panic());
                    }
                    None
                }),
            };
            let Some(index) = self.chunks.iter().position(|(other, _)| *other == id) else { continue };
            let (_, chunk) = self.chunks.swap_remove(index);
            let results = results.unwrap_or_else(|| {
                let results = Ended::aborted().results(&chunk.request);
                self.progress.end(&results);
                results
            });
            return Poll::Ready(Some(Finished { chunk, results }));
        }
    }
}

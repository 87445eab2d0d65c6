//! The events that are collected for the next request.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use crate::bulk::{Bulk, Chunk, IntoBulkEvent, Splitter};
use crate::error::Error;

/// The events that are collected for the next request, as JSON.
#[derive(Default)]
pub(super) struct Batch {
    /// The event that is being added.
    event: Bulk,
    splitter: Splitter,
    /// When the first event was added.
    since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.splitter.unfinished() == 0
    }

    /// Serializes an event and adds it.
    ///
    /// # Errors
    ///
    /// If the event is invalid. It is then not added.
    pub(super) fn add(&mut self, position: usize, event: impl IntoBulkEvent) -> Result<(), Error> {
        self.event.push(event);
        if let Some((_, error)) = self.event.drain_into(&mut self.splitter, position).pop() {
            return Err(error);
        }
        // An event that has no space in the request starts the next one.
        if self.splitter.unfinished() == 1 {
            self.since = Some(Instant::now());
        }
        Ok(())
    }

    /// The requests that are full.
    pub(super) fn full(&mut self) -> impl Iterator<Item = Chunk> {
        self.splitter.take_chunks()
    }

    /// All events, in requests that may not be full.
    pub(super) fn flush(&mut self) -> impl Iterator<Item = Chunk> {
        self.splitter.finish_chunk();
        self.splitter.take_chunks()
    }

    /// Returns when the first event has waited for this long. Never if there is no event.
    pub(super) fn poll_waited(&mut self, wait: Duration, context: &mut Context<'_>) -> Poll<()> {
        let Some(since) = self.since.filter(|_| !self.is_empty()) else { return Poll::Pending };
        if Handle::try_current().is_err() {
            // There are no timers, and the request fails.
            return Poll::Ready(());
        }
        // A wait that is too long for an `Instant` never ends.
        let Some(until) = since.checked_add(wait) else { return Poll::Pending };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        if sleep.deadline() != until {
            sleep.as_mut().reset(until);
        }
        sleep.as_mut().poll(context)
    }
}

//! The events that are collected for the next request.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use crate::bulk::{Bulk, IntoBulkEvent};

/// The events that are collected for the next request.
#[derive(Default)]
pub(super) struct Batch {
    events: Bulk,
    /// When the first event was added.
    since: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.events.is_full()
    }

    /// Serializes an event and adds it.
    pub(super) fn add(&mut self, event: impl IntoBulkEvent) {
        self.events.push(event);
        if self.events.len() == 1 {
            self.since = Some(Instant::now());
        }
    }

    /// Takes the events of the next request. An event that would make it too large stays.
    pub(super) fn take(&mut self) -> Bulk {
        let events = self.events.take();
        self.since = (!self.events.is_empty()).then(Instant::now);
        events
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Returns when the first event has waited for this long. Never if there is no event.
    pub(super) fn poll_waited(&mut self, wait: Duration, context: &mut Context<'_>) -> Poll<()> {
        let Some(since) = self.since else { return Poll::Pending };
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

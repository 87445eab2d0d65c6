//! `FromIter`: an iterator as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

/// The events of an iterator as a stream: the source of [`Client::fan_out`](crate::Client::fan_out).
///
/// ```
/// use teleflow::fan_out::{FanOut, FromIter};
/// use teleflow::{Client, IntoBulkEvent};
///
/// struct Campaign<I> {
///     events: FanOut<FromIter<I>>,
/// }
///
/// fn campaign<I: Iterator<Item: IntoBulkEvent>>(client: &Client, events: I) -> Campaign<I> {
///     Campaign { events: client.fan_out(events) }
/// }
/// ```
pub struct FromIter<I>(I);

impl<I> FromIter<I> {
    pub(super) fn new(events: I) -> Self {
        Self(events)
    }
}

/// The iterator is never pinned.
impl<I> Unpin for FromIter<I> {}

impl<I: Iterator> Stream for FromIter<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// Hides the events.
impl<I> fmt::Debug for FromIter<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromIter").finish_non_exhaustive()
    }
}

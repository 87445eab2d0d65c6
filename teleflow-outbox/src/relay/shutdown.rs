//! The signal that ends a relay.

use std::future::{poll_fn, ready};
use std::pin::{Pin, pin};
use std::task::Poll;

/// A future that may be polled after it was ready.
pub(crate) struct Shutdown<'a, F> {
    signal: Pin<&'a mut F>,
    is_over: bool,
}

impl<'a, F: Future<Output = ()>> Shutdown<'a, F> {
    pub(crate) fn new(signal: Pin<&'a mut F>) -> Self {
        Self { signal, is_over: false }
    }

    /// Whether the relay ends.
    pub(crate) async fn is_signalled(&mut self) -> bool {
        self.unless(ready(())).await.is_none()
    }

    /// The result of `work`, or `None` if the relay ends first. `work` is then dropped.
    pub(crate) async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            self.is_over = self.is_over || self.signal.as_mut().poll(context).is_ready();
            if self.is_over { Poll::Ready(None) } else { work.as_mut().poll(context).map(Some) }
        })
        .await
    }
}

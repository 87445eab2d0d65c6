//! `Client::fan_out`: any number of events, in a stream, with bounded memory.
//!
//! [`Client::fan_out`] takes an iterator, [`Client::fan_out_stream`] a stream. Both return a [`FanOut`].

use std::fmt;
use std::future::poll_fn;
use std::panic;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::{FusedStream, Stream};

use crate::bulk::{IntoBulkEvent, MAX_EVENTS};
use crate::client::Client;
use crate::error::Result;
use crate::receipt::Receipt;

mod batch;
mod from_iter;
mod in_flight;
mod progress;
mod results;

pub use from_iter::FromIter;
pub use progress::Progress;

use batch::Batch;
use in_flight::{EndedBatch, InFlight};
use results::Results;

const DEFAULT_CONCURRENCY: usize = 4;
const DEFAULT_FLUSH: Duration = Duration::from_millis(50);

impl Client {
    /// Sends the events of an iterator of any length, in requests of up to 100 events and 4 MiB, several at a time.
    ///
    /// Returns a stream with one result for each event, with the event's position, starting at 0. See [`FanOut`] for its
    /// settings and what it promises. Pass `&mut events` to keep the events that are left after [`FanOut::stop`].
    ///
    /// Events of several workflows can be mixed: [`Event::into_request`](crate::Event::into_request) gives them one type.
    /// Stored requests of one event also work.
    ///
    /// ```no_run
    /// # use teleflow::{Client, TeleflowWorkflow};
    /// #[derive(serde::Serialize, TeleflowWorkflow)]
    /// #[teleflow(trigger = "newsletter")]
    /// struct Newsletter<'a> {
    ///     subject: &'a str,
    /// }
    ///
    /// # async fn f(client: Client, readers: Vec<String>) {
    /// let events = readers.iter().map(|reader| Newsletter { subject: "May" }.to(reader));
    /// let mut out = client.fan_out(events).concurrency(8);
    /// while let Some((position, result)) = out.next().await {
    ///     if let Err(error) = result {
    ///         eprintln!("{}: {error}", readers[position]);
    ///     }
    /// }
    /// # }
    /// ```
    pub fn fan_out<I>(&self, events: I) -> FanOut<FromIter<I::IntoIter>>
    where
        I: IntoIterator<Item: IntoBulkEvent>,
    {
        FanOut::new(self.clone(), FromIter::new(events.into_iter()))
    }

    /// Sends the events of a stream, as [`fan_out`](Self::fan_out) does with those of an iterator.
    ///
    /// While the stream has no event ready, the events that were collected wait for at most
    /// [`flush_after`](FanOut::flush_after).
    ///
    /// ```no_run
    /// # use futures_core::Stream;
    /// # use teleflow::{Client, TeleflowWorkflow};
    /// # #[derive(serde::Serialize, TeleflowWorkflow)]
    /// # #[teleflow(trigger = "newsletter")]
    /// # struct Newsletter {}
    /// async fn send_all(client: Client, events: impl Stream<Item = teleflow::Event<Newsletter, String>>) {
    ///     let mut out = client.fan_out_stream(events);
    ///     while let Some((position, result)) = out.next().await {
    ///         if let Err(error) = result {
    ///             eprintln!("event {position}: {error}");
    ///         }
    ///     }
    /// }
    /// ```
    pub fn fan_out_stream<S>(&self, events: S) -> FanOut<Pin<Box<S>>>
    where
        S: Stream<Item: IntoBulkEvent>,
    {
        FanOut::new(self.clone(), Box::pin(events))
    }
}

/// A stream of results: one for each event of a source, with the event's position. [`Client::fan_out`] returns it.
///
/// * **Requests** have up to 100 events and 4 MiB, as those of a [`Bulk`](crate::Bulk), and follow the same rules: an invalid
///   event does not stop the others, and events are sent alone where [`Bulk::plan`](crate::Bulk::plan) says so. Up to
///   [`concurrency`](Self::concurrency) requests are in flight.
/// * **Memory** does not depend on the number of events. An event is serialized when it is taken from the source, so it may
///   borrow and need not be `Send`. The source is asked for an event only while fewer than 100 events per concurrent
///   request were taken without their results having been returned.
/// * **Results** are returned in the order in which the requests end, or in that of the source: [`ordered`](Self::ordered).
///   The events may arrive at the server in any order.
/// * **An error** concerns one request; the other requests are still sent. A refused API key therefore fails every event:
///   call [`stop`](Self::stop) to send no more.
/// * **Dropping it** stops it: nothing more is sent. The requests in flight are given up, and the server may have queued
///   their events.
///
/// Requests in flight proceed while you work on a result, but a new one starts only while the stream is polled.
///
/// It requires a tokio runtime. Without one nothing is sent, and every result is
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
///
/// # Panics
///
/// As [`Sending`](crate::Sending) does. The stream also passes on these panics, after which it can be polled again:
///
/// * **Of the source, or of an event's `Serialize`**: the source is dropped, as by [`stop`](Self::stop), which then returns the
///   position of that event. The events before it are sent. The event itself is lost, also if the source is `&mut events`.
/// * **Of a custom transport**: the requests of its batch are given up. The next results include one for each of their
///   events, of kind [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted), because the server may have queued them.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) {
/// use teleflow::{ErrorKind, Event};
///
/// let mut numbers = 0..1_000_000;
/// let events = numbers.by_ref().map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada"));
/// let mut out = client.fan_out(events).concurrency(4).ordered();
/// while let Some((position, result)) = out.next().await {
///     match result {
///         Ok(receipt) => println!("{position} is queued as {}", receipt.transaction_id()),
///         Err(error) if error.kind() == ErrorKind::Unauthorized => {
///             eprintln!("{error}; sending no event from {} on", out.stop());
///         }
///         Err(error) => eprintln!("{position}: {error}"),
///     }
/// }
/// drop(out);
/// println!("{} events were not sent", numbers.len());
/// # }
/// ```
#[must_use = "a stream does nothing unless polled"]
pub struct FanOut<S> {
    /// `None` after its end, after `stop`, and after a panic of it or of an event.
    source: Option<S>,
    batch: Batch,
    in_flight: InFlight,
    results: Results,
    concurrency: usize,
    flush_after: Duration,
    /// The number of events that were taken from the source.
    taken: usize,
    /// The number of results that were returned.
    returned: usize,
}

impl<S> FanOut<S> {
    fn new(client: Client, source: S) -> Self {
        Self {
            source: Some(source),
            batch: Batch::default(),
            in_flight: InFlight::new(client),
            results: Results::default(),
            concurrency: DEFAULT_CONCURRENCY,
            flush_after: DEFAULT_FLUSH,
            taken: 0,
            returned: 0,
        }
    }

    /// Sets how many requests may be in flight. The default is 4, and 0 counts as 1.
    ///
    /// It also bounds the memory: see [`FanOut`]. A request that has to wait for the plan's rate limit past its
    /// [`deadline`](crate::ClientBuilder::deadline) fails, so more requests than the limit allows in this time do not help.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Returns the results in the order of the source.
    ///
    /// A slow request then delays the results of those after it, and finally delays the source, because the memory is bounded.
    /// A request that is not full is then sent without a wait for more events.
    /// Has no effect once the stream was polled.
    pub fn ordered(mut self) -> Self {
        if self.taken == 0 {
            self.results.set_ordered();
        }
        self
    }

    /// Sets how long an event waits for others to fill its request, while the source has none ready. The default is 50 ms.
    ///
    /// A longer wait makes fewer requests. A bulk costs 100 of the plan's rate limit, whatever the number of its events; see
    /// [`Bulk::plan`](crate::Bulk::plan) for when events are sent alone.
    pub fn flush_after(mut self, wait: Duration) -> Self {
        self.flush_after = wait;
        self
    }

    /// The counters: a handle that is cheap to clone.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.in_flight.progress().clone()
    }

    /// Takes no more events from the source. Returns the position of the first event that was not taken.
    ///
    /// The events before this position are sent, and the stream ends after their results. That event and those after it are
    /// not begun. They are still in the source, if it was passed as `&mut events`.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, shutdown: impl Future<Output = ()>) {
    /// use std::pin::pin;
    ///
    /// use teleflow::Event;
    ///
    /// let events = (0..1_000_000).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada"));
    /// let mut out = client.fan_out(events);
    /// let (mut rest, mut shutdown) = (None, pin!(shutdown));
    /// loop {
    ///     tokio::select! {
    ///         next = out.next() => match next {
    ///             Some((position, result)) => println!("{position}: {result:?}"),
    ///             None => break,
    ///         },
    ///         () = &mut shutdown, if rest.is_none() => rest = Some(out.stop()),
    ///     }
    /// }
    /// if let Some(position) = rest {
    ///     println!("continue at event {position}");
    /// }
    /// # }
    /// ```
    pub fn stop(&mut self) -> usize {
        self.source = None;
        self.taken
    }

    /// The number of events that were taken and whose results were not returned.
    fn unreturned(&self) -> usize {
        self.taken - self.returned
    }
}

impl<S: Stream<Item: IntoBulkEvent> + Unpin> FanOut<S> {
    /// The next result, with the position of its event. `None` after the last one.
    ///
    /// It is cancel safe: a future that is dropped loses no result. `futures::StreamExt` is not needed.
    pub async fn next(&mut self) -> Option<(usize, Result<Receipt>)> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes events from the source and sends batches, until the source has no event ready or a limit is reached.
    fn fill(&mut self, context: &mut Context<'_>) {
        loop {
            let is_last = self.source.is_none() && !self.batch.is_empty();
            let is_complete = self.batch.is_full() || is_last;
            if is_complete || self.unreturned() >= self.concurrency.saturating_mul(MAX_EVENTS) {
                // At the limit, the batch grows after a result is returned. If all results are held back, it does not wait.
                if !self.has_slot(context) || !is_complete && (self.batch.is_empty() || self.results.is_ready()) {
                    return;
                }
                self.send_batch(context);
                continue;
            }
            // Dropped in a panic, because the source may then be in any state.
            let Some(mut source) = self.source.take() else { return };
            match Pin::new(&mut source).poll_next(context) {
                Poll::Ready(Some(event)) => {
                    self.batch.add(event);
                    self.source = Some(source);
                    self.taken += 1;
                    self.in_flight.progress().set_taken(self.taken);
                }
                Poll::Ready(None) => {}
                // While a batch cannot be sent, it can still be filled.
                Poll::Pending => {
                    self.source = Some(source);
                    if !self.has_slot(context) || self.batch.poll_waited(self.flush_after, context).is_pending() {
                        return;
                    }
                    self.send_batch(context);
                }
            }
        }
    }

    fn send_batch(&mut self, context: &mut Context<'_>) {
        let batch = self.batch.take();
        let first = self.taken - self.batch.len() - batch.len();
        if let Some(results) = self.in_flight.start(first, batch, context) {
            self.results.add(results);
        }
    }

    /// Whether another batch may be sent.
    fn has_slot(&mut self, context: &mut Context<'_>) -> bool {
        while self.in_flight.len() >= self.concurrency {
            if self.take_ended(context) != Poll::Ready(true) {
                return false;
            }
        }
        true
    }

    /// Takes the results of a batch that has ended. `false` if there is none in flight.
    fn take_ended(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        self.in_flight.poll_ended(context).map(|ended| {
            let Some(EndedBatch { results, panic }) = ended else { return false };
            self.results.add(results);
            if let Some(panic) = panic {
                panic::resume_unwind(panic);
            }
            true
        })
    }
}

impl<S: Stream<Item: IntoBulkEvent> + Unpin> Stream for FanOut<S> {
    type Item = (usize, Result<Receipt>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            self.fill(context);
            if let Some(result) = self.results.pop() {
                self.returned += 1;
                return Poll::Ready(Some(result));
            }
            match self.take_ended(context) {
                Poll::Ready(true) => {}
                Poll::Ready(false) if self.is_terminated() => return Poll::Ready(None),
                Poll::Ready(false) | Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (lower, upper) = self.source.as_ref().map_or((0, Some(0)), Stream::size_hint);
        (lower.saturating_add(self.unreturned()), upper.and_then(|upper| upper.checked_add(self.unreturned())))
    }
}

impl<S: Stream<Item: IntoBulkEvent> + Unpin> FusedStream for FanOut<S> {
    fn is_terminated(&self) -> bool {
        self.source.is_none() && self.unreturned() == 0
    }
}

/// Hides the events.
impl<S> fmt::Debug for FanOut<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FanOut")
            .field("concurrency", &self.concurrency)
            .field("flush_after", &self.flush_after)
            .field("progress", self.in_flight.progress())
            .finish_non_exhaustive()
    }
}

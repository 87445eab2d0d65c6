//! Many events in few requests. [`split`] divides them into requests, [`mod@send`] sends them.

use std::fmt;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::request::{Endpoint, EventId, Request};
use crate::send_request::SendingBulk;
use crate::typestate::{ActorSettled, TenantSettled};
use crate::workflow_payload::WorkflowPayload;

mod send;
mod split;

use split::{Chunk, Splitter};

/// Many events, of one workflow or of several, in as few requests as possible.
///
/// [`push`](Self::push) serializes each event. [`send`](Self::send) sends them in requests of at most 100 events and 4 MiB,
/// one request after the other. The server's worker processes events concurrently, so there is **no guaranteed order of
/// delivery**. A request of a bulk costs 100 of the plan's rate limit, whatever the number of its events.
///
/// ```
/// use teleflow::{Bulk, Event, bulk};
///
/// let mut bulk = bulk![
///     Event::untyped("welcome", serde_json::json!({})).to("ada"),
///     Event::untyped("invoice", serde_json::json!({"number": 7})).to("ben"),
/// ];
/// bulk.push(Event::untyped("welcome", serde_json::json!({})).to("eve"));
/// assert_eq!(bulk.len(), 3);
/// ```
#[must_use = "a bulk does nothing until it is sent"]
#[derive(Default)]
pub struct Bulk {
    /// The events as JSON, one after the other.
    buffer: Vec<u8>,
    /// The end of the last complete event in the buffer. A panic in an event's `Serialize` leaves a part of that event.
    end: usize,
    items: Vec<Item>,
}

/// One event of a bulk.
struct Item {
    event: EventId,
    /// Where the event ends in the buffer, or why it is invalid.
    end: Result<usize>,
}

/// A complete [`Event`], which can be pushed to a [`Bulk`].
///
/// ```
/// use teleflow::{Bulk, IntoBulkEvent};
///
/// fn collect(events: impl IntoIterator<Item = impl IntoBulkEvent>) -> Bulk {
///     events.into_iter().collect()
/// }
/// # let _ = collect([teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada")]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be pushed to a bulk",
    label = "expected an event with its recipients: `.to(..)`, or `.event()` if a field is marked `#[teleflow(to)]`"
)]
pub trait IntoBulkEvent: sealed::Sealed {
    #[doc(hidden)]
    fn push_to(self, bulk: &mut Bulk);
}

mod sealed {
    pub trait Sealed {}
}

impl<W, R, A, T> sealed::Sealed for Event<W, R, A, T> {}

impl<W: WorkflowPayload, R, A: ActorSettled<W>, T: TenantSettled<W>> IntoBulkEvent for Event<W, R, A, T> {
    fn push_to(self, bulk: &mut Bulk) {
        bulk.buffer.truncate(bulk.end);
        let (event, valid) = self.write(&mut bulk.buffer);
        bulk.end = bulk.buffer.len();
        let end = valid.map(|()| bulk.end).map_err(|error| error.with_context(event.context(Endpoint::Bulk)));
        bulk.items.push(Item { event, end });
    }
}

impl Bulk {
    /// Creates a bulk without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an event.
    ///
    /// An invalid event does not stop the others: the report has its [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) at its position.
    pub fn push(&mut self, event: impl IntoBulkEvent) {
        event.push_to(self);
    }

    /// The number of events, including invalid ones.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the bulk has no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Sends the events, in one or more requests.
    ///
    /// The future returns a [`BulkReport`](crate::BulkReport): one result per event, in the order in which they were pushed. Timeout and
    /// deadline apply to each request. After a request that ends with [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized),
    /// [`ErrorKind::PaymentRequired`](crate::ErrorKind::PaymentRequired) or [`ErrorKind::Rejected`](crate::ErrorKind::Rejected) the others are not sent, because they would fail too;
    /// after any other error the next request is sent.
    ///
    /// On plans whose rate limit is below 100, such as the free one, the server refuses every bulk. Once a response has
    /// reported such a limit (`RateLimit-Policy`), the events are sent one by one instead. Five minutes after the last such
    /// response the client tries a bulk again, because the plan may have been upgraded.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, bulk: teleflow::Bulk) {
    /// let report = bulk.send(&client).await;
    /// for (position, error) in report.errors() {
    ///     eprintln!("event {position}: {error}");
    /// }
    /// # }
    /// ```
    pub fn send(self, client: &Client) -> SendingBulk {
        SendingBulk::new(send::send(client.clone(), self))
    }

    /// Builds one request with all events.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if there is no event, if one of them is invalid, or if they need more than one request: see
    /// [`into_requests`](Self::into_requests).
    ///
    /// ```
    /// use teleflow::{Event, bulk};
    ///
    /// let request = bulk![Event::untyped("welcome", serde_json::json!({})).to("ada")].into_request()?;
    /// assert_eq!(request.path(), "/v1/events/trigger/bulk");
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn into_request(self) -> Result<Request> {
        let events = self.len();
        let mut requests = self.into_requests()?;
        match (requests.pop(), requests.is_empty()) {
            (Some(request), true) => Ok(request),
            (None, _) => Err(Error::invalid("the bulk has no events")),
            (Some(_), false) => {
                Err(Error::invalid(format!("{events} events need more than one request; use `into_requests`")))
            }
        }
    }

    /// Builds the requests that [`send`](Self::send) would send. Without events there are none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for the first event that is invalid.
    ///
    /// ```
    /// use teleflow::{Bulk, Event};
    ///
    /// let bulk: Bulk = (0..250).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada")).collect();
    /// assert_eq!(bulk.into_requests()?.len(), 3);
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn into_requests(self) -> Result<Vec<Request>> {
        let (chunks, invalid) = self.split();
        match invalid.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(chunks.into_iter().map(|chunk| chunk.request).collect()),
        }
    }

    /// Splits the bulk into requests, and the errors of invalid events with their positions.
    fn split(self) -> (Vec<Chunk>, Vec<(usize, Error)>) {
        let (mut splitter, mut invalid) = (Splitter::default(), Vec::new());
        let mut start = 0;
        for (position, Item { event, end }) in self.items.into_iter().enumerate() {
            match end {
                Ok(end) => {
                    splitter.add(position, event, self.buffer.get(start..end).unwrap_or_default());
                    start = end;
                }
                Err(error) => invalid.push((position, error)),
            }
        }
        (splitter.finish(), invalid)
    }
}

impl<E: IntoBulkEvent> Extend<E> for Bulk {
    fn extend<I: IntoIterator<Item = E>>(&mut self, events: I) {
        events.into_iter().for_each(|event| self.push(event));
    }
}

impl<E: IntoBulkEvent> FromIterator<E> for Bulk {
    fn from_iter<I: IntoIterator<Item = E>>(events: I) -> Self {
        let mut bulk = Self::new();
        bulk.extend(events);
        bulk
    }
}

/// Hides the events.
impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("events", &self.items.len()).field("bytes", &self.end).finish()
    }
}

/// Creates a [`Bulk`](crate::Bulk) of the listed events, which may be of several workflows.
///
/// ```
/// use teleflow::{Event, bulk};
///
/// let bulk = bulk![
///     Event::untyped("welcome", serde_json::json!({})).to("ada"),
///     Event::untyped("invoice", serde_json::json!({"number": 7})).to("ben"),
/// ];
/// assert_eq!(bulk.len(), 2);
/// ```
#[macro_export]
macro_rules! bulk {
    ($($event:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut bulk = $crate::Bulk::new();
        $($crate::Bulk::push(&mut bulk, $event);)*
        bulk
    }};
}

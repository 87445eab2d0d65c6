//! Many events in few requests.

use std::fmt;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::request::{Endpoint, EventId, Request};
use crate::send_request::SendingBulk;
use crate::typestate::{ActorSettled, TenantSettled};
use crate::workflow_payload::WorkflowPayload;

mod chunks;
mod send;

use chunks::Chunk;

/// Many events, of one workflow or of several, for as few requests as possible.
///
/// Each is written into one buffer as it is pushed. Sent, they go in requests of at most 100 events
/// and 4 MiB, one request after the other; the server's worker handles them side by side, so **no
/// order of delivery** is promised. A request of a bulk costs 100 of the plan's rate limit, whatever
/// the number of its events.
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
    /// The events, one behind the other.
    buffer: Vec<u8>,
    /// The end of the last whole event in the buffer. A panic in an event's `Serialize` leaves a part of it behind.
    end: usize,
    items: Vec<Item>,
}

/// One event of a bulk.
struct Item {
    id: EventId,
    /// Where it ends in the buffer, or why it is not in it.
    written: Result<usize>,
}

/// What can be pushed to a [`Bulk`]: an [`Event`] that lacks nothing.
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
    message = "`{Self}` is not an event that a bulk can hold",
    label = "expected an event with its recipients, such as `order.to(\"ada\")`"
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
        let (id, written) = self.write(&mut bulk.buffer);
        bulk.end = bulk.buffer.len();
        let written = written.map(|()| bulk.end).map_err(|error| error.with_context(id.context(Endpoint::Bulk)));
        bulk.items.push(Item { id, written });
    }
}

impl Bulk {
    /// A bulk without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event at the end.
    ///
    /// One that cannot be formed is not an error here: it stands in the report at its position, as
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), and the others are sent.
    pub fn push(&mut self, event: impl IntoBulkEvent) {
        event.push_to(self);
    }

    /// How many events it holds, those that cannot be formed included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Sends the events, in as many requests as it takes.
    ///
    /// The future ends with a [`BulkReport`](crate::BulkReport): one result per event, in the order in which they were
    /// pushed. Time limits hold for each request. After a request that ends with
    /// [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized), [`ErrorKind::PaymentRequired`](crate::ErrorKind::PaymentRequired) or [`ErrorKind::Rejected`](crate::ErrorKind::Rejected) the rest is
    /// not sent, since it would fare alike; after any other failure the next request goes out.
    ///
    /// On plans whose rate limit is below 100, as the free one, the server refuses every bulk. Once an
    /// response has said so (`RateLimit-Policy`), the events are sent one by one instead. After five minutes
    /// without such a response a bulk is tried again, since the plan may have been upgraded.
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

    /// The one request that holds all events.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if there is no event, if one of them cannot be formed, or if they do not
    /// fit into one request: see [`into_requests`](Self::into_requests).
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
            (None, _) => Err(Error::invalid("the bulk holds no event")),
            (Some(_), false) => {
                Err(Error::invalid(format!("{events} events do not fit into one request; use `into_requests`")))
            }
        }
    }

    /// The requests that [`send`](Self::send) would send; none if there is no event.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), for the first event that cannot be formed.
    ///
    /// ```
    /// use teleflow::{Bulk, Event};
    ///
    /// let bulk: Bulk = (0..250).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada")).collect();
    /// assert_eq!(bulk.into_requests()?.len(), 3);
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn into_requests(self) -> Result<Vec<Request>> {
        let (chunks, invalid) = self.into_chunks();
        match invalid.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(chunks.into_iter().map(|chunk| chunk.request).collect()),
        }
    }

    /// The requests, and the events that are in none of them, all with their positions.
    fn into_chunks(self) -> (Vec<Chunk>, Vec<(usize, Error)>) {
        let (mut chunks, mut invalid) = (chunks::Chunks::default(), Vec::new());
        let mut start = 0;
        for (position, Item { id, written }) in self.items.into_iter().enumerate() {
            match written {
                Ok(end) => {
                    chunks.add(position, id, self.buffer.get(start..end).unwrap_or_default());
                    start = end;
                }
                Err(error) => invalid.push((position, error)),
            }
        }
        (chunks.finish(), invalid)
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

/// Without the events.
impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("events", &self.items.len()).field("bytes", &self.end).finish()
    }
}

/// A [`Bulk`](crate::Bulk) of the events listed, which may be of several workflows.
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

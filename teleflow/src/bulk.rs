//! Many events in few requests. [`split`] divides them into requests and chooses the endpoints, [`prepared`] sends them.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::TransactionId;
use crate::request::{Endpoint, EventId, Request};
use crate::send_request::SendingBulk;
use crate::typestate::{ActorSettled, TenantSettled};
use crate::workflow_payload::WorkflowPayload;

mod from_request;
mod prepared;
mod plan;
mod valid_events;
mod split;
mod reason;

pub use plan::{BulkPlan, PlannedRequest};
pub(crate) use prepared::PreparedBulk;
pub use reason::RouteReason;
pub(crate) use split::{MAX_EVENTS, delivery_groups};
use valid_events::{ValidEvent, ValidEvents};

/// Many events, of one workflow or of several, in requests of up to 100 events.
///
/// [`push`](Self::push) serializes each event. [`send`](Self::send) sends them in requests of at most 100 events and 4 MiB,
/// one request after the other; [`plan`](Self::plan) shows these requests. The server's worker processes events
/// concurrently, so there is **no guaranteed order of delivery**.
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
    /// The body of a bulk with all valid events, without its end.
    buffer: Vec<u8>,
    /// The end of the last complete event in the buffer. A panic in an event's `Serialize` leaves a part of that event.
    end: usize,
    items: Vec<Item>,
}

/// The most memory that a bulk gets in advance, in bytes. A few large events say little about the next ones.
const MAX_RESERVED: usize = 64 * 1024;

/// One event of a bulk.
struct Item {
    event: EventId,
    /// Where the event is in the buffer, or why it is invalid.
    json: Result<Range<usize>>,
}

impl Item {
    /// Whether the event is valid, and other events are before it in the buffer.
    fn is_after_others(&self) -> bool {
        self.json.as_ref().is_ok_and(|json| json.start > split::OPEN.len())
    }
}

/// A complete [`Event`], which can be pushed to a [`Bulk`].
///
/// [`Request`]s of one event, and results of [`Event::into_request`], can be pushed too: they have one type for events of
/// several workflows.
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
        bulk.append(|buffer| self.write(buffer));
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

    /// The transaction ids of the events, including invalid ones, in the order in which they were pushed.
    ///
    /// Store them before you send: if the process ends in between, they are the ids under which the events may be queued.
    ///
    /// ```
    /// use teleflow::{Event, bulk};
    ///
    /// let bulk = bulk![Event::untyped("welcome", serde_json::json!({})).to("ada").transaction_id("welcome-ada")];
    /// assert_eq!(bulk.transaction_ids().next().unwrap().as_str(), "welcome-ada");
    /// ```
    pub fn transaction_ids(&self) -> impl ExactSizeIterator<Item = &TransactionId> {
        self.items.iter().map(|item| &item.event.transaction_id)
    }

    /// Shows the requests that [`send`](Self::send) would send now, without sending them.
    ///
    /// The plan depends only on the events and on the rate policy that the server has reported to this client or one of its
    /// clones in the last five minutes (`RateLimit-Policy`):
    ///
    /// | events | rate policy | sent as |
    /// | --- | --- | --- |
    /// | one | any | a single event, which costs 1 |
    /// | any number | at most 99 tokens at once, as on the free plan | single events, since the server refuses every bulk |
    /// | 2 to 10 | at least 100 tokens at once | single events, which cost less than the 100 of a bulk |
    /// | 11 to 100 | at least 100 tokens at once | a bulk, of at most 4 MiB |
    /// | 2 to 100 | unknown | a bulk, of at most 4 MiB |
    ///
    /// The rules apply to each group of at most 100 events and 4 MiB: 101 events are a bulk and a single event.
    ///
    /// ```
    /// use teleflow::{Bulk, Client, Event};
    ///
    /// let client = Client::new("my-api-key")?;
    /// let bulk: Bulk = (0..101).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada")).collect();
    /// let costs: Vec<u32> = bulk.plan(&client).requests().map(|request| request.cost()).collect();
    /// assert_eq!(costs, [100, 1]);
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    #[must_use]
    pub fn plan(&self, client: &Client) -> BulkPlan {
        let guards = &client.dispatcher().guards;
        let size_of_allowed = |item: &Item| {
            let json = item.json.as_ref().ok()?;
            guards.check_event(self.buffer.get(json.clone())?).ok()?;
            Some(json.len())
        };
        let sizes: Vec<usize> = self.items.iter().filter_map(size_of_allowed).collect();
        let invalid = self.len() - sizes.len();
        BulkPlan::new(&split::plan(&sizes, client.dispatcher().burst()), invalid)
    }

    /// Sends the events, in one or more requests: see [`plan`](Self::plan).
    ///
    /// The future returns a [`BulkReport`](crate::BulkReport): one result per event, in the order in which they were pushed. Timeout and
    /// deadline apply to each request. After a request that ends with [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized),
    /// [`ErrorKind::PaymentRequired`](crate::ErrorKind::PaymentRequired) or [`ErrorKind::Rejected`](crate::ErrorKind::Rejected) the others are not sent, because they would fail too;
    /// after any other error the next request is sent.
    ///
    /// Each request waits, within its deadline, until the rate limit that the server has reported allows it. If a response
    /// reports that the limit never allows a bulk, the events of the bulks are sent as single events, each with the bytes and
    /// the transaction id that it had in the bulk. Five minutes after the last such response the client tries a bulk again,
    /// because the plan may have been upgraded.
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
        let (client, bulk) = (client.clone(), self.prepare());
        SendingBulk::new(async move { BulkReport::new(bulk.send(&client).await) })
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

    /// Builds bulk requests of at most 100 events and 4 MiB. Without events there are none.
    ///
    /// Unlike [`send`](Self::send), it builds a bulk even for one event. A stored request is sent as it is, unless the rate
    /// policy of that time refuses every bulk. To store a single event, use [`Event::into_request`](crate::Event::into_request).
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
        let (events, invalid) = self.into_valid();
        match invalid.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(split::plan_bulks(&events.sizes()).iter().map(|part| events.request(part)).collect()),
        }
    }

    /// Whether the events fill a request.
    pub(crate) fn is_full(&self) -> bool {
        self.items.len() >= split::MAX_EVENTS || self.is_too_large()
    }

    /// Whether the events need more than one request. One event never does, whatever its size.
    fn is_too_large(&self) -> bool {
        self.end + split::CLOSE.len() > split::MAX_BYTES
    }

    /// Takes the events of one request, and leaves a bulk with as much memory as they used. The last event stays in it if the
    /// request would be too large with it.
    pub(crate) fn take(&mut self) -> Self {
        let mut next = Self {
            buffer: Vec::with_capacity(self.end.min(MAX_RESERVED)),
            end: 0,
            items: Vec::with_capacity(self.items.len()),
        };
        if self.is_too_large()
            && let Some(Item { event, json: Ok(json) }) = self.items.pop_if(|item| item.is_after_others())
        {
            let bytes = self.buffer.get(json.clone()).unwrap_or_default();
            next.append(|buffer| {
                buffer.extend_from_slice(bytes);
                (event, Ok(()))
            });
            self.end = json.start - b",".len();
        }
        std::mem::replace(self, next)
    }

    /// The events as they are sent.
    pub(crate) fn prepare(self) -> PreparedBulk {
        let (events, invalid) = self.into_valid();
        PreparedBulk::new(events, invalid)
    }

    /// Appends an event that `write` appends to the buffer.
    fn append(&mut self, write: impl FnOnce(&mut Vec<u8>) -> (EventId, Result<()>)) {
        self.buffer.truncate(self.end);
        self.buffer.extend_from_slice(if self.end == 0 { split::OPEN } else { b"," });
        let start = self.buffer.len();
        let (event, valid) = write(&mut self.buffer);
        let json = match valid {
            Ok(()) => {
                self.end = self.buffer.len();
                Ok(start..self.end)
            }
            Err(error) => Err(error.with_context(event.context(Endpoint::Bulk))),
        };
        self.items.push(Item { event, json });
    }

    /// The valid events, and the errors of the invalid ones with their positions.
    fn into_valid(self) -> (ValidEvents, Vec<(usize, Error)>) {
        let Self { mut buffer, end, items } = self;
        buffer.truncate(end);
        buffer.extend_from_slice(split::CLOSE);
        let (mut events, mut invalid) = (Vec::with_capacity(items.len()), Vec::new());
        for (position, Item { event: id, json }) in items.into_iter().enumerate() {
            match json {
                Ok(json) => events.push(ValidEvent { id, json }),
                Err(error) => invalid.push((position, error)),
            }
        }
        (ValidEvents { body: Bytes::from(buffer), events }, invalid)
    }
}

impl<E: IntoBulkEvent> Extend<E> for Bulk {
    fn extend<I: IntoIterator<Item = E>>(&mut self, events: I) {
        let mut events = events.into_iter();
        let Some(first) = events.next() else { return };
        let start = self.end;
        self.push(first);
        // The others are probably of a similar size.
        let (size, others) = ((self.end - start) * 9 / 8, events.size_hint().0);
        self.items.reserve(others.min(MAX_EVENTS));
        self.buffer.reserve(size.saturating_mul(others).min(MAX_RESERVED));
        events.for_each(|event| self.push(event));
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

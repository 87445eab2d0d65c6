//! Requests of one event as events of a bulk: a type for events of several workflows.

use super::{Bulk, IntoBulkEvent, Item, sealed};
use crate::error::{Error, Result};
use crate::id::TransactionId;
use crate::json::SensitivePaths;
use crate::request::{Endpoint, EventId, Request};

impl sealed::Sealed for Request {}
impl sealed::Sealed for Result<Request> {}

/// A request of one event, as [`Event::into_request`](crate::Event::into_request) builds it, or a stored one. The event keeps its
/// bytes and its transaction id. The bulk has its own idempotency key.
///
/// Any other request is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
impl IntoBulkEvent for Request {
    fn push_to(self, bulk: &mut Bulk) {
        match (self.endpoint(), self.events()) {
            (Endpoint::Trigger, [event]) => bulk.append(|buffer| {
                buffer.extend_from_slice(self.body());
                (event.clone(), Ok(()))
            }),
            (_, events) => {
                let what = "only a request of one event, which is not a broadcast, can be pushed to a bulk";
                let event = events.first().cloned().unwrap_or_else(no_event);
                bulk.append(|_| (event, Err(Error::invalid(what))));
            }
        }
    }
}

/// An event of any workflow, or why it is invalid: `event.into_request()`.
///
/// ```
/// use teleflow::{Bulk, Event};
///
/// let welcome = Event::untyped("welcome", serde_json::json!({})).to("ada");
/// let invoice = Event::untyped("invoice", 7).to(["ben", "eve"]);
/// let bulk: Bulk = [welcome.into_request(), invoice.into_request()].into_iter().collect();
/// assert_eq!(bulk.len(), 2);
/// ```
impl IntoBulkEvent for Result<Request> {
    fn push_to(self, bulk: &mut Bulk) {
        match self {
            Ok(request) => request.push_to(bulk),
            Err(error) => {
                let event = EventId {
                    trigger: error.trigger().cloned(),
                    transaction_id: error.transaction_id().cloned().unwrap_or_else(TransactionId::random),
                    sensitive: SensitivePaths::default(),
                };
                bulk.items.push(Item { event, json: Err(error) });
            }
        }
    }
}

fn no_event() -> EventId {
    EventId { trigger: None, transaction_id: TransactionId::random(), sensitive: SensitivePaths::default() }
}

//! `BulkPlan`: the requests that a bulk would be sent in.

use std::fmt;

use super::reason::RouteReason;
use super::split::Part;

/// The requests that [`Bulk::send`](crate::Bulk::send) would send now, in order. See [`Bulk::plan`](crate::Bulk::plan).
///
/// `Display` has one line per request.
///
/// ```
/// use teleflow::{Bulk, Client, Event};
///
/// let client = Client::new("my-api-key")?;
/// let bulk: Bulk = (0..250).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada")).collect();
/// let plan = bulk.plan(&client);
/// assert_eq!((plan.requests().len(), plan.events(), plan.cost()), (3, 250, 300));
/// println!("{plan}");
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkPlan {
    requests: Vec<PlannedRequest>,
    invalid: usize,
}

impl BulkPlan {
    pub(super) fn new(parts: &[Part], invalid: usize) -> Self {
        Self { requests: parts.iter().map(PlannedRequest::new).collect(), invalid }
    }

    /// The requests, in the order in which they would be sent.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = &PlannedRequest> {
        self.requests.iter()
    }

    /// The number of events that would be sent.
    #[must_use]
    pub fn events(&self) -> usize {
        self.requests.iter().map(PlannedRequest::events).sum()
    }

    /// The number of events that would not be sent, because they are [`Invalid`](crate::ErrorKind::Invalid).
    #[must_use]
    pub fn invalid_events(&self) -> usize {
        self.invalid
    }

    /// The cost of all requests, in tokens of the server's rate limit, without retries.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.requests.iter().map(|request| u64::from(request.cost())).sum()
    }
}

impl fmt::Display for BulkPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, request) in self.requests.iter().enumerate() {
            let line_break = if position == 0 { "" } else { "\n" };
            write!(f, "{line_break}{request}")?;
        }
        match self.invalid {
            0 => Ok(()),
            invalid => {
                write!(f, "{}{invalid} invalid events are not sent", if self.requests.is_empty() { "" } else { "\n" })
            }
        }
    }
}

/// One request of a [`BulkPlan`].
///
/// ```
/// use teleflow::{Client, Event, bulk};
///
/// let client = Client::new("my-api-key")?;
/// let plan = bulk![Event::untyped("welcome", serde_json::json!({})).to("ada").transaction_id("t-1")].plan(&client);
/// let request = plan.requests().next().unwrap();
/// assert_eq!((request.path(), request.events(), request.cost()), ("/v1/events/trigger", 1, 1));
/// assert_eq!(
///     request.to_string(),
///     "POST /v1/events/trigger: 1 event, 64 bytes, cost 1 (one event alone costs 1 instead of 100)"
/// );
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRequest {
    path: &'static str,
    events: usize,
    bytes: usize,
    cost: u32,
    reason: RouteReason,
}

impl PlannedRequest {
    fn new(part: &Part) -> Self {
        let path = part.endpoint.path();
        Self { path, events: part.events.len(), bytes: part.bytes, cost: part.cost(), reason: part.reason }
    }

    /// The path of the endpoint: `/v1/events/trigger/bulk`, or `/v1/events/trigger` for a single event.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// The size of the body in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The cost in tokens of the server's rate limit: 100 for a bulk of any size, 1 for a single event.
    #[must_use]
    pub fn cost(&self) -> u32 {
        self.cost
    }

    /// Why the request is a bulk or a single event.
    #[must_use]
    pub fn reason(&self) -> RouteReason {
        self.reason
    }
}

impl fmt::Display for PlannedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, events, bytes, cost, reason } = self;
        let plural = if *events == 1 { "" } else { "s" };
        write!(f, "POST {path}: {events} event{plural}, {bytes} bytes, cost {cost} ({reason})")
    }
}

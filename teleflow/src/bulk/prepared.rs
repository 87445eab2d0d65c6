//! Sends the requests of a bulk, one after the other.

use super::split::{self, Part};
use super::valid_events::ValidEvents;
use crate::client::Client;
use crate::dispatch::Ended;
use crate::error::{Error, Result};
use crate::receipt::Receipt;
use crate::send_request::send_request;

/// The events of a bulk as they are sent.
pub(crate) struct PreparedBulk {
    events: ValidEvents,
    /// The errors of invalid events, with their positions.
    invalid: Vec<(usize, Error)>,
}

impl PreparedBulk {
    pub(super) fn new(events: ValidEvents, invalid: Vec<(usize, Error)>) -> Self {
        Self { events, invalid }
    }

    /// Sends the events. Returns one result per event, in order.
    pub(crate) async fn send(&self, client: &Client) -> Vec<Result<Receipt>> {
        let parts = split::plan(&self.events.sizes(), client.dispatcher().burst());
        let mut results = Vec::with_capacity(parts.len());
        let mut refusal = None;
        for part in parts {
            let request = self.events.request(&part);
            results.push((part, send_request(client, &request, &mut refusal).await));
        }
        self.in_order(results)
    }

    /// The results if the future of [`send`](Self::send) was dropped.
    pub(crate) fn aborted(&self) -> Vec<Result<Receipt>> {
        let parts = split::plan_bulks(&self.events.sizes()).into_iter();
        self.in_order(parts.map(|part| {
            let results = Ended::aborted().results(&self.events.request(&part));
            (part, results)
        }))
    }

    /// The number of events, including invalid ones.
    fn len(&self) -> usize {
        self.events.events.len() + self.invalid.len()
    }

    /// The results of the requests and the errors of invalid events, by position.
    fn in_order(&self, of_parts: impl IntoIterator<Item = (Part, Vec<Result<Receipt>>)>) -> Vec<Result<Receipt>> {
        if self.invalid.is_empty() {
            let of_parts = of_parts.into_iter().map(|(_, results)| results);
            // Most bulks have one part, which is not copied.
            return of_parts
                .reduce(|mut all, results| {
                    all.extend(results);
                    all
                })
                .unwrap_or_default();
        }
        let mut results: Vec<(usize, Result<Receipt>)> = Vec::with_capacity(self.len());
        for (part, of_part) in of_parts {
            results.extend(self.events.positions(&part).zip(of_part));
        }
        results.extend(self.invalid.iter().map(|(position, error)| (*position, Err(error.clone()))));
        results.sort_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

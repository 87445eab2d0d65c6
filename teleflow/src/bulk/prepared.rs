//! Sends the requests of a bulk, one after the other.

use super::split::{self, Part};
use super::valid_events::ValidEvents;
use crate::client::Client;
use crate::dispatch::{Aborted, Ended};
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

    /// The results if the future of [`send`](Self::send) was dropped before its end.
    pub(crate) fn aborted(&self, reason: Aborted) -> Vec<Result<Receipt>> {
        let parts = split::plan_bulks(&self.events.sizes()).into_iter();
        self.in_order(parts.map(|part| {
            let results = Ended::aborted(reason).results(&self.events.request(&part));
            (part, results)
        }))
    }

    /// The number of events, including invalid ones.
    fn len(&self) -> usize {
        self.events.events.len() + self.invalid.len()
    }

    /// The results of the requests and the errors of invalid events, by position.
    fn in_order(&self, of_parts: impl IntoIterator<Item = (Part, Vec<Result<Receipt>>)>) -> Vec<Result<Receipt>> {
        let mut of_parts = of_parts.into_iter();
        if self.invalid.is_empty() {
            // The parts are in order.
            let mut results = of_parts.next().map(|(_, results)| results).unwrap_or_default();
            of_parts.for_each(|(_, of_part)| results.extend(of_part));
            return results;
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

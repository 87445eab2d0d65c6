//! Sends the requests of a bulk, one after the other.

use super::split;
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
        let mut results = Vec::with_capacity(self.events.events.len());
        let mut refusal = None;
        for part in split::plan(&self.events.sizes(), client.dispatcher().burst()) {
            let request = self.events.request(&part);
            results.extend(send_request(client, &request, &mut refusal).await);
        }
        self.with_invalid(results)
    }

    /// The results if the future of [`send`](Self::send) was dropped before its end.
    pub(crate) fn aborted(&self, reason: Aborted) -> Vec<Result<Receipt>> {
        let mut results = Vec::with_capacity(self.events.events.len());
        for part in split::plan_bulks(&self.events.sizes()) {
            results.extend(Ended::aborted(reason).results(&self.events.request(&part)));
        }
        self.with_invalid(results)
    }

    /// Inserts the errors of invalid events at their positions. Both lists are in order.
    fn with_invalid(&self, valid: Vec<Result<Receipt>>) -> Vec<Result<Receipt>> {
        if self.invalid.is_empty() {
            return valid;
        }
        let positions = 0..valid.len() + self.invalid.len();
        let (mut valid, mut invalid) = (valid.into_iter(), self.invalid.iter().peekable());
        let at = |position| match invalid.next_if(|(other, _)| *other == position) {
            Some((_, error)) => Some(Err(error.clone())),
            None => valid.next(),
        };
        positions.filter_map(at).collect()
    }
}

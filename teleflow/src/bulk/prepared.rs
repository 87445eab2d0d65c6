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
        match self.events.allowed(&client.dispatcher().guards) {
            Some((allowed, refused)) => with_errors(with_errors(send(&allowed, client).await, &refused), &self.invalid),
            None => with_errors(send(&self.events, client).await, &self.invalid),
        }
    }

    /// The results if the future of [`send`](Self::send) was dropped before its end.
    pub(crate) fn aborted(&self, reason: Aborted) -> Vec<Result<Receipt>> {
        let mut results = Vec::with_capacity(self.events.events.len());
        for part in split::plan_bulks(&self.events.sizes()) {
            results.extend(Ended::aborted(reason).results(&self.events.request(&part)));
        }
        with_errors(results, &self.invalid)
    }
}

async fn send(events: &ValidEvents, client: &Client) -> Vec<Result<Receipt>> {
    let mut results = Vec::with_capacity(events.events.len());
    let mut refusal = None;
    for part in split::plan(&events.sizes(), client.dispatcher().burst()) {
        results.extend(send_request(client, &events.request(&part), &mut refusal).await);
    }
    results
}

/// Inserts errors at their positions. Both lists are in order.
fn with_errors(results: Vec<Result<Receipt>>, errors: &[(usize, Error)]) -> Vec<Result<Receipt>> {
    if errors.is_empty() {
        return results;
    }
    let positions = 0..results.len() + errors.len();
    let (mut results, mut errors) = (results.into_iter(), errors.iter().peekable());
    let at = |position| match errors.next_if(|(other, _)| *other == position) {
        Some((_, error)) => Some(Err(error.clone())),
        None => results.next(),
    };
    positions.filter_map(at).collect()
}

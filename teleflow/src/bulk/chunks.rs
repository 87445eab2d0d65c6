//! Cutting a bulk into requests.

use bytes::Bytes;

use crate::request::{Endpoint, EventId, Request};

/// The server refuses a request with more events (`ArrayMaxSize(100)`).
const MOST_EVENTS: usize = 100;
/// Bodies are kept to this size, so that one fits the time limit of an attempt; the server takes 20 MiB.
const MOST_BYTES: usize = 4 * 1024 * 1024;

const OPEN: &[u8] = b"{\"events\":[";
const CLOSE: &[u8] = b"]}";

/// One request of a bulk.
pub(super) struct Chunk {
    pub(super) request: Request,
    /// Where its events stand in the bulk.
    pub(super) positions: Vec<usize>,
}

/// The requests so far, and the one that is being filled.
#[derive(Default)]
pub(super) struct Chunks {
    full: Vec<Chunk>,
    body: Vec<u8>,
    labels: Vec<EventId>,
    positions: Vec<usize>,
}

impl Chunks {
    /// Adds an event. One that is larger than a request should be gets a request of its own.
    pub(super) fn add(&mut self, position: usize, label: EventId, event: &[u8]) {
        let bytes = self.body.len() + 1 + event.len() + CLOSE.len();
        if self.labels.len() == MOST_EVENTS || (!self.labels.is_empty() && bytes > MOST_BYTES) {
            self.close();
        }
        self.body.extend_from_slice(if self.labels.is_empty() { OPEN } else { b"," });
        self.body.extend_from_slice(event);
        self.labels.push(label);
        self.positions.push(position);
    }

    pub(super) fn finish(mut self) -> Vec<Chunk> {
        self.close();
        self.full
    }

    fn close(&mut self) {
        if self.labels.is_empty() {
            return;
        }
        let mut body = std::mem::take(&mut self.body);
        body.extend_from_slice(CLOSE);
        let request = Request::post(Endpoint::Bulk, Bytes::from(body), std::mem::take(&mut self.labels));
        self.full.push(Chunk { request, positions: std::mem::take(&mut self.positions) });
    }
}

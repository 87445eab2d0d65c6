//! Splits a bulk into requests of at most 100 events and 4 MiB.

use bytes::Bytes;

use crate::request::{Endpoint, EventId, Request};

/// The server rejects a request with more events (`ArrayMaxSize(100)`).
pub(crate) const MAX_EVENTS: usize = 100;
/// The server accepts 20 MiB, but a larger body takes too long for the timeout of an attempt.
const MAX_BYTES: usize = 4 * 1024 * 1024;

const OPEN: &[u8] = b"{\"events\":[";
const CLOSE: &[u8] = b"]}";

/// One request of a bulk.
pub(crate) struct Chunk {
    pub(crate) request: Request,
    /// The positions of its events in the bulk.
    pub(crate) positions: Vec<usize>,
}

/// Splits events into requests: the finished requests, and the events of the next one.
#[derive(Default)]
pub(crate) struct Splitter {
    chunks: Vec<Chunk>,
    body: Vec<u8>,
    events: Vec<EventId>,
    positions: Vec<usize>,
}

impl Splitter {
    /// Adds an event. An event that is too large for a shared request gets its own request.
    pub(super) fn add(&mut self, position: usize, event: EventId, json: &[u8]) {
        let bytes = self.body.len() + 1 + json.len() + CLOSE.len();
        if !self.events.is_empty() && bytes > MAX_BYTES {
            self.finish_chunk();
        }
        self.body.extend_from_slice(if self.events.is_empty() { OPEN } else { b"," });
        self.body.extend_from_slice(json);
        self.events.push(event);
        self.positions.push(position);
        if self.events.len() == MAX_EVENTS {
            self.finish_chunk();
        }
    }

    pub(super) fn finish(mut self) -> Vec<Chunk> {
        self.finish_chunk();
        self.chunks
    }

    /// The number of events that are not in a finished request.
    pub(crate) fn unfinished(&self) -> usize {
        self.events.len()
    }

    /// The finished requests.
    pub(crate) fn take_chunks(&mut self) -> std::vec::Drain<'_, Chunk> {
        self.chunks.drain(..)
    }

    /// Finishes the request of the events that were added last, if there are any.
    pub(crate) fn finish_chunk(&mut self) {
        if self.events.is_empty() {
            return;
        }
        let mut body = std::mem::take(&mut self.body);
        body.extend_from_slice(CLOSE);
        let request = Request::post(Endpoint::Bulk, Bytes::from(body), std::mem::take(&mut self.events));
        self.chunks.push(Chunk { request, positions: std::mem::take(&mut self.positions) });
    }
}

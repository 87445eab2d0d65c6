//! Records whether a part of a request may have been sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// Whether a part of a request may have been sent.
///
/// An HTTP client reads the body only after it has connected, through TLS and a proxy's tunnel. Until then the server
/// cannot have received the request.
#[derive(Debug, Clone, Default)]
pub(super) struct Departure(Arc<AtomicBool>);

impl Departure {
    pub(super) fn record(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_recorded(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that records when the HTTP client reads it.
pub(super) struct ObservedBody {
    rest: Bytes,
    departure: Departure,
}

impl ObservedBody {
    pub(super) fn new(body: Bytes, departure: Departure) -> Self {
        Self { rest: body, departure }
    }
}

impl Body for ObservedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.departure.record();
        let rest = std::mem::take(&mut self.rest);
        Poll::Ready((!rest.is_empty()).then(|| Ok(Frame::data(rest))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}

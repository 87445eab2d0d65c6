//! One attempt within its time limit, by HTTP or by a transport of the application's.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::http::Http;
use super::{Response, Transport, TransportError};
use crate::request::Request;

/// What carries the requests of a client.
pub(crate) enum Carrier {
    Http(Http),
    Custom(Box<dyn Transport>),
}

impl Carrier {
    /// Sends the request once, and gives up when `limit` is over.
    ///
    /// # Errors
    ///
    /// If no whole response came in time.
    pub(crate) async fn attempt(&self, request: &Request, limit: Duration) -> Result<Response, TransportError> {
        let departure = Departure::default();
        let attempt = match self {
            Self::Http(http) => http.attempt(request, &departure),
            Self::Custom(transport) => {
                // What it does with the request is not known.
                departure.note();
                transport.attempt(request)
            }
        };
        match tokio::time::timeout(limit, attempt).await {
            Ok(result) => result,
            Err(_) if departure.is_noted() => Err(TransportError::timed_out(limit)),
            Err(_) => Err(TransportError::connect(format!("not connected within {} s", limit.as_secs_f64()))),
        }
    }
}

/// Whether some of a request may have left.
///
/// An HTTP client asks for the body only when it has a connection, with TLS and a proxy's tunnel. As long as it has not
/// asked, the server cannot have the request.
#[derive(Debug, Clone, Default)]
pub(super) struct Departure(Arc<AtomicBool>);

impl Departure {
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that notes when it is asked for.
pub(super) struct NotedBody {
    rest: Bytes,
    departure: Departure,
}

impl NotedBody {
    pub(super) fn new(body: Bytes, departure: Departure) -> Self {
        Self { rest: body, departure }
    }
}

impl Body for NotedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.departure.note();
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

//! One connection: hyper's HTTP/1, and the ways in which it can break.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::{error, fmt};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Sleep;

use super::apply_fault::Delivery;
use crate::api::body::LARGE_LIMIT;
use crate::emulator::Emulator;

/// A body beyond the limit is read on and thrown away up to here, so that its sender gets to read the 413.
const DRAINED: usize = 4 * LARGE_LIMIT;

/// The length of a huge body.
const HUGE: u64 = 2 * 1024 * 1024 * 1024;

/// Time for the first half of a body to get out before the connection is closed under it.
const BEFORE_BREAKING: Duration = Duration::from_millis(20);

/// Serves a connection until its other side closes it, a fault does, or it is told to stop: then the request under way
/// is the last.
pub(crate) async fn serve(emulator: Emulator, stream: TcpStream, mut stopped: watch::Receiver<()>) {
    let _ = stream.set_nodelay(true);
    let mut refusals = emulator.faults().refusals();
    let service = service_fn(move |request| answer(emulator.clone(), request));
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let mut stop = pin!(stopped.changed());
    let mut refusal = pin!(refusals.changed());
    let mut is_stopping = false;
    let served = poll_fn(|context| {
        if !is_stopping && (stop.as_mut().poll(context).is_ready() || refusal.as_mut().poll(context).is_ready()) {
            is_stopping = true;
            connection.as_mut().graceful_shutdown();
        }
        connection.as_mut().poll(context)
    });
    // A connection that breaks is its client's affair.
    let _ = served.await;
}

/// Closes the connection: hyper does so when a service fails.
#[derive(Debug)]
struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on purpose")
    }
}

impl error::Error for Hangup {}

async fn answer(emulator: Emulator, request: Request<Incoming>) -> Result<Response<Outgoing>, Hangup> {
    let (head, body) = request.into_parts();
    match emulator.deliver(head, collect(body)).await {
        Delivery::Whole(response) => Ok(response.map(Outgoing::Whole)),
        Delivery::Half(response) => {
            let (mut head, body) = response.into_parts();
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            let half = body.slice(..body.len() / 2);
            Ok(Response::from_parts(head, Outgoing::Half(half, Box::pin(tokio::time::sleep(BEFORE_BREAKING)))))
        }
        Delivery::Huge(response) => Ok(response.map(|_| Outgoing::Blanks(HUGE))),
        Delivery::Refused | Delivery::Closed => Err(Hangup),
    }
}

/// The body, or as much of it as shows that it is too large.
async fn collect(mut body: Incoming) -> Bytes {
    let mut collected = BytesMut::new();
    let mut seen: usize = 0;
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen > DRAINED {
            break;
        }
        let room = (LARGE_LIMIT + 1).saturating_sub(collected.len());
        collected.extend_from_slice(data.get(..room).unwrap_or(&data));
    }
    collected.freeze()
}

/// The body of an answer.
#[derive(Debug)]
enum Outgoing {
    /// What is left to send; empty at the end.
    Whole(Bytes),
    /// The half to send, and the time after which the connection breaks.
    Half(Bytes, Pin<Box<Sleep>>),
    /// This many blanks more.
    Blanks(u64),
}

const BLANKS: &[u8] = &[b' '; 64 * 1024];

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Hangup;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Hangup>>> {
        let data = match &mut *self {
            Self::Whole(bytes) => std::mem::take(bytes),
            Self::Half(bytes, until) if bytes.is_empty() => {
                ready!(until.as_mut().poll(context));
                return Poll::Ready(Some(Err(Hangup)));
            }
            Self::Half(bytes, _) => std::mem::take(bytes),
            Self::Blanks(left) => {
                let count = usize::try_from(*left).unwrap_or(BLANKS.len()).min(BLANKS.len());
                *left -= count as u64;
                Bytes::from_static(BLANKS.get(..count).unwrap_or_default())
            }
        };
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            // The head says how long it would have been.
            Self::Half(..) => SizeHint::default(),
            Self::Blanks(left) => SizeHint::with_exact(*left),
        }
    }
}

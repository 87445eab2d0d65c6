//! One HTTP/1 connection, and the faults that break it.

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

/// A body over the limit is read and dropped up to this length, so that its sender can read the 413.
const DRAINED: usize = 4 * LARGE_LIMIT;

/// The length of a huge body, in bytes.
const HUGE: u64 = 2 * 1024 * 1024 * 1024;

/// The time to send the first half of a body before the connection is closed.
const BREAK_AFTER: Duration = Duration::from_millis(20);

/// Serves a connection until the client closes it, a fault closes it, or `stopped` changes. In the last case the
/// current request is answered first.
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
    // The client handles a broken connection.
    let _ = served.await;
}

/// An error that makes hyper close the connection.
#[derive(Debug)]
struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the emulator closed the connection")
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
            Ok(Response::from_parts(head, Outgoing::Half(half, Box::pin(tokio::time::sleep(BREAK_AFTER)))))
        }
        Delivery::Huge(response) => Ok(response.map(|_| Outgoing::Spaces(HUGE))),
        Delivery::Refused | Delivery::Closed => Err(Hangup),
    }
}

/// Collects the body, or enough of it to show that it is too large.
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

/// The body of a response.
#[derive(Debug)]
enum Outgoing {
    /// The bytes to send; empty at the end.
    Whole(Bytes),
    /// The first half of a body, and the time until the connection breaks.
    Half(Bytes, Pin<Box<Sleep>>),
    /// This many spaces.
    Spaces(u64),
}

const SPACES: &[u8] = &[b' '; 64 * 1024];

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
            Self::Spaces(left) => {
                let count = usize::try_from(*left).unwrap_or(SPACES.len()).min(SPACES.len());
                *left -= count as u64;
                Bytes::from_static(SPACES.get(..count).unwrap_or_default())
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
            // `Content-Length` has the length of the whole body.
            Self::Half(..) => SizeHint::default(),
            Self::Spaces(left) => SizeHint::with_exact(*left),
        }
    }
}

//! The emulator behind a port: an accept loop, and hyper on each connection.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::body::LARGE_LIMIT;
use crate::emulator::Emulator;

/// A body beyond the limit is read on and thrown away up to here, so that its sender gets to read the 413.
const DRAINED: usize = 4 * LARGE_LIMIT;

/// An emulator behind a port. Dropped, it accepts nothing more, and lets the requests under way finish.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let serving = teleflow_emulator::Emulator::new().serve("127.0.0.1:0").await?;
/// assert_eq!(serving.url(), format!("http://{}", serving.addr()));
/// # Ok::<(), std::io::Error>(())
/// # })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "dropped, it stops serving"]
pub struct Serving {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// Dropped together with this, which is the signal to the connections.
    _running: watch::Sender<()>,
}

impl Serving {
    /// Where it listens, as a client wants it: `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Emulator {
    /// Puts the emulator behind a port. Port 0 takes any that is free.
    ///
    /// What is served, and what is seen through this value and its clones, is the same.
    ///
    /// # Errors
    ///
    /// The operating system's, if the address cannot be listened on.
    ///
    /// # Examples
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    /// # runtime.block_on(async {
    /// let emulator = teleflow_emulator::Emulator::new();
    /// let serving = emulator.serve("127.0.0.1:0").await?;
    /// println!("listening on {}", serving.url());
    /// # Ok::<(), std::io::Error>(())
    /// # })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn serve(&self, address: impl ToSocketAddrs) -> io::Result<Serving> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (running, stopped) = watch::channel(());
        let accepting = tokio::spawn(accept(self.clone(), listener, stopped));
        Ok(Serving { address, accepting, _running: running })
    }
}

async fn accept(emulator: Emulator, listener: TcpListener, stopped: watch::Receiver<()>) {
    loop {
        // What fails here is one connection, reset before it was accepted, or a passing lack of descriptors.
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(emulator.clone(), stream, stopped.clone()))),
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Serves one connection until its other side closes it, or the whole [`Serving`] is dropped.
async fn connection(emulator: Emulator, stream: TcpStream, mut stopped: watch::Receiver<()>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(emulator.clone(), request));
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let mut stop = pin!(stopped.changed());
    let mut is_stopping = false;
    let served = poll_fn(|context| {
        if !is_stopping && stop.as_mut().poll(context).is_ready() {
            is_stopping = true;
            connection.as_mut().graceful_shutdown();
        }
        match connection.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => Poll::Pending,
        }
    });
    // A connection that breaks is its client's affair.
    let _ = served.await;
}

async fn answer(emulator: Emulator, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = collect(body).await;
    Ok(emulator.answer(Request::from_parts(head, body)).await.map(Full::new))
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

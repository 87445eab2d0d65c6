//! Serves the emulator over HTTP: the loop that accepts connections.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::connection;
use crate::emulator::Emulator;

/// The pause before a failed `accept` or `bind` is tried again.
const RETRY_AFTER: Duration = Duration::from_millis(5);

/// An emulator that serves HTTP.
///
/// Nothing runs in the background: the worker catches up when a request asks for its results, with `GET /v1/notifications`
/// or by cancelling an event. Everything then has the time at which it was due, as if the worker had run all the time.
///
/// Dropping it closes the port; requests that have been received are still answered.
///
/// ```
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let server = teleflow_emulator::Emulator::new().serve("127.0.0.1:0").await?;
/// assert_eq!(server.url(), format!("http://{}", server.addr()));
/// # Ok::<(), std::io::Error>(())
/// # })?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// The emulator keeps what it has processed until [`Emulator::reset`]: reset one that serves for a long time.
#[derive(Debug)]
#[must_use = "the server stops when this value is dropped"]
pub struct EmulatorServer {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// Dropping the sender tells the connections to stop.
    _running: watch::Sender<()>,
}

impl EmulatorServer {
    /// The base URL for a client: `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the server.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for EmulatorServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Emulator {
    /// Serves the emulator over HTTP. Port 0 picks a free port.
    ///
    /// The server shares its data with this value and its clones.
    ///
    /// # Errors
    ///
    /// Returns the error of the operating system if it cannot listen on the address.
    ///
    /// # Examples
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    /// # runtime.block_on(async {
    /// let emulator = teleflow_emulator::Emulator::new();
    /// let server = emulator.serve("127.0.0.1:0").await?;
    /// println!("listening on {}", server.url());
    /// # Ok::<(), std::io::Error>(())
    /// # })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn serve(&self, address: impl ToSocketAddrs) -> io::Result<EmulatorServer> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (running, stopped) = watch::channel(());
        // Subscribed before the task runs, so that it does not miss a refusal.
        let mut refusals = self.faults().refusals();
        if self.faults().is_refusing() {
            refusals.mark_changed();
        }
        let accepting = tokio::spawn(accept(self.clone(), listener, address, refusals, stopped));
        Ok(EmulatorServer { address, accepting, _running: running })
    }
}

/// Accepts connections. While the emulator refuses connections, nothing listens on the address.
async fn accept(
    emulator: Emulator,
    mut listener: TcpListener,
    address: SocketAddr,
    mut refusals: watch::Receiver<Option<Instant>>,
    stopped: watch::Receiver<()>,
) {
    loop {
        match accept_or_refusal(&listener, &mut refusals).await {
            Some(Ok(stream)) => drop(tokio::spawn(connection::serve(emulator.clone(), stream, stopped.clone()))),
            // One connection was reset before it was accepted, or the process ran out of file descriptors.
            Some(Err(_)) => tokio::time::sleep(RETRY_AFTER).await,
            None => {
                drop(listener);
                listener = listen_again(&mut refusals, address).await;
            }
        }
    }
}

/// The next connection, or `None` once a refusal begins.
async fn accept_or_refusal(
    listener: &TcpListener,
    refusals: &mut watch::Receiver<Option<Instant>>,
) -> Option<io::Result<TcpStream>> {
    let mut refusal = pin!(refusals.changed());
    poll_fn(|context| {
        if refusal.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        listener.poll_accept(context).map_ok(|(stream, _)| stream).map(Some)
    })
    .await
}

/// Waits for the end of the refusal, which may be extended meanwhile, and listens on the address again.
async fn listen_again(refusals: &mut watch::Receiver<Option<Instant>>, address: SocketAddr) -> TcpListener {
    loop {
        let until = *refusals.borrow_and_update();
        if let Some(until) = until.filter(|until| *until > Instant::now()) {
            tokio::time::sleep_until(until).await;
            continue;
        }
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            // Another process uses the address.
            Err(_) => tokio::time::sleep(RETRY_AFTER).await,
        }
    }
}

//! The emulator behind a port: the loop that accepts connections.

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

/// Before what failed is tried again.
const PAUSE: Duration = Duration::from_millis(5);

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
        // Here, since the refusal may begin before the task first runs.
        let mut refusals = self.faults().refusals();
        if self.faults().is_refusing() {
            refusals.mark_changed();
        }
        let accepting = tokio::spawn(accept(self.clone(), listener, address, refusals, stopped));
        Ok(Serving { address, accepting, _running: running })
    }
}

/// Accepts connections, save while the emulator refuses them: then nobody listens on the address at all.
async fn accept(
    emulator: Emulator,
    mut listener: TcpListener,
    address: SocketAddr,
    mut refusals: watch::Receiver<Option<Instant>>,
    stopped: watch::Receiver<()>,
) {
    loop {
        match accepted_or_refused(&listener, &mut refusals).await {
            Some(Ok(stream)) => drop(tokio::spawn(connection::serve(emulator.clone(), stream, stopped.clone()))),
            // What failed is one connection, reset before it was accepted, or a passing lack of descriptors.
            Some(Err(_)) => tokio::time::sleep(PAUSE).await,
            None => {
                drop(listener);
                listener = listen_again(&mut refusals, address).await;
            }
        }
    }
}

/// The next connection, or `None` once a refusal begins.
async fn accepted_or_refused(
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

/// Waits for the end of the refusal, which may be put off meanwhile, and takes the address again.
async fn listen_again(refusals: &mut watch::Receiver<Option<Instant>>, address: SocketAddr) -> TcpListener {
    loop {
        let until = *refusals.borrow_and_update();
        if let Some(until) = until.filter(|until| *until > Instant::now()) {
            tokio::time::sleep_until(until).await;
            continue;
        }
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            // Somebody else has it for the moment.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

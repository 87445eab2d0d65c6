//! `Sending`: the future of one event.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::{Error, Result};
use crate::id::TransactionId;

/// The future that sends a request. It owns everything that it needs.
///
/// Nothing is sent before it is polled. It is `Send` and `'static`, whatever the payload was, so you can pass it to
/// `tokio::spawn`. Dropping it stops further attempts, but does not recall a request that was already sent: keep the
/// [`transaction_id`](Self::transaction_id) to find out.
///
/// It requires a tokio runtime. Without one nothing is sent, and it returns
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
///
/// # Panics
///
/// If it is awaited in a tokio runtime without a time driver or, over HTTP, without an IO driver: tokio does not let us
/// check. `#[tokio::main]` and `tokio::runtime::Builder::enable_all` enable both.
///
/// ```no_run
/// # async fn f(client: teleflow::Client) -> teleflow::Result<()> {
/// use teleflow::Event;
///
/// let sending = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client);
/// println!("about to send {}", sending.transaction_id());
/// let receipt = sending.await?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<R> {
    transaction_id: TransactionId,
    future: Pin<Box<dyn Future<Output = Result<R>> + Send>>,
}

impl<R> Sending<R> {
    pub(crate) fn new(transaction_id: TransactionId, future: impl Future<Output = Result<R>> + Send + 'static) -> Self {
        Self { transaction_id, future: Box::pin(future) }
    }

    /// The transaction id, which is set before anything is sent.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }
}

impl<R: Send + 'static> Sending<R> {
    /// Returns this error without sending anything.
    pub(crate) fn failed(error: Error, transaction_id: TransactionId) -> Self {
        Self::new(transaction_id, async move { Err(error) })
    }
}

impl<R> Future for Sending<R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

impl<R> fmt::Debug for Sending<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").field("transaction_id", &self.transaction_id).finish_non_exhaustive()
    }
}

//! The client: where requests go, with which key, and for how long.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::decode;
use crate::dispatch::{Dispatcher, Ended};
use crate::error::{Error, Result};
use crate::history::History;
use crate::id::TransactionId;
use crate::receipt::{Cancellation, Receipt};
use crate::request::{EventId, Request};

mod builder;

pub use builder::{ClientBuilder, EU_BASE_URL};

/// A client of the Teleflow API.
///
/// Cheap to clone; clones share their connections. Make one and keep it.
///
/// Requests go through the proxy that the environment names, but never to this machine itself: see
/// [`ClientBuilder`].
///
/// `Debug` shows where it sends, never the API key.
///
/// ```
/// let client = teleflow::Client::new("my-api-key")?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    dispatcher: Dispatcher,
    /// Where it sends, for `Debug`.
    target: String,
}

impl Client {
    /// A client of the cloud, <https://api-teleflow.khulnasoft.com/v1>, with this API key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the key is blank or has a character that
    /// cannot stand in a header, or if TLS cannot be set up on this machine.
    ///
    /// ```
    /// let client = teleflow::Client::new("my-api-key")?;
    /// assert!(teleflow::Client::new("my-api-key\n").is_err());
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn new(api_key: impl Into<String>) -> Result<Self> {
        Self::builder().api_key(api_key).build()
    }

    /// A client as the environment says: the key in `TELEFLOW_API_KEY`, and, if it is set, the base URL
    /// in `TELEFLOW_API_URL`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if `TELEFLOW_API_KEY` is not set or blank, or if one
    /// of the two is not valid. The error names the variable.
    ///
    /// ```no_run
    /// let client = teleflow::Client::from_env()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn from_env() -> Result<Self> {
        Self::builder().with_env()?.build()
    }

    /// A client with other settings.
    ///
    /// ```
    /// let client = teleflow::Client::builder().api_key("my-api-key").base_url(teleflow::EU_BASE_URL).build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Takes back what the server still holds of an event for a later time.
    ///
    /// The server can take back only an event whose delay or digest step its worker has reached. One
    /// that still stands in its queue answers [`Cancellation::NothingPending`] and **goes out**.
    /// (`cancel-delayed.usecase.ts`.)
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the id is blank, else those of any request.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, receipt: teleflow::Receipt, stored_id: String) -> teleflow::Result<()> {
    /// let cancellation = client.cancel(receipt.transaction_id()).await?;
    /// // With an id from a database:
    /// let cancellation = client.cancel(&teleflow::TransactionId::from(stored_id)).await?;
    /// # Ok(()) }
    /// ```
    pub fn cancel(&self, transaction_id: &TransactionId) -> Sending<Cancellation> {
        let id = transaction_id.clone();
        match Request::cancel(transaction_id) {
            Ok(request) => self
                .start(request, |ended, label| ended.result(label, |response| decode::cancellation(response, label))),
            Err(fault) => Sending::failed(Error::invalid(fault).cancelling(&id), id),
        }
    }

    /// Sends a request of one event.
    pub(crate) fn post(&self, request: Request) -> Sending<Receipt> {
        let endpoint = request.endpoint();
        self.start(request, move |ended, label| {
            ended.result(label, |response| decode::receipt(endpoint, response, label))
        })
    }

    /// Sends a request about one transaction and reads the answer.
    fn start<R: 'static>(
        &self,
        request: Request,
        read: impl FnOnce(&Ended, &EventId) -> Result<R> + Send + 'static,
    ) -> Sending<R> {
        let client = self.clone();
        let Some(label) = request.events().first().cloned() else {
            let error = Error::invalid("the request is about no event");
            return Sending::failed(error, TransactionId::random());
        };
        let transaction_id = label.transaction_id.clone();
        let future = Box::pin(async move {
            let ended = client.dispatcher().dispatch(&request, History::default()).await;
            read(&ended, &label)
        });
        Sending { transaction_id, future }
    }

    pub(crate) fn dispatcher(&self) -> &Dispatcher {
        &self.0.dispatcher
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("target", &self.0.target)
            .field("timeout", &self.0.dispatcher.timing.timeout)
            .field("deadline", &self.0.dispatcher.timing.deadline)
            .field("retry", &self.0.dispatcher.policy)
            .finish()
    }
}

/// A request on its way: a future that owns everything it needs.
///
/// Nothing leaves before it is polled. It is `Send` and `'static` whatever the payload was, so it can
/// be handed to `tokio::spawn`. Dropping it stops further attempts, but does not recall a request that
/// was already sent: keep [`transaction_id`](Self::transaction_id) to ask.
///
/// It needs a tokio runtime. Without one nothing is sent and it ends with
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
///
/// # Panics
///
/// When it is awaited in a tokio runtime that has no time, or, over HTTP, no IO: tokio does not tell
/// before. `#[tokio::main]` and `tokio::runtime::Builder::enable_all` give both.
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
    /// The transaction id, before anything is sent.
    #[must_use]
    pub fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    pub(crate) fn map<T>(self, convert: impl FnOnce(R) -> T + Send + 'static) -> Sending<T>
    where
        R: 'static,
    {
        let Self { transaction_id, future } = self;
        Sending { transaction_id, future: Box::pin(async move { future.await.map(convert) }) }
    }
}

impl<R: 'static> Sending<R> {
    /// One that ends with this error, without having sent anything.
    pub(crate) fn failed(error: Error, transaction_id: TransactionId) -> Self {
        Self { transaction_id, future: Box::pin(async move { Err(error) }) }
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

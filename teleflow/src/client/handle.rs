//! `Client`: the handle that requests are sent with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::sending::Sending;
use crate::dispatch::Dispatcher;
use crate::error::Error;
use crate::history::History;
use crate::id::TransactionId;
use crate::receipt::Receipt;
use crate::request::Request;

/// A client of the Teleflow API.
///
/// It is cheap to clone. Clones share their connections, and the facts that they have learned about the server, such as its
/// rate limit. Build one client and keep it.
///
/// Requests use the proxy of the environment, unless the base URL has a loopback host: see
/// [`ClientBuilder`](crate::ClientBuilder).
///
/// `Debug` shows the base URL, but never the API key.
///
/// ```
/// let client = teleflow::Client::new("my-api-key")?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    dispatcher: Dispatcher,
    /// The base URL, or that there is a custom transport; for `Debug`.
    target: String,
}

impl Client {
    pub(super) fn from_parts(dispatcher: Dispatcher, target: String) -> Self {
        Self(Arc::new(Inner { dispatcher, target }))
    }

    /// The deadline of a whole request: see [`ClientBuilder::deadline`](crate::ClientBuilder::deadline).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let client = teleflow::Client::builder().api_key("my-api-key").deadline(Duration::from_secs(20)).build()?;
    /// assert_eq!(client.deadline(), Duration::from_secs(20));
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.0.dispatcher.timing.deadline
    }

    /// Sends a request of one event, and converts its receipt.
    pub(crate) fn send_one<R: Send + 'static>(&self, request: Request, convert: fn(Receipt) -> R) -> Sending<R> {
        let Some(transaction_id) = request.transaction_ids().next().cloned() else {
            return Sending::failed(Error::invalid("the request has no event"), TransactionId::random());
        };
        let client = self.clone();
        Sending::new(transaction_id, async move {
            let ended = client.dispatcher().dispatch(&request, History::default()).await;
            ended.result(&request).map(convert)
        })
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
            .field("guards", &self.0.dispatcher.guards)
            .finish()
    }
}

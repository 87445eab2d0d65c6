//! `Transport`: the trait that sends a request once.

use std::pin::Pin;

use super::error::TransportError;
use super::response::Response;
use crate::request::Request;

/// Sends a request to the server once and returns the response.
///
/// [`Client::new`](crate::Client::new) uses HTTP. [`ClientBuilder::transport`](crate::ClientBuilder::transport) replaces it,
/// for example by an emulator, or by a recorder in a test. A transport does not retry, wait or interpret the response. The
/// client also enforces the timeout of an attempt: it drops the future.
///
/// ```
/// use teleflow::transport::{TransportFuture, Response, Transport};
/// use teleflow::{Client, Event, Request};
///
/// /// Responds to every event as the server does when it queues one.
/// struct AlwaysQueued;
///
/// impl Transport for AlwaysQueued {
///     fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
///         let id = request.transaction_ids().next().map(ToString::to_string);
///         let body = serde_json::json!({"data": {"acknowledged": true, "status": "processed", "transactionId": id}});
///         Box::pin(async move { Ok(Response::new(201, Default::default(), body.to_string())) })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let client = Client::builder().transport(AlwaysQueued).build()?;
/// let receipt = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await?;
/// assert_eq!(receipt.http_status(), 201);
/// # teleflow::Result::<()>::Ok(()) }).unwrap();
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request once and reads the complete response.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no complete response. A response with any HTTP status is `Ok`.
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a>;
}

/// The future of [`Transport::attempt`].
///
/// ```
/// use teleflow::transport::{TransportFuture, Response};
///
/// let attempt: TransportFuture<'_> = Box::pin(async { Ok(Response::new(503, Default::default(), "")) });
/// ```
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

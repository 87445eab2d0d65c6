//! One attempt at a request: the seam below which the network begins.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::request::Request;

mod carrier;
pub(crate) mod http;
mod departure;

pub(crate) use carrier::Carrier;

/// What carries one attempt of a request to the server, and its answer back.
///
/// [`Client::new`](crate::Client::new) has one that speaks HTTP. Another is given to
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport): an emulator, or a recorder in a test.
/// It does not repeat, does not wait and does not judge the answer; the time limit of an attempt is
/// the client's too, which drops the future when it is over.
///
/// ```
/// use teleflow::transport::{TransportFuture, Response, Transport};
/// use teleflow::{Client, Event, Request};
///
/// /// Answers every event as the server would answer one that it queued.
/// struct Yes;
///
/// impl Transport for Yes {
///     fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
///         let id = request.transaction_ids().next().map(ToString::to_string);
///         let body = serde_json::json!({"data": {"acknowledged": true, "status": "processed", "transactionId": id}});
///         Box::pin(async move { Ok(Response::new(201, Default::default(), body.to_string())) })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let client = Client::builder().transport(Yes).build()?;
/// let receipt = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await?;
/// assert_eq!(receipt.http_status(), 201);
/// # teleflow::Result::<()>::Ok(()) }).unwrap();
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request once and reads the whole answer.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] if no whole answer came. Any answer, of whatever status, is `Ok`.
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

/// An answer, whole and unread.
///
/// ```
/// let response = teleflow::transport::Response::new(201, Default::default(), "{}");
/// assert_eq!((response.status(), response.body().as_ref()), (201, b"{}".as_slice()));
/// ```
#[derive(Clone)]
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Response {
    /// An answer with this HTTP status, these headers and this body.
    #[must_use]
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into() }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The first header of this name, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Without the body, which may name recipients.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .finish()
    }
}

/// Why an attempt ended without a whole answer.
///
/// ```
/// use teleflow::transport::TransportError;
///
/// let refused = TransportError::connect(std::io::Error::from(std::io::ErrorKind::ConnectionRefused));
/// assert!(refused.never_sent());
/// assert!(!TransportError::interrupted("connection reset").never_sent());
/// ```
#[derive(Debug)]
pub struct TransportError {
    failure: Failure,
    /// The host that could not be reached, where it is known.
    host: Option<String>,
    source: Box<dyn StdError + Send + Sync>,
}

/// The ways in which an attempt fails, by what they say of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There was no connection: nothing left.
    Connect,
    /// The connection broke, or the body of the answer: the event may be queued.
    Interrupted,
    /// No whole response within this time limit: the event may be queued.
    TimedOut(Duration),
    /// A response of this status that is larger than is read.
    Unreadable(u16),
    /// The request cannot be sent by this transport at all.
    Unsendable,
}

impl TransportError {
    /// There was no connection, so that nothing of the request left.
    #[must_use]
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: Failure::Connect, host: None, source: source.into() }
    }

    /// The connection broke before the whole answer was there: the server may have the request.
    #[must_use]
    pub fn interrupted(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: Failure::Interrupted, host: None, source: source.into() }
    }

    pub(crate) fn timed_out(limit: Duration) -> Self {
        Self {
            failure: Failure::TimedOut(limit),
            host: None,
            source: format!("{} s have passed", limit.as_secs_f64()).into(),
        }
    }

    /// A response of this HTTP status that is too large.
    pub(crate) fn unreadable(status: u16, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: Failure::Unreadable(status), host: None, source: source.into() }
    }

    pub(crate) fn unsendable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failure: Failure::Unsendable, host: None, source: source.into() }
    }

    /// Names the host that the attempt went to.
    pub(crate) fn to(self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self }
    }

    /// Whether it is certain that nothing of the request reached the server.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        matches!(self.failure, Failure::Connect | Failure::Unsendable)
    }

    pub(crate) fn failure(&self) -> Failure {
        self.failure
    }

    pub(crate) fn into_source(self) -> Box<dyn StdError + Send + Sync> {
        self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Failure::Connect, Some(host)) = (self.failure, &self.host) {
            return write!(f, "failed to connect to `{host}`");
        }
        f.write_str(match self.failure {
            Failure::Connect => "failed to connect to the server",
            Failure::Interrupted => "the connection broke before the answer was there",
            Failure::TimedOut(_) => "no response in time",
            Failure::Unreadable(_) => "the response is too large to be read",
            Failure::Unsendable => "the request could not be sent",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

//! The transport over HTTP with hyper's connection pool.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{PROXY_AUTHORIZATION, USER_AGENT};
use http::uri::InvalidUri;
use http::{HeaderValue, Method, Uri};
use http_body::Body as _;
use hyper::body::{Frame, Incoming};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::{proxy, tls};

use self::connector::Connector;
use super::error::TransportError;
use super::limits::POOL_IDLE;
use super::observed_body::ObservedBody;
use super::request_headers::RequestHeaders;
use super::response::Response;
use super::response_body;
use super::sent_flag::SentFlag;
use crate::error::{Error, Result};
use crate::request::{Endpoint, Request};

mod connector;
mod stream;

/// Sends requests with a connection pool of hyper-util.
pub(crate) struct Hyper {
    pool: Pool<Connector, ObservedBody>,
    base: BaseUrl,
    /// The URLs of single events and of bulks, parsed once.
    trigger: Uri,
    bulk: Uri,
    headers: RequestHeaders,
}

impl Hyper {
    /// A pool for requests to `base`, directly or through the proxy of the environment.
    ///
    /// # Errors
    ///
    /// If the proxy is not a valid URL, if the platform has no CA certificates, or if `base` has a character that HTTP does not
    /// allow.
    pub(crate) fn new(
        connect_timeout: Duration,
        base: &BaseUrl,
        key: &ApiKey,
        user_agent: Option<HeaderValue>,
    ) -> Result<Self> {
        let proxy = proxy::of_environment(base).map_err(Error::invalid)?;
        let tls = tls::config(base).map_err(|error| Error::invalid(error.message).with_source(error.source))?;
        let url = |endpoint: Endpoint| parse(base, endpoint.path()).map_err(malformed);
        let (trigger, bulk) = (url(Endpoint::Trigger)?, url(Endpoint::Bulk)?);
        let mut headers = RequestHeaders::new(key, user_agent).complete(base)?;
        // A tunnel authenticates itself when it is opened.
        if let (false, Some(auth)) = (base.is_https(), proxy.as_ref().and_then(|proxy| proxy.basic_auth())) {
            headers = headers.with(PROXY_AUTHORIZATION, auth.clone());
        }
        let connector = Connector::new(tls, base.is_https(), proxy, headers.get(USER_AGENT), connect_timeout);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE)
            .build(connector);
        Ok(Self { pool, base: base.clone(), trigger, bulk, headers })
    }

    /// The host of the base URL, with its port unless it is the default.
    pub(super) fn host(&self) -> &str {
        self.base.host()
    }

    /// Sends the request once and reads the complete response. Records in `sent` when a part of the request may have
    /// been sent.
    pub(super) async fn attempt(&self, request: &Request, sent: &SentFlag) -> Result<Response, TransportError> {
        let response = self.pool.request(self.http_request(request, sent)?);
        let (head, body) = match response.await {
            Ok(response) => response.into_parts(),
            Err(error) if error.is_connect() || !sent.is_set() => {
                return Err(TransportError::connect(error));
            }
            Err(error) => return Err(TransportError::interrupted(error)),
        };
        let status = head.status.as_u16();
        Ok(Response::new(status, head.headers, read_body(body, status).await?))
    }

    fn http_request(&self, request: &Request, sent: &SentFlag) -> Result<http::Request<ObservedBody>, TransportError> {
        let headers = self.headers.of(request)?;
        if request.body().is_empty() {
            // hyper does not read an empty body.
            sent.set();
        }
        let other = || parse(&self.base, request.path()).map_err(TransportError::unsendable);
        let (method, url) = match request.endpoint() {
            Endpoint::Trigger => (Method::POST, self.trigger.clone()),
            Endpoint::Bulk => (Method::POST, self.bulk.clone()),
            Endpoint::Broadcast => (Method::POST, other()?),
            Endpoint::Cancel => (Method::DELETE, other()?),
        };
        let mut sent = http::Request::new(ObservedBody::new(request.body().clone(), sent.clone()));
        *sent.method_mut() = method;
        *sent.uri_mut() = url;
        *sent.headers_mut() = headers;
        Ok(sent)
    }
}

fn parse(base: &BaseUrl, path: &str) -> Result<Uri, InvalidUri> {
    format!("{}{path}", base.as_str()).parse()
}

fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("the base URL is malformed").with_source(error)
}

async fn read_body(mut rest: Incoming, status: u16) -> Result<Bytes, TransportError> {
    let mut body = Bytes::new();
    // A body of known length is at its end without another poll.
    while !rest.is_end_stream()
        && let Some(frame) = poll_fn(|context| Pin::new(&mut rest).poll_frame(context)).await
    {
        body = match frame.map(Frame::into_data) {
            Ok(Ok(chunk)) => response_body::append(body, chunk, status)?,
            // Trailers.
            Ok(Err(_)) => body,
            Err(_) if !response_body::is_required(status) => break,
            Err(error) => return Err(TransportError::interrupted(error)),
        };
    }
    Ok(body)
}

//! The transport over HTTP with hyper's connection pool.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Pool;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::{proxy, tls};

use self::connector::Connector;
use super::departure::Departure;
use super::error::TransportError;
use super::limits::{AGENT, LARGEST_RESPONSE, POOL_IDLE};
use super::observed_body::ObservedBody;
use super::response::Response;
use crate::error::{Error, Result};
use crate::request::Request;

mod connector;
mod stream;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Sends requests with a connection pool of hyper-util.
pub(crate) struct Hyper {
    pool: Pool<Connector, ObservedBody>,
    /// The base URL, without `/v1` and without a slash at its end.
    base: String,
    /// The host of `base`, with its port unless it is the default.
    host: String,
    /// The paths of most requests, and their URLs.
    urls: [(&'static str, Uri); 2],
    /// The headers of a request with a body. The value of `Idempotency-Key` is a placeholder: replacing a value is cheaper
    /// than adding a header.
    headers: HeaderMap,
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
        let url = |path: &'static str| Ok((path, parse(base.as_str(), path).map_err(malformed)?));
        let urls = [url("/v1/events/trigger")?, url("/v1/events/trigger/bulk")?];
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(HOST, HeaderValue::from_str(base.host()).map_err(malformed)?);
        headers.insert(AUTHORIZATION, key.authorization());
        headers.insert(USER_AGENT, user_agent.unwrap_or(HeaderValue::from_static(AGENT)));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_static(""));
        // A tunnel authenticates itself when it is opened.
        if let (false, Some(auth)) = (base.is_https(), proxy.as_ref().and_then(|proxy| proxy.basic_auth())) {
            headers.insert(PROXY_AUTHORIZATION, auth.clone());
        }
        let connector = Connector::new(tls, base.is_https(), proxy, headers.get(USER_AGENT), connect_timeout);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(POOL_IDLE)
            .build(connector);
        Ok(Self { pool, base: base.as_str().to_owned(), host: base.host().to_owned(), urls, headers })
    }

    /// The host of the base URL, with its port unless it is the default.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends the request once and reads the complete response. Records in `departure` when a part of the request may have
    /// been sent.
    pub(super) async fn attempt(&self, request: &Request, departure: &Departure) -> Result<Response, TransportError> {
        let sent = self.pool.request(self.http_request(request, departure)?);
        let (head, body) = match sent.await {
            Ok(response) => response.into_parts(),
            Err(error) if error.is_connect() || !departure.is_recorded() => {
                return Err(TransportError::connect(error));
            }
            Err(error) => return Err(TransportError::interrupted(error)),
        };
        let status = head.status.as_u16();
        Ok(Response::new(status, head.headers, read_body(body, status).await?))
    }

    fn http_request(
        &self,
        request: &Request,
        departure: &Departure,
    ) -> Result<http::Request<ObservedBody>, TransportError> {
        let mut headers = self.headers.clone();
        match request.idempotency_key().map(HeaderValue::from_str).transpose() {
            Ok(Some(key)) => headers.insert(IDEMPOTENCY_KEY, key),
            Ok(None) => headers.remove(IDEMPOTENCY_KEY),
            Err(error) => return Err(TransportError::unsendable(error)),
        };
        if request.body().is_empty() {
            headers.remove(CONTENT_TYPE);
            // hyper does not read an empty body.
            departure.record();
        }
        let mut sent = http::Request::new(ObservedBody::new(request.body().clone(), departure.clone()));
        *sent.method_mut() = if request.method() == "DELETE" { Method::DELETE } else { Method::POST };
        *sent.uri_mut() = match self.urls.iter().find(|(path, _)| *path == request.path()) {
            Some((_, url)) => url.clone(),
            None => parse(&self.base, request.path()).map_err(TransportError::unsendable)?,
        };
        *sent.headers_mut() = headers;
        Ok(sent)
    }
}

fn parse(base: &str, path: &str) -> Result<Uri, http::uri::InvalidUri> {
    format!("{base}{path}").parse()
}

fn malformed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::invalid("the base URL is malformed").with_source(error)
}

async fn read_body(mut body: Incoming, status: u16) -> Result<Bytes, TransportError> {
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let chunk = match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(chunk)) => chunk,
            // Trailers.
            Ok(Err(_)) => continue,
            // A refusal is decided by its status, which was received. Only the messages in the body may be lost.
            Err(_) if !(200..300).contains(&status) => break,
            Err(error) => return Err(TransportError::interrupted(error)),
        };
        if first.len() + all.len() + chunk.len() > LARGEST_RESPONSE {
            return Err(TransportError::unreadable(status, format!("more than {LARGEST_RESPONSE} bytes")));
        }
        // Most responses have one chunk, which is not copied.
        if first.is_empty() && all.is_empty() {
            first = chunk;
        } else {
            all.extend_from_slice(&std::mem::take(&mut first));
            all.extend_from_slice(&chunk);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

//! The transport over HTTP with reqwest.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use reqwest::{Method, Url, redirect};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::proxy;

use super::error::TransportError;
use super::limits::{AGENT, POOL_IDLE};
use super::observed_body::ObservedBody;
use super::request_headers::RequestHeaders;
use super::response::Response;
use super::response_body;
use super::sent_flag::SentFlag;
use crate::error::{Error, Result};
use crate::request::{Endpoint, Request};

/// Sends requests with a `reqwest::Client`.
pub(crate) struct Reqwest {
    client: reqwest::Client,
    base: Url,
    /// The host of `base`, with its port unless it is the default.
    host: String,
    /// The URLs of single events and of bulks, parsed once.
    trigger: Url,
    bulk: Url,
    headers: RequestHeaders,
}

impl Reqwest {
    /// Sends requests to `base` with a client of our own.
    ///
    /// # Errors
    ///
    /// If `base` is not a valid URL, or if the client cannot be initialized.
    pub(crate) fn new(
        connect_timeout: Duration,
        base: &BaseUrl,
        key: &ApiKey,
        user_agent: Option<HeaderValue>,
    ) -> Result<Self> {
        let headers = RequestHeaders::new(key, user_agent).complete(base)?;
        Self::from_parts(client(connect_timeout, base)?, base, headers)
    }

    /// Sends requests to `base` with `client`, whose user agent `user_agent` replaces.
    ///
    /// # Errors
    ///
    /// If `base` is not a valid URL.
    pub(crate) fn with_client(
        client: reqwest::Client,
        base: &BaseUrl,
        key: &ApiKey,
        user_agent: Option<HeaderValue>,
    ) -> Result<Self> {
        Self::from_parts(client, base, RequestHeaders::new(key, user_agent))
    }

    fn from_parts(client: reqwest::Client, base: &BaseUrl, headers: RequestHeaders) -> Result<Self> {
        let host = base.host().to_owned();
        let base = Url::parse(base.as_str())
            .map_err(|error| Error::invalid("the base URL is malformed").with_source(error))?;
        let [trigger, bulk] = [Endpoint::Trigger, Endpoint::Bulk].map(|endpoint| url(&base, endpoint.path()));
        Ok(Self { client, base, host, trigger, bulk, headers })
    }

    /// The host of the base URL, with its port unless it is the default.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends the request once and reads the complete response. Records in `sent` when a part of the request may have
    /// been sent.
    pub(super) async fn attempt(&self, request: &Request, sent: &SentFlag) -> Result<Response, TransportError> {
        let request = self.http_request(request, sent)?;
        let mut response = self.client.execute(request).await.map_err(|error| {
            if error.is_builder() {
                TransportError::unsendable(error)
            } else if error.is_connect() || !sent.is_set() {
                TransportError::connect(error)
            } else {
                TransportError::interrupted(error)
            }
        })?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        let body = read_body(&mut response, status).await?;
        Ok(Response::new(status, headers, body))
    }

    fn http_request(&self, request: &Request, sent: &SentFlag) -> Result<reqwest::Request, TransportError> {
        let (method, url) = match request.endpoint() {
            Endpoint::Trigger => (Method::POST, self.trigger.clone()),
            Endpoint::Bulk => (Method::POST, self.bulk.clone()),
            Endpoint::Broadcast => (Method::POST, url(&self.base, request.path())),
            Endpoint::Cancel => (Method::DELETE, url(&self.base, request.path())),
        };
        let mut http_request = reqwest::Request::new(method, url);
        *http_request.headers_mut() = self.headers.of(request)?;
        if request.body().is_empty() {
            // The HTTP client does not read an empty body.
            sent.set();
        } else {
            let body = ObservedBody::new(request.body().clone(), sent.clone());
            *http_request.body_mut() = Some(reqwest::Body::wrap(body));
        }
        Ok(http_request)
    }
}

/// The URL of a path of the API, which is percent-encoded already.
fn url(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

async fn read_body(response: &mut reqwest::Response, status: u16) -> Result<Bytes, TransportError> {
    let mut body = Bytes::new();
    // A body of known length is at its end without another poll.
    while response.content_length() != Some(0) {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(_) if !response_body::is_required(status) => break,
            Err(error) => return Err(TransportError::interrupted(error)),
        };
        body = response_body::append(body, chunk, status)?;
    }
    Ok(body)
}

/// Builds the default [`reqwest::Client`].
///
/// No other function does: without a TLS configuration from us, reqwest would panic if the process has no default.
fn client(connect_timeout: Duration, base: &BaseUrl) -> Result<reqwest::Client> {
    proxy::check(base).map_err(Error::invalid)?;
    let builder = reqwest::Client::builder()
        .user_agent(AGENT)
        // A redirect could send the payload to another host.
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(POOL_IDLE)
        .connect_timeout(connect_timeout);
    build(if base.is_loopback() { builder.no_proxy() } else { builder }, base)
}

#[cfg(feature = "rustls")]
fn build(builder: reqwest::ClientBuilder, base: &BaseUrl) -> Result<reqwest::Client> {
    let config =
        teleflow_http::tls::config(base).map_err(|error| Error::invalid(error.message).with_source(error.source))?;
    builder.tls_backend_preconfigured(config).build().map_err(initialization_failed)
}

#[cfg(not(feature = "rustls"))]
fn build(builder: reqwest::ClientBuilder, _: &BaseUrl) -> Result<reqwest::Client> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    // If another crate enables `reqwest/rustls-no-provider`, reqwest panics unless the application has installed a
    // provider. Without rustls there is no other way to find out. The builder is not used afterwards.
    match catch_unwind(AssertUnwindSafe(|| builder.build())) {
        Ok(client) => client.map_err(initialization_failed),
        Err(_) => Err(Error::invalid(
            "another crate enables rustls in reqwest without a crypto provider; enable the feature `rustls` or \
             `native-tls` of `teleflow`, or install a provider as the default of the process",
        )),
    }
}

fn initialization_failed(error: reqwest::Error) -> Error {
    Error::invalid("failed to initialize the HTTP client").with_source(error)
}

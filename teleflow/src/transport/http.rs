//! The transport over HTTP, with reqwest. Only this file uses the network.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, Url, redirect};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::proxy;

use super::departure::{Departure, ObservedBody};
use super::error::TransportError;
use super::response::Response;
use crate::error::{Error, Result};
use crate::request::{Endpoint, Request};

/// The largest response that is read, in bytes. Responses of the API have a few kilobytes.
pub(crate) const LARGEST_RESPONSE: usize = 8 * 1024 * 1024;
/// The pool closes idle connections before the server does, which closes them after 61 s.
// Source: `bootstrap.ts`.
const POOL_IDLE: Duration = Duration::from_secs(55);

const AGENT: &str = concat!("teleflow/rust@", env!("CARGO_PKG_VERSION"));

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Sends requests with a `reqwest::Client`.
pub(crate) struct Http {
    client: reqwest::Client,
    base: BaseUrl,
    /// The URLs of single events and of bulks, parsed once.
    trigger: Url,
    bulk: Url,
    authorization: HeaderValue,
    /// Replaces the user agent of `client`.
    user_agent: Option<HeaderValue>,
}

impl Http {
    pub(crate) fn new(client: reqwest::Client, base: &BaseUrl, key: &ApiKey, user_agent: Option<HeaderValue>) -> Self {
        let [trigger, bulk] = [Endpoint::Trigger, Endpoint::Bulk].map(|endpoint| base.endpoint(endpoint.path()));
        Self { client, base: base.clone(), trigger, bulk, authorization: key.authorization(), user_agent }
    }

    /// The host of the base URL, with its port unless it is the default.
    pub(super) fn host(&self) -> &str {
        self.base.host()
    }

    /// Sends the request once and reads the complete response. Records in `departure` when a part of the request may have
    /// been sent.
    pub(super) async fn attempt(&self, request: &Request, departure: &Departure) -> Result<Response, TransportError> {
        let request = self.http_request(request, departure)?;
        let mut response = self.client.execute(request).await.map_err(|error| {
            if error.is_builder() {
                TransportError::unsendable(error)
            } else if error.is_connect() || !departure.is_recorded() {
                TransportError::connect(error)
            } else {
                TransportError::interrupted(error)
            }
        })?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        let body = read_body(&mut response, status).await?;
        Ok(Response::new(status, headers, body))
    }

    fn http_request(&self, request: &Request, departure: &Departure) -> Result<reqwest::Request, TransportError> {
        let (method, url) = match request.endpoint() {
            Endpoint::Trigger => (Method::POST, self.trigger.clone()),
            Endpoint::Bulk => (Method::POST, self.bulk.clone()),
            Endpoint::Broadcast => (Method::POST, self.base.endpoint(request.path())),
            Endpoint::Cancel => (Method::DELETE, self.base.endpoint(request.path())),
        };
        let mut http_request = reqwest::Request::new(method, url);
        let headers = http_request.headers_mut();
        // With those that reqwest and hyper add. Otherwise the map grows under way.
        headers.reserve(8);
        headers.insert(AUTHORIZATION, self.authorization.clone());
        if let Some(user_agent) = &self.user_agent {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        if let Some(key) = request.idempotency_key() {
            headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_str(key).map_err(TransportError::unsendable)?);
        }
        if request.body().is_empty() {
            // The HTTP client does not read an empty body.
            departure.record();
        } else {
            headers.insert(CONTENT_TYPE, JSON);
            let body = ObservedBody::new(request.body().clone(), departure.clone());
            *http_request.body_mut() = Some(reqwest::Body::wrap(body));
        }
        Ok(http_request)
    }
}

async fn read_body(response: &mut reqwest::Response, status: u16) -> Result<Bytes, TransportError> {
    let mut body = Bytes::new();
    loop {
        let chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // A refusal is decided by its status, which was received. Only the messages in the body may be lost.
            Err(_) if !(200..300).contains(&status) => break,
            Err(error) => return Err(TransportError::interrupted(error)),
        };
        if body.len() + chunk.len() > LARGEST_RESPONSE {
            return Err(TransportError::unreadable(status, format!("more than {LARGEST_RESPONSE} bytes")));
        }
        body = if body.is_empty() { chunk } else { append(body, &chunk) };
    }
    Ok(body)
}

/// Most bodies are one chunk, which is not copied.
fn append(body: Bytes, chunk: &[u8]) -> Bytes {
    let mut body = BytesMut::from(body);
    body.extend_from_slice(chunk);
    body.freeze()
}

/// Builds the default [`reqwest::Client`].
///
/// No other function does: without a TLS configuration from us, reqwest would panic if the process has no default.
pub(crate) fn client(connect_timeout: Duration, base: &BaseUrl) -> Result<reqwest::Client> {
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

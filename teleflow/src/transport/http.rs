//! The transport over HTTP with reqwest.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Method, redirect};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::proxy;

use super::attempt::TransportFuture;
use super::departure::Departure;
use super::error::TransportError;
use super::limits::{AGENT, LARGEST_RESPONSE, POOL_IDLE};
use super::observed_body::ObservedBody;
use super::response::Response;
use crate::error::{Error, Result};
use crate::request::Request;

/// Sends requests with a `reqwest::Client`.
pub(crate) struct Http {
    client: reqwest::Client,
    /// The base URL, without `/v1` and without a slash at its end.
    base: String,
    /// The host of `base`, with its port unless it is the default.
    host: String,
    authorization: HeaderValue,
    /// Replaces the user agent of `client`.
    user_agent: Option<HeaderValue>,
}

impl Http {
    pub(crate) fn new(client: reqwest::Client, base: &BaseUrl, key: &ApiKey, user_agent: Option<HeaderValue>) -> Self {
        let (base, host) = (base.as_str().to_owned(), base.host().to_owned());
        Self { client, base, host, authorization: key.authorization(), user_agent }
    }

    /// The host of the base URL, with its port unless it is the default.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends the request once and reads the complete response. Records in `departure` when a part of the request may have
    /// been sent.
    pub(super) fn attempt<'a>(&'a self, request: &'a Request, departure: &Departure) -> TransportFuture<'a> {
        let departure = departure.clone();
        Box::pin(async move {
            let method = if request.method() == "DELETE" { Method::DELETE } else { Method::POST };
            let url = format!("{}{}", self.base, request.path());
            let mut builder = self.client.request(method, url).header(AUTHORIZATION, self.authorization.clone());
            if let Some(user_agent) = &self.user_agent {
                builder = builder.header(USER_AGENT, user_agent.clone());
            }
            if let Some(key) = request.idempotency_key() {
                builder = builder.header("Idempotency-Key", key);
            }
            if request.body().is_empty() {
                // The HTTP client does not read an empty body.
                departure.record();
            } else {
                let body = ObservedBody::new(request.body().clone(), departure.clone());
                builder = builder.header(CONTENT_TYPE, "application/json").body(reqwest::Body::wrap(body));
            }
            let mut response = builder.send().await.map_err(|error| {
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
        })
    }
}

async fn read_body(response: &mut reqwest::Response, status: u16) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
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
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
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

//! The transport over HTTP, with reqwest: the only place that touches the network.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Method, redirect};
use teleflow_http::api_key::ApiKey;
use teleflow_http::base_url::BaseUrl;
use teleflow_http::proxy;

use super::departure::{Departure, NotedBody};
use super::{Response, TransportError, TransportFuture};
use crate::error::{Error, Result};
use crate::request::Request;

/// Responses are read up to this size, in bytes. Those of the API are a few kilobytes.
pub(crate) const LARGEST_RESPONSE: usize = 8 * 1024 * 1024;
/// The server closes an idle connection after 61 s (`bootstrap.ts`); the pool gives it up before.
const POOL_IDLE: Duration = Duration::from_secs(55);

const AGENT: &str = concat!("teleflow/rust@", env!("CARGO_PKG_VERSION"));

pub(crate) struct Http {
    client: reqwest::Client,
    /// Without `/v1` and without a slash at its end.
    base: String,
    /// The host of `base`, with its port where it has one.
    host: String,
    authorization: HeaderValue,
    /// Where it is not the HTTP client's own.
    user_agent: Option<HeaderValue>,
}

impl Http {
    pub(crate) fn new(client: reqwest::Client, base: &BaseUrl, key: &ApiKey, user_agent: Option<HeaderValue>) -> Self {
        let (base, host) = (base.as_str().to_owned(), base.host().to_owned());
        Self { client, base, host, authorization: key.authorization(), user_agent }
    }

    /// The host of the base URL, with its port where it has one.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Sends the request once and reads the whole response. `departure` is noted as soon as some of it may have left.
    pub(super) fn attempt<'a>(&'a self, request: &'a Request, departure: &Departure) -> TransportFuture<'a> {
        let departure = departure.clone();
        Box::pin(async move {
            let method = if request.method() == "DELETE" { Method::DELETE } else { Method::POST };
            let url = format!("{}{}", self.base, request.path());
            let mut call = self.client.request(method, url).header(AUTHORIZATION, self.authorization.clone());
            if let Some(user_agent) = &self.user_agent {
                call = call.header(USER_AGENT, user_agent.clone());
            }
            if let Some(key) = request.idempotency_key() {
                call = call.header("Idempotency-Key", key);
            }
            if request.body().is_empty() {
                // Nobody asks for a body that is empty.
                departure.note();
            } else {
                let body = NotedBody::new(request.body().clone(), departure.clone());
                call = call.header(CONTENT_TYPE, "application/json").body(reqwest::Body::wrap(body));
            }
            let mut answer = call.send().await.map_err(|error| {
                if error.is_builder() {
                    TransportError::unsendable(error)
                } else if error.is_connect() || !departure.is_noted() {
                    TransportError::connect(error)
                } else {
                    TransportError::interrupted(error)
                }
            })?;
            let (status, headers) = (answer.status().as_u16(), std::mem::take(answer.headers_mut()));
            let body = read(&mut answer, status).await?;
            Ok(Response::new(status, headers, body))
        })
    }
}

async fn read(answer: &mut reqwest::Response, status: u16) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    loop {
        let chunk = match answer.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            // The status of a refusal decides, and its head came whole. Only the texts in the body may be lost.
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

/// Builds the [`reqwest::Client`].
///
/// Only here: without a TLS configuration of its own, reqwest panics if the process has no default crypto provider.
pub(crate) fn client(connect_timeout: Duration, base: &BaseUrl) -> Result<reqwest::Client> {
    proxy::check(base).map_err(Error::invalid)?;
    let builder = reqwest::Client::builder()
        .user_agent(AGENT)
        // A redirect would carry the payload to another host.
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(POOL_IDLE)
        .connect_timeout(connect_timeout);
    build(if base.is_loopback() { builder.no_proxy() } else { builder }, base)
}

#[cfg(feature = "rustls")]
fn build(builder: reqwest::ClientBuilder, base: &BaseUrl) -> Result<reqwest::Client> {
    let config =
        teleflow_http::tls::config(base).map_err(|error| Error::invalid(error.message).because(error.source))?;
    builder.tls_backend_preconfigured(config).build().map_err(init_error)
}

#[cfg(not(feature = "rustls"))]
fn build(builder: reqwest::ClientBuilder, _: &BaseUrl) -> Result<reqwest::Client> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    // If another crate enables `reqwest/rustls-no-provider`, reqwest panics unless the application has installed a
    // provider. Without rustls there is no other way to find out. The builder is not used afterwards.
    match catch_unwind(AssertUnwindSafe(|| builder.build())) {
        Ok(client) => client.map_err(init_error),
        Err(_) => Err(Error::invalid(
            "another crate enables rustls in reqwest without a crypto provider; enable the feature `rustls` or \
             `native-tls` of `teleflow`, or install a provider as the default of the process",
        )),
    }
}

fn init_error(error: reqwest::Error) -> Error {
    Error::invalid("failed to initialize the HTTP client").because(error)
}

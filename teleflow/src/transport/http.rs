//! The transport over HTTP, with reqwest: the only place that touches the network.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Method, Url, redirect};

use super::carrier::{Departure, NotedBody};
use super::{Attempt, Response, TransportError};
use crate::request::Request;
use crate::secret::ApiKey;

/// Responses are read up to this size, in bytes. Those of the API are a few kilobytes.
pub(crate) const LARGEST_RESPONSE: usize = 8 * 1024 * 1024;
/// The server closes an idle connection after 61 s (`bootstrap.ts`); the pool gives it up before.
const POOL_IDLE: Duration = Duration::from_secs(55);

const AGENT: &str = concat!("teleflow/rust@", env!("CARGO_PKG_VERSION"));

pub(crate) struct Http {
    client: reqwest::Client,
    /// Without `/v1` and without a slash at its end.
    base: String,
    authorization: HeaderValue,
    /// Where it is not the HTTP client's own.
    user_agent: Option<HeaderValue>,
}

impl Http {
    /// None if the key cannot stand in a header.
    pub(crate) fn new(
        client: reqwest::Client,
        base: &BaseUrl,
        key: &ApiKey,
        user_agent: Option<HeaderValue>,
    ) -> Option<Self> {
        Some(Self { client, base: base.0.clone(), authorization: key.authorization()?, user_agent })
    }

    /// Sends the request once and reads the whole response. `departure` is noted as soon as some of it may have left.
    pub(super) fn attempt<'a>(&'a self, request: &'a Request, departure: &Departure) -> Attempt<'a> {
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
    while let Some(chunk) = answer.chunk().await.map_err(TransportError::interrupted)? {
        if body.len() + chunk.len() > LARGEST_RESPONSE {
            return Err(TransportError::unreadable(status, format!("more than {LARGEST_RESPONSE} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The root of the API, in one form for all the forms in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    /// Takes a URL with or without `/v1`, with or without a slash at its end.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| format!("the base URL does not parse: {error}"))?;
        let fault = if !matches!(url.scheme(), "http" | "https") {
            Some("has to begin with https:// or http://")
        } else if !url.username().is_empty() || url.password().is_some() {
            Some("has a user or password in it; the API key goes into `Client::new`")
        } else if url.query().is_some() || url.fragment().is_some() {
            Some("has a `?` or `#` in it")
        } else {
            None
        };
        if let Some(fault) = fault {
            return Err(format!("the base URL {fault}"));
        }
        let base = url.as_str().trim_end_matches('/');
        let base = base.strip_suffix("/v1").unwrap_or(base).trim_end_matches('/');
        Ok(Self(base.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Makes the one kind of [`reqwest::Client`] that this crate uses.
///
/// The only place that does: without a TLS configuration of our own, reqwest would panic for want of
/// a process-wide default.
pub(crate) fn client(connect_timeout: Duration) -> Result<reqwest::Client, Box<dyn StdError + Send + Sync>> {
    let builder = reqwest::Client::builder()
        .user_agent(AGENT)
        // A redirect would carry the payload to another host.
        .redirect(redirect::Policy::none())
        .pool_idle_timeout(POOL_IDLE)
        .connect_timeout(connect_timeout);
    Ok(tls(builder)?.build()?)
}

#[cfg(feature = "rustls")]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Box<dyn StdError + Send + Sync>> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
fn tls(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Box<dyn StdError + Send + Sync>> {
    Ok(builder)
}

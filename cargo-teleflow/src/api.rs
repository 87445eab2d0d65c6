//! GET requests to the server, with retries. The only module that uses the network.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::redirect;
use serde_json::Value;
use teleflow_http::api_key::{self, ApiKey};
use teleflow_http::base_url::{self, BaseUrl};
use teleflow_http::body::Body;
use teleflow_http::node::Node;
use teleflow_http::{messages, proxy, tls};

use crate::body;
use crate::failure::{Failure, chain};
use crate::output::{note, sanitize};
use crate::pace::{Pace, requested_wait};

const AGENT: &str = concat!("cargo-teleflow/", env!("CARGO_PKG_VERSION"));
/// The largest response that is read, in bytes.
const LARGEST_RESPONSE: usize = 32 * 1024 * 1024;
/// The timeout of one attempt.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 5;
/// The first wait between two attempts. It doubles with each attempt.
const BACKOFF: Duration = Duration::from_millis(250);
/// The total wait of a request for a rate limit, during which rejected attempts are not counted.
const LONGEST_RATE_LIMIT: Duration = Duration::from_secs(120);
/// Shorter waits are not announced.
const ANNOUNCED_WAIT: Duration = Duration::from_secs(3);

/// The server and the API key.
pub(crate) struct Api {
    client: reqwest::Client,
    base: BaseUrl,
    key: ApiKey,
    pace: Pace,
}

/// The response to the last attempt.
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The JSON, or `None` if the body is not JSON.
    pub(crate) body: Option<Value>,
    /// Whether deeply nested parts of `body` are missing.
    pub(crate) is_cut: bool,
    /// Why `body` is `None`.
    problem: String,
    /// The messages of an error.
    messages: Vec<String>,
}

impl Api {
    /// Creates a client for the server at `url`. `setting` names the source of the URL in errors. Nothing is sent.
    pub(crate) fn new(url: &str, setting: &str, key: &str) -> Result<Self, Failure> {
        let variable = api_key::VARIABLE;
        let invalid = |name: &str, error: &str| Failure::Usage(format!("`{name}`: {error}"));
        let key = ApiKey::new(key).map_err(|error| invalid(variable, error))?;
        let base = BaseUrl::parse(url, variable).map_err(|error| invalid(setting, &error))?;
        let client = client(&base)?;
        Ok(Self { client, base, key, pace: Pace::default() })
    }

    /// Returns the body of a 2xx.
    pub(crate) async fn fetch(&self, path: &str) -> Result<Value, Failure> {
        self.success(path, self.get(path).await?)
    }

    /// Returns the body of a 2xx response to a request for `path`.
    pub(crate) fn success(&self, path: &str, response: Response) -> Result<Value, Failure> {
        match response.body {
            Some(body) if response.is_success() => Ok(body),
            None if response.is_success() => Err(self.unreadable(path, &response.problem)),
            _ => Err(self.error_response(path, &response)),
        }
    }

    /// Sends a GET request and returns the last response, whatever its status. Retries a 429, a 5xx and a lost connection.
    pub(crate) async fn get(&self, path: &str) -> Result<Response, Failure> {
        let mut number = 1;
        let mut waited = Duration::ZERO;
        loop {
            let (result, requested) = match self.attempt(path).await {
                Ok((response, headers)) if response.status == 429 || response.status >= 500 => {
                    (Ok(response), requested_wait(&headers))
                }
                Ok((response, _)) => return Ok(response),
                Err(NoResponse::Lost(message)) => (Err(self.lost(&message)), None),
                Err(NoResponse::TooLarge) => {
                    return Err(self.unreadable(path, &format!("it is longer than {LARGEST_RESPONSE} bytes")));
                }
            };
            let pause = pause(number, requested);
            let is_limited = requested.is_some() && result.as_ref().is_ok_and(|response| response.status == 429);
            if is_limited && waited < LONGEST_RATE_LIMIT {
                waited += pause;
            } else if number == ATTEMPTS {
                return result;
            } else {
                number += 1;
            }
            if pause >= ANNOUNCED_WAIT && self.pace.announce(pause) {
                note(&format!("the server asks for a pause of {} s", pause.as_secs()));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(&self, path: &str) -> Result<(Response, HeaderMap), NoResponse> {
        let _guard = self.pace.wait().await;
        let url = format!("{}{path}", self.base.as_str());
        let lost = |error: reqwest::Error| NoResponse::Lost(chain(&error.without_url()));
        let mut response =
            self.client.get(url).header(AUTHORIZATION, self.key.authorization()).send().await.map_err(lost)?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        self.pace.record(status, &headers);
        let mut bytes = Vec::new();
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                // The status decides. Only the messages in the body are lost.
                Err(_) if !is_success(status) => break,
                Err(error) => return Err(lost(error)),
            };
            if bytes.len() + chunk.len() > LARGEST_RESPONSE {
                return Err(NoResponse::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((Response::new(status, &Body::decode(&headers, &bytes, LARGEST_RESPONSE)), headers))
    }

    /// Returns the failure for a response that is not a 2xx.
    pub(crate) fn error_response(&self, path: &str, response: &Response) -> Failure {
        let messages = self.clean(&response.messages.join("; "));
        let reason = if messages.is_empty() { messages } else { format!(": {messages}") };
        let (status, url) = (response.status, self.url(path));
        Failure::Operation(match status {
            300..=399 => {
                format!(
                    "{url} redirects ({status}), but redirects are not followed; set the final URL with `--api-url`"
                )
            }
            401 | 403 => format!("the server rejects the API key in `{}` ({status}{reason})", api_key::VARIABLE),
            404 => {
                format!("{url} does not exist (404{reason}); check the URL in `--api-url` or `{}`", base_url::VARIABLE)
            }
            429 => format!("the rate limit of the server is reached (429{reason}); try again later"),
            500.. => format!("the server failed at {url} ({status}{reason}); try again later"),
            _ => format!("the server rejects {url} ({status}{reason})"),
        })
    }

    /// Returns the failure for an unexpected response to a request for `path`.
    pub(crate) fn unreadable(&self, path: &str, problem: &str) -> Failure {
        let url = self.url(path);
        Failure::Operation(format!("unexpected response from {url}: {problem}; is this the URL of a Teleflow server?"))
    }

    fn lost(&self, message: &str) -> Failure {
        Failure::Operation(format!("no response from {}: {}", self.url(""), self.clean(message)))
    }

    fn url(&self, path: &str) -> String {
        self.clean(&format!("{}{path}", self.base.as_str()))
    }

    /// Makes a text safe to show. The server may have echoed the API key in it.
    fn clean(&self, text: &str) -> String {
        sanitize(&self.key.redact(text))
    }
}

impl Response {
    fn new(status: u16, body: &Body<'_>) -> Self {
        let messages = match Node::parse(body.text()) {
            Ok(node) if !is_success(status) => messages::of_error_response(node),
            _ => Vec::new(),
        };
        let problem = match body.unknown_encoding() {
            Some(encoding) => format!("it has the content encoding `{encoding}`, which cannot be decoded"),
            None => "it cannot be read as JSON".to_owned(),
        };
        let (body, is_cut) = body::read(body.text());
        Self { status, body, is_cut, problem, messages }
    }

    pub(crate) fn is_success(&self) -> bool {
        is_success(self.status)
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Why an attempt has no response.
enum NoResponse {
    /// The connection failed. The error and its causes.
    Lost(String),
    /// A retry would have the same result.
    TooLarge,
}

/// Returns the wait after an attempt.
fn pause(number: u32, requested: Option<Duration>) -> Duration {
    let backoff = BACKOFF * 2_u32.pow(number.saturating_sub(1).min(ATTEMPTS));
    requested.unwrap_or_default().max(backoff)
}

/// Builds the HTTP client.
fn client(base: &BaseUrl) -> Result<reqwest::Client, Failure> {
    proxy::check(base).map_err(Failure::Usage)?;
    let tls = tls::config(base).map_err(|error| Failure::Operation(chain(&error)))?;
    let builder = reqwest::Client::builder()
        .user_agent(AGENT)
        // A redirect would carry the key to another host.
        .redirect(redirect::Policy::none())
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .tls_backend_preconfigured(tls);
    let builder = if base.is_loopback() { builder.no_proxy() } else { builder };
    builder
        .build()
        .map_err(|error| Failure::Operation(format!("failed to initialize the HTTP client: {}", chain(&error))))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn pauses_grow_and_are_at_least_as_long_as_requested() {
        for (number, requested, milliseconds) in
            [(1, None, 250), (4, None, 2000), (1, Some(0), 250), (1, Some(7), 7000), (4, Some(1), 2000)]
        {
            assert_eq!(pause(number, requested.map(Duration::from_secs)).as_millis(), milliseconds);
        }
    }
}

//! The server: one GET, repeated where that may help. The only place that touches the network.

use std::error::Error as StdError;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Url, redirect};
use serde_json::Value;

use crate::body;
use crate::failure::Failure;
use crate::output::{complain, shown};
use crate::pace::{Pace, retry_after};

/// Where the server is, unless someone says otherwise.
pub(crate) const DEFAULT_URL: &str = "https://api-teleflow.khulnasoft.com/v1";

const AGENT: &str = concat!("cargo-teleflow/", env!("CARGO_PKG_VERSION"));
/// The longest answer that is read.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;
/// The time that one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 5;
/// The first wait between two attempts; each further one is twice as long.
const BACKOFF: Duration = Duration::from_millis(250);
/// So long a request waits in all for a rate limit, without counting it as a failed attempt.
const PATIENCE: Duration = Duration::from_secs(120);
/// A wait that people may take for a standstill.
const WORTH_SAYING: Duration = Duration::from_secs(3);

/// The server, and the key for it.
pub(crate) struct Api {
    client: reqwest::Client,
    base: Base,
    authorization: HeaderValue,
    key: String,
    pace: Pace,
}

/// What the server answered in the end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// None if it is no JSON.
    pub(crate) body: Option<Value>,
    /// The body lacks what is nested too deeply.
    pub(crate) is_cut: bool,
}

impl Api {
    /// A server by its URL, and the API key for it. Both are checked; nothing is sent. `named_by`: where the URL is from.
    pub(crate) fn new(url: &str, named_by: &str, key: &str) -> Result<Self, Failure> {
        let key = key.trim();
        let header = HeaderValue::from_str(&format!("ApiKey {key}")).ok().filter(|_| key.is_ascii());
        let mut authorization = header.ok_or_else(|| {
            Failure::Usage(
                "`TELEFLOW_API_KEY` is not a valid API key: copy the key from the dashboard again".to_owned(),
            )
        })?;
        authorization.set_sensitive(true);
        let base = base(url).map_err(|fault| Failure::Usage(format!("the server's URL in `{named_by}` {fault}")))?;
        let client = client(&base)?;
        Ok(Self { client, base, authorization, key: key.to_owned(), pace: Pace::default() })
    }

    /// The data of a 2xx; anything else is a failure.
    pub(crate) async fn fetch(&self, path: &str) -> Result<Value, Failure> {
        self.success(path, self.get(path).await?)
    }

    /// The body of a 2xx; anything else is a failure.
    pub(crate) fn success(&self, path: &str, answer: Answer) -> Result<Value, Failure> {
        match answer.body {
            Some(body) if answer.is_success() => Ok(body),
            None if answer.is_success() => Err(self.unreadable(path, "it cannot be read as JSON")),
            _ => Err(self.refusal(path, &answer)),
        }
    }

    /// The answer to a GET, whatever it is, after as many attempts as may help.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        let mut number = 1;
        let mut waited = Duration::ZERO;
        loop {
            let (ended, asked) = match self.attempt(path).await {
                Ok((answer, headers)) if answer.status == 429 || answer.status >= 500 => {
                    (Ok(answer), retry_after(&headers))
                }
                Ok((answer, _)) => return Ok(answer),
                Err(Unanswered::Lost(message)) => (Err(self.lost(&message)), None),
                Err(Unanswered::Unreadable(message)) => return Err(self.unreadable(path, &message)),
            };
            let pause = pause(number, asked);
            let is_limited = asked.is_some() && ended.as_ref().is_ok_and(|answer| answer.status == 429);
            if is_limited && waited < PATIENCE {
                waited += pause;
            } else if number == ATTEMPTS {
                return ended;
            } else {
                number += 1;
            }
            if pause >= WORTH_SAYING && self.pace.is_news(pause) {
                complain("note", &format!("the server asks for a pause of {} s", pause.as_secs()));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(&self, path: &str) -> Result<(Answer, HeaderMap), Unanswered> {
        let _turn = self.pace.wait().await;
        let call =
            self.client.get(format!("{}{path}", self.base.root)).header(AUTHORIZATION, self.authorization.clone());
        let lost = |error: reqwest::Error| Unanswered::Lost(chain(&error.without_url()));
        let mut response = call.send().await.map_err(lost)?;
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        self.pace.note(status, &headers);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Unanswered::Unreadable(format!("it is longer than {LARGEST_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let (body, is_cut) = body::read(&body);
        Ok((Answer { status, body, is_cut }, headers))
    }

    /// The failure for an answer that is no success.
    pub(crate) fn refusal(&self, path: &str, answer: &Answer) -> Failure {
        let said = answer.body.as_ref().map(message).filter(|said| !said.is_empty());
        let said = said.map(|said| format!(": {}", self.clean(&said))).unwrap_or_default();
        let (status, url) = (answer.status, self.clean(&format!("{}{path}", self.base.root)));
        Failure::Refused(match status {
            300..=399 => {
                format!("{url} redirects ({status}), which is not followed: name the right server with --api-url")
            }
            401 | 403 => format!("the server refuses the API key of TELEFLOW_API_KEY ({status}{said})"),
            404 => format!("{url} is not there (404{said}): name the right server with --api-url"),
            429 => format!("the server is asked too often (429{said}): try again later"),
            500.. => format!("the server failed at {url} ({status}{said}): try again later"),
            _ => format!("the server refuses {url} ({status}{said})"),
        })
    }

    /// The failure for an answer that is not what it should be.
    pub(crate) fn unreadable(&self, path: &str, what: &str) -> Failure {
        let url = self.clean(&format!("{}{path}", self.base.root));
        Failure::Refused(format!("the answer of {url} cannot be read, {what}: is it the address of a Teleflow server?"))
    }

    fn lost(&self, message: &str) -> Failure {
        let (base, message) = (self.clean(&self.base.root), self.clean(message));
        Failure::Refused(format!("there is no answer from {base}: {message}"))
    }

    /// A text to show, without the key in it, should a server echo it.
    fn clean(&self, text: &str) -> String {
        shown(&text.replace(&self.key, "[API key]"))
    }
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why an attempt brought no answer.
enum Unanswered {
    /// No connection, or none that held.
    Lost(String),
    /// Another attempt would bring the same.
    Unreadable(String),
}

/// The wait after the attempt of this number.
fn pause(number: u32, asked: Option<Duration>) -> Duration {
    let backoff = BACKOFF * 2_u32.pow(number.saturating_sub(1).min(ATTEMPTS));
    asked.unwrap_or_default().max(backoff)
}

/// The root of the API.
#[derive(Debug)]
struct Base {
    /// Without `/v1` and without a slash at its end.
    root: String,
    is_https: bool,
    /// Requests stay on this machine.
    is_loopback: bool,
}

/// Takes the root of the API in all the forms in which its URL is in use.
fn base(text: &str) -> Result<Base, String> {
    let mut url = Url::parse(text.trim()).map_err(|error| format!("is not valid: {error}"))?;
    let fault = if !matches!(url.scheme(), "http" | "https") {
        Some("must begin with https:// or http://")
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("must not have a user or password; the API key goes into `TELEFLOW_API_KEY`")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("must not have a `?` or `#`")
    } else {
        None
    };
    if let Some(fault) = fault {
        return Err(fault.to_owned());
    }
    let path = url.path().trim_end_matches('/');
    // Only off the path: a host may have the same name.
    let path = match path.rsplit_once('/') {
        Some((before, last)) if last.eq_ignore_ascii_case("v1") => before.trim_end_matches('/'),
        _ => path,
    };
    let path = path.to_owned();
    url.set_path(&path);
    Ok(Base {
        root: url.as_str().trim_end_matches('/').to_owned(),
        is_https: url.scheme() == "https",
        is_loopback: url.host_str().is_some_and(is_loopback),
    })
}

/// Whether this host of a URL is the machine itself. The library has the same rule.
fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // RFC 6761 keeps the names below `localhost` on the machine, too.
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Makes the HTTP client. It follows the library's rules for proxies and certificates.
fn client(base: &Base) -> Result<reqwest::Client, Failure> {
    let builder = reqwest::Client::builder()
        .user_agent(AGENT)
        // A redirect would carry the key to another host.
        .redirect(redirect::Policy::none())
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT)
        .tls_backend_preconfigured(tls(base)?);
    // A proxy cannot reach this machine under the names that it has for itself, and would see the API key.
    let builder = if base.is_loopback { builder.no_proxy() } else { builder };
    builder
        .build()
        .map_err(|error| Failure::Refused(format!("failed to initialize the HTTP client: {}", chain(&error))))
}

/// Without a TLS configuration of our own, reqwest would panic for want of a process-wide default.
fn tls(base: &Base) -> Result<rustls::ClientConfig, Failure> {
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let versions = || {
        rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::Refused(format!("failed to initialize TLS: {}", chain(&error))))
    };
    let config = match versions()?.with_platform_verifier() {
        Ok(config) => config,
        // `http://` needs no certificates. Proxies that speak TLS do, and fail when they are used.
        Err(_) if !base.is_https => versions()?.with_root_certificates(rustls::RootCertStore::empty()),
        Err(error) => {
            return Err(Failure::Refused(format!(
                "no CA certificates were found, so that `https://` cannot be used ({}); install the system's \
                 certificates, or set `SSL_CERT_FILE` or `SSL_CERT_DIR`",
                chain(&error)
            )));
        }
    };
    Ok(config.with_no_client_auth())
}

/// The `message` of an error, which is a text or a list of texts.
fn message(body: &Value) -> String {
    match body.get("message") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    }
}

/// An error with its causes.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{base, pause};

    #[test]
    fn pauses_grow_and_are_those_asked_for() {
        for (number, asked, milliseconds) in
            [(1, None, 250), (4, None, 2000), (1, Some(0), 250), (1, Some(7), 7000), (4, Some(1), 2000)]
        {
            assert_eq!(pause(number, asked.map(Duration::from_secs)).as_millis(), milliseconds);
        }
    }

    #[test]
    fn a_url_is_taken_in_all_the_forms_in_use() {
        for url in
            ["https://x.test", "https://x.test/", "https://x.test/v1", " https://x.test/V1/ ", "https://x.test//v1//"]
        {
            assert_eq!(base(url).unwrap().root, "https://x.test", "{url}");
        }
        for (url, root) in [
            ("http://x.test:1/api/v1", "http://x.test:1/api"),
            ("http://v1", "http://v1"),
            ("http://v1/", "http://v1"),
            ("http://v1:8080/v1", "http://v1:8080"),
            ("https://x.test/v1/v1", "https://x.test/v1"),
            ("https://x.test/apiv1", "https://x.test/apiv1"),
            ("https://x.test/v1/api", "https://x.test/v1/api"),
        ] {
            assert_eq!(base(url).unwrap().root, root, "{url}");
        }
        for (url, fault) in [
            ("x.test", "is not valid"),
            ("ftp://x.test", "must begin with https://"),
            ("https://user@x.test", "user or password"),
            ("https://:word@x.test", "user or password"),
            ("https://x.test?a", "`?`"),
            ("", "is not valid"),
        ] {
            let message = base(url).unwrap_err();
            assert!(message.contains(fault), "{url}: {message}");
            assert!(!message.contains("word@"), "{message}");
        }
    }
}

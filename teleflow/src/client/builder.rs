//! The settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use teleflow_http::api_key::{self, ApiKey};
use teleflow_http::base_url::{self, BaseUrl};
use teleflow_http::env;

use super::{Client, Inner};
use crate::dispatch::Dispatcher;
use crate::error::{Error, Result};
use crate::retry::RetryPolicy;
use crate::timing::Timing;
use crate::transport::http::{self, Http};
use crate::transport::{Carrier, Transport};

/// The base URL of the European cloud, for [`ClientBuilder::base_url`].
///
/// ```
/// let client = teleflow::Client::builder().api_key("my-api-key").base_url(teleflow::EU_BASE_URL).build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
pub const EU_BASE_URL: &str = "https://eu.api-teleflow.khulnasoft.com/v1";

/// Where the API key goes instead of into the base URL.
const KEY_METHOD: &str = "ClientBuilder::api_key";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// The settings of a [`Client`], before it is made.
///
/// Requests go through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
/// `NO_PROXY`, in upper or lower case). A base URL with a loopback host (`localhost`, `*.localhost`, `127.0.0.0/8`,
/// `::1`) never uses a proxy; for other internal hosts set `NO_PROXY`. The proxy speaks `http://` or `https://`. For
/// another proxy, or none, see [`http_client`](Self::http_client).
///
/// ```
/// use std::time::Duration;
/// use teleflow::Client;
///
/// let client = Client::builder()
///     .api_key("my-api-key")
///     .base_url("https://teleflow.example.com")
///     .timeout(Duration::from_secs(5))
///     .build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Default)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<String>,
    base_url: Option<String>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    user_agent: Option<String>,
    http_client: Option<reqwest::Client>,
    transport: Option<Box<dyn Transport>>,
}

impl ClientBuilder {
    /// The API key of an environment.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The root of the API, with or without `/v1` and a slash at its end.
    ///
    /// By default <https://api-teleflow.khulnasoft.com/v1>; [`EU_BASE_URL`] is the European one.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The time limit of one attempt, from the connection to the last byte read; 10 s by default.
    ///
    /// A large body gets more: a second for each 64 KiB, within the [`deadline`](Self::deadline). Raise this for a
    /// slow server, and `deadline` for large attachments over a slow line: the error says which of the two ended
    /// the attempt. The server has no limit of its own: it can hold a request for as long as its queue is down.
    ///
    /// To connect, with TLS and a proxy's tunnel, an attempt has 3.1 s, or less where that is more than half of the
    /// timeout or a third of the deadline. An attempt that does not connect is
    /// [`ErrorKind::Connect`](crate::ErrorKind::Connect).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The time limit of a whole request, with its retries and the waits between them; 30 s by default.
    ///
    /// No attempt begins after it, and none but the first with less time left than 1.25 times the limit to connect
    /// (3.9 s by default, see [`timeout`](Self::timeout)): such an attempt could not tell whether it was the
    /// connection or the response that was late. Time counts while the machine is suspended. Each request of
    /// a bulk has a deadline of its own.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How often, and after what waits, requests are sent again. [`RetryPolicy::none`]: never.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The `User-Agent`, `teleflow/rust@` and the version by default.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// An HTTP client with settings of the application's: a proxy, certificates.
    ///
    /// It should not follow redirects (`redirect::Policy::none()`): they would carry payloads to other
    /// hosts. And it should give up idle connections before 60 s (`pool_idle_timeout`), since the server
    /// closes them after 61 s. It should have a `connect_timeout` below a third of
    /// [`deadline`](Self::deadline) and half of [`timeout`](Self::timeout). Its user agent holds unless [`user_agent`](Self::user_agent) is set too.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// What carries the requests, instead of HTTP: an emulator, a recorder. Key and URL are then not needed.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Takes the key from `TELEFLOW_API_KEY` and the base URL from `TELEFLOW_API_URL`.
    ///
    /// A variable that is blank counts as not set. Without `TELEFLOW_API_URL` the base URL stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if `TELEFLOW_API_KEY` is not set, or if one of the
    /// two is not valid. The error names the variable.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// let client = teleflow::Client::builder().with_env()?.timeout(Duration::from_secs(3)).build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn with_env(mut self) -> Result<Self> {
        let variable = api_key::VARIABLE;
        let key = env::read(variable).map_err(Error::invalid)?.ok_or_else(|| {
            Error::invalid(format!("`{variable}` is not set or blank; set it to the API key of the environment"))
        })?;
        // What is wrong with a value is said here, where its variable is known.
        ApiKey::new(&key).map_err(|error| Error::invalid(format!("`{variable}`: {error}")))?;
        self.api_key = Some(key);
        let variable = base_url::VARIABLE;
        if let Some(url) = env::read(variable).map_err(Error::invalid)? {
            BaseUrl::parse(&url, api_key::VARIABLE)
                .map_err(|error| Error::invalid(format!("`{variable}`: {error}")))?;
            self.base_url = Some(url);
        }
        Ok(self)
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the key is missing, blank or has a character
    /// that cannot stand in a header; if the base URL does not parse, is not http(s), or has a user or
    /// password in it; if a time limit is zero; if the environment names a proxy for the base URL that is not a valid
    /// `http://` or `https://` URL; or if the HTTP client cannot be set up: for `https://` it needs
    /// the CA certificates of the system, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` name.
    ///
    /// ```
    /// let error = teleflow::Client::builder().api_key("k").base_url("localhost:3000").build().unwrap_err();
    /// assert_eq!(error.to_string(), "the base URL must start with `https://` or `http://`");
    /// ```
    pub fn build(self) -> Result<Client> {
        let timeout = self.timeout.unwrap_or(DEFAULT_TIMEOUT);
        let deadline = self.deadline.unwrap_or(DEFAULT_DEADLINE);
        if timeout.is_zero() || deadline.is_zero() {
            return Err(Error::invalid("a time limit of zero leaves no time for an answer"));
        }
        let (timing, policy) = (Timing { timeout, deadline }, self.retry);
        let client = |carrier, target| {
            let dispatcher = Dispatcher::new(carrier, timing, policy);
            Client(Arc::new(Inner { dispatcher, target }))
        };
        let key = self.api_key.as_deref().map(ApiKey::new).transpose().map_err(Error::invalid)?;
        let base = BaseUrl::parse(self.base_url.as_deref().unwrap_or(base_url::DEFAULT), KEY_METHOD)
            .map_err(Error::invalid)?;
        if let Some(transport) = self.transport {
            return Ok(client(Carrier::Custom(transport), String::from("a transport of its own")));
        }
        let key = key.ok_or_else(|| Error::invalid("the client has no API key; give it one with `api_key`"))?;
        let user_agent = self.user_agent.map(HeaderValue::try_from).transpose();
        let user_agent =
            user_agent.map_err(|error| Error::invalid("the user agent cannot stand in a header").because(error))?;
        let http_client = match self.http_client {
            Some(client) => client,
            None => http::client(timing.connect_timeout(), &base)?,
        };
        let transport = Http::new(http_client, &base, &key, user_agent);
        let target = base.as_str().to_owned();
        Ok(client(Carrier::Http(transport), target))
    }
}

/// Without the key.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field(
                "base_url",
                &self.base_url.as_deref().map(|url| BaseUrl::parse(url, KEY_METHOD).map(|url| url.as_str().to_owned())),
            )
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

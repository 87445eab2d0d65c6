//! Builds a client: `ClientBuilder`, and the constructors of `Client`.

use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use teleflow_http::api_key::{self, ApiKey};
use teleflow_http::base_url::{self, BaseUrl};
use teleflow_http::env;

use super::handle::Client;
use crate::dispatch::Dispatcher;
use crate::error::{Error, Result};
use crate::guards::{Broadcasts, Guards, RecipientGuard};
use crate::retry::RetryPolicy;
use crate::timing::Timing;
#[cfg(feature = "hyper")]
use crate::transport::hyper::Hyper;
#[cfg(feature = "reqwest")]
use crate::transport::reqwest::Reqwest;
use crate::transport::{Carrier, Transport};

/// The base URL of the European cloud, for [`ClientBuilder::base_url`].
///
/// ```
/// let client = teleflow::Client::builder().api_key("my-api-key").base_url(teleflow::EU_BASE_URL).build()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
pub const EU_BASE_URL: &str = teleflow_http::base_url::EUROPE;

/// Where the API key belongs, for errors about a base URL that contains it.
const KEY_METHOD: &str = "ClientBuilder::api_key";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

impl Client {
    /// Builds a client of the cloud, <https://api-teleflow.khulnasoft.com/v1>, with this API key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the key is blank or contains a character that is not visible
    /// ASCII, or if TLS cannot be initialized on this machine.
    ///
    /// ```
    /// let client = teleflow::Client::new("my-api-key")?;
    /// assert!(teleflow::Client::new("my-api-key\n").is_err());
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn new(api_key: impl Into<String>) -> Result<Self> {
        Self::builder().api_key(api_key).build()
    }

    /// Builds a client from the environment: the API key from `TELEFLOW_API_KEY` and, if they are set, the base URL from
    /// `TELEFLOW_API_URL` and the setting of [`broadcasts`](ClientBuilder::broadcasts) from `TELEFLOW_BROADCASTS`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if `TELEFLOW_API_KEY` is not set or blank, or if one of the
    /// variables is not valid. The error names the variable.
    ///
    /// ```no_run
    /// let client = teleflow::Client::from_env()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn from_env() -> Result<Self> {
        Self::builder().with_env()?.build()
    }

    /// Returns a builder, for other settings.
    ///
    /// ```
    /// let client = teleflow::Client::builder().api_key("my-api-key").base_url(teleflow::EU_BASE_URL).build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

/// The settings of a [`Client`].
///
/// Requests use the proxy of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in upper or lower
/// case). A base URL with a loopback host (`localhost`, `*.localhost`, `127.0.0.0/8`,
/// `::1`) never uses a proxy; for other internal hosts set `NO_PROXY`. The proxy speaks `http://` or `https://`. With the
/// feature `reqwest`, `http_client` sets another proxy, or none.
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
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<String>,
    base_url: Option<String>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    user_agent: Option<String>,
    http_client: HttpClient,
    guards: Guards,
    transport: Option<Box<dyn Transport>>,
}

/// Which HTTP client sends the requests.
#[derive(Default)]
enum HttpClient {
    /// reqwest if its feature is enabled, or else hyper.
    #[default]
    Default,
    #[cfg(feature = "reqwest")]
    Custom(reqwest::Client),
    #[cfg(feature = "hyper")]
    Hyper,
}

impl ClientBuilder {
    /// Sets the API key of an environment.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the base URL, with or without `/v1` and a slash at its end.
    ///
    /// The default is <https://api-teleflow.khulnasoft.com/v1>. [`EU_BASE_URL`] is the European cloud.
    ///
    /// It starts with `http://` or `https://`. The host is ASCII: write an international name in Punycode (`xn--`). A path is
    /// percent-encoded, and has no segment `.` or `..`. User, password, query and fragment are not allowed. [`build`](Self::build)
    /// checks this.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the timeout of one attempt, from connecting to the last byte of the response. The default is 10 s.
    ///
    /// A large body adds a second for each 64 KiB, within the [`deadline`](Self::deadline). Raise the timeout for a slow
    /// server, and the deadline for large attachments over a slow line. The error says which of the two ended the attempt.
    /// The server has no timeout of its own: it may delay the response as long as its queue is down.
    ///
    /// An attempt has 3.1 s to connect, including TLS and a proxy's tunnel, but at most half of the timeout and a third of
    /// the deadline. An attempt that does not connect ends with [`ErrorKind::Connect`](crate::ErrorKind::Connect).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the deadline of a whole request, including its retries and the waits between them. The default is 30 s.
    ///
    /// No attempt starts after it. A retry starts only if 1.25 times the time to connect is left (3.9 s by default, see
    /// [`timeout`](Self::timeout)); with less, it would be unclear whether the connection or the response was late. Time
    /// counts while the machine is suspended. Each request of a bulk has its own deadline.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets how often requests are retried, and how long the client waits before each retry.
    /// [`RetryPolicy::none`] disables retries.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the `User-Agent`. The default is `teleflow/rust@` and the version of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sets the HTTP client, for example one with your own proxy or certificates.
    ///
    /// * It should not follow redirects (`redirect::Policy::none()`), because they could send payloads to other hosts.
    /// * It should close idle connections after less than 60 s (`pool_idle_timeout`), because the server closes them after
    ///   61 s.
    /// * Its `connect_timeout` should be below a third of [`deadline`](Self::deadline) and half of
    ///   [`timeout`](Self::timeout).
    ///
    /// Its user agent is used unless [`user_agent`](Self::user_agent) is set too. If both this method and `use_hyper` are
    /// called, the last call counts.
    ///
    /// Requires the feature `reqwest`, which `rustls` and `native-tls` enable.
    #[cfg(feature = "reqwest")]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = HttpClient::Custom(client);
        self
    }

    /// Sends the requests with hyper's connection pool, even if the feature `reqwest` is enabled.
    ///
    /// A request then costs less processor time. The rules are the same: timeouts, retries, proxies, certificates. Without the feature
    /// `reqwest` this is the default. It uses the platform's certificates, even if the feature `native-tls` is enabled.
    ///
    /// Requires the feature `hyper`.
    ///
    /// ```
    /// let client = teleflow::Client::builder().api_key("my-api-key").use_hyper().build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    #[cfg(feature = "hyper")]
    pub fn use_hyper(mut self) -> Self {
        self.http_client = HttpClient::Hyper;
        self
    }

    /// Sets a transport that replaces HTTP, for example an emulator or a recorder. The API key and the base URL are then
    /// not needed.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// Sets whom the client may notify: an event for anyone else fails with [`ErrorKind::Invalid`](crate::ErrorKind::Invalid),
    /// and is not sent. See [`RecipientGuard`].
    ///
    /// ```
    /// use teleflow::{Client, RecipientGuard};
    ///
    /// let builder = Client::builder().api_key("my-api-key").recipients(RecipientGuard::only(["ada", "grace"]));
    /// let client = builder.build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn recipients(mut self, guard: RecipientGuard) -> Self {
        self.guards.recipients = Some(guard);
        self
    }

    /// Sets whether the client sends broadcasts. By default it does.
    ///
    /// With [`Broadcasts::Refused`] a broadcast fails with [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), also a stored
    /// one, and is not sent.
    ///
    /// ```
    /// use teleflow::{Broadcasts, Client};
    ///
    /// let client = Client::builder().api_key("my-api-key").broadcasts(Broadcasts::Refused).build()?;
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    pub fn broadcasts(mut self, broadcasts: Broadcasts) -> Self {
        self.guards.broadcasts = broadcasts;
        self
    }

    /// Sets the API key from `TELEFLOW_API_KEY`, the base URL from `TELEFLOW_API_URL`, and from `TELEFLOW_BROADCASTS`
    /// (`allowed` or `refused`) whether the client sends [`broadcasts`](Self::broadcasts).
    ///
    /// A blank variable counts as not set. Without `TELEFLOW_API_URL` and `TELEFLOW_BROADCASTS` their settings do not change.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if `TELEFLOW_API_KEY` is not set or blank, or if one of the
    /// variables is not valid. The error names the variable.
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
        // `build` checks both values too, but does not know their variables.
        ApiKey::new(&key).map_err(|error| Error::invalid(format!("`{variable}`: {error}")))?;
        self.api_key = Some(key);
        let variable = base_url::VARIABLE;
        if let Some(url) = env::read(variable).map_err(Error::invalid)? {
            BaseUrl::parse(&url, api_key::VARIABLE)
                .map_err(|error| Error::invalid(format!("`{variable}`: {error}")))?;
            self.base_url = Some(url);
        }
        let variable = Broadcasts::VARIABLE;
        if let Some(value) = env::read(variable).map_err(Error::invalid)? {
            let unknown = || Error::invalid(format!("`{variable}` must be `allowed` or `refused`"));
            self.guards.broadcasts = Broadcasts::parse(&value).ok_or_else(unknown)?;
        }
        Ok(self)
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if
    /// * the API key is missing or blank, or contains a character that is not visible ASCII;
    /// * the base URL does not follow the rules of [`base_url`](Self::base_url);
    /// * the timeout or the deadline is zero;
    /// * the subscriber of [`RecipientGuard::redirect_to`] is not valid;
    /// * the proxy of the environment for the base URL is not a valid `http://` or `https://` URL;
    /// * the HTTP client cannot be initialized: for `https://` it requires the CA certificates of the system, or those of
    ///   `SSL_CERT_FILE` or `SSL_CERT_DIR`.
    ///
    /// ```
    /// let error = teleflow::Client::builder().api_key("k").base_url("localhost:3000").build().unwrap_err();
    /// assert_eq!(error.to_string(), "the base URL must start with `https://` or `http://`");
    /// ```
    pub fn build(self) -> Result<Client> {
        let timeout = self.timeout.unwrap_or(DEFAULT_TIMEOUT);
        let deadline = self.deadline.unwrap_or(DEFAULT_DEADLINE);
        if timeout.is_zero() || deadline.is_zero() {
            return Err(Error::invalid("`timeout` and `deadline` must be greater than zero"));
        }
        self.guards.recipients.as_ref().map_or(Ok(()), RecipientGuard::validate).map_err(Error::invalid)?;
        let (timing, policy, guards) = (Timing { timeout, deadline }, self.retry, self.guards);
        let client = |carrier, target| Client::from_parts(Dispatcher::new(carrier, timing, policy, guards), target);
        let key = self.api_key.as_deref().map(ApiKey::new).transpose().map_err(Error::invalid)?;
        let base = BaseUrl::parse(self.base_url.as_deref().unwrap_or(base_url::DEFAULT), KEY_METHOD)
            .map_err(Error::invalid)?;
        if let Some(transport) = self.transport {
            return Ok(client(Carrier::Custom(transport), String::from("a custom transport")));
        }
        let key = key.ok_or_else(|| Error::invalid("the client has no API key; set it with `api_key`"))?;
        let user_agent = self.user_agent.map(HeaderValue::try_from).transpose();
        let user_agent = user_agent
            .map_err(|error| Error::invalid("the user agent is not valid in an HTTP header").with_source(error))?;
        let carrier = self.http_client.carrier(timing.connect_timeout(), &base, &key, user_agent)?;
        Ok(client(carrier, base.as_str().to_owned()))
    }
}

impl HttpClient {
    #[cfg_attr(not(any(feature = "reqwest", feature = "hyper")), expect(unused_variables))]
    fn carrier(
        self,
        connect_timeout: Duration,
        base: &BaseUrl,
        key: &ApiKey,
        user_agent: Option<HeaderValue>,
    ) -> Result<Carrier> {
        #[cfg(feature = "reqwest")]
        let by_reqwest = |reqwest: Result<Reqwest>| reqwest.map(|reqwest| Carrier::Reqwest(Box::new(reqwest)));
        #[cfg(feature = "hyper")]
        let by_hyper =
            || Hyper::new(connect_timeout, base, key, user_agent.clone()).map(|hyper| Carrier::Hyper(Box::new(hyper)));
        match self {
            #[cfg(feature = "reqwest")]
            Self::Default => by_reqwest(Reqwest::new(connect_timeout, base, key, user_agent)),
            #[cfg(feature = "reqwest")]
            Self::Custom(client) => by_reqwest(Reqwest::with_client(client, base, key, user_agent)),
            #[cfg(all(feature = "hyper", not(feature = "reqwest")))]
            Self::Default => by_hyper(),
            #[cfg(feature = "hyper")]
            Self::Hyper => by_hyper(),
            #[cfg(not(any(feature = "reqwest", feature = "hyper")))]
            Self::Default => Err(Error::invalid(
                "`teleflow` has no HTTP client; enable its feature `rustls`, `native-tls` or `hyper`, or set a `transport`",
            )),
        }
    }
}

/// Omits the API key.
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
            .field("guards", &self.guards)
            .finish_non_exhaustive()
    }
}

//! The root of the API, in one form for all the forms in use.

use std::net::IpAddr;

use reqwest::Url;

/// The root of the API: without `/v1`, and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    root: String,
    host: String,
    is_https: bool,
    is_loopback: bool,
}

impl BaseUrl {
    /// Takes a URL with or without `/v1`, with or without a slash at its end.
    ///
    /// `key`: where the API key belongs, to say so to those who put it into the URL.
    pub(crate) fn parse(text: &str, key: &str) -> Result<Self, String> {
        const SCHEME: &str = "must start with `https://` or `http://`";
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|error| match text.split_once("://") {
            Some(_) => format!("the base URL is not valid: {error}"),
            None => format!("the base URL {SCHEME}"),
        })?;
        let fault = if !matches!(url.scheme(), "http" | "https") {
            Some(SCHEME)
        } else if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("the base URL must not have a user or a password; the API key goes into {key}"));
        } else if url.query().is_some() || url.fragment().is_some() {
            Some("must not have a `?` or a `#`")
        } else {
            None
        };
        if let Some(fault) = fault {
            return Err(format!("the base URL {fault}"));
        }
        let path = url.path().trim_end_matches('/');
        // Once: a server behind a path `/v1` has its API at `/v1/v1`.
        let root = path.rsplit_once('/').filter(|(_, last)| last.eq_ignore_ascii_case("v1"));
        let root = root.map_or(path, |(root, _)| root.trim_end_matches('/')).to_owned();
        url.set_path(&root);
        Ok(Self {
            root: url.as_str().trim_end_matches('/').to_owned(),
            host: url.authority().to_owned(),
            is_https: url.scheme() == "https",
            is_loopback: url.host_str().is_some_and(is_loopback),
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.root
    }

    /// The host, with its port where it is not the usual one of the scheme.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether requests go through TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether requests stay on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

/// Whether this host of a URL is the machine itself.
fn is_loopback(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // RFC 6761 keeps the names below `localhost` on the machine, too.
    name == "localhost"
        || name.ends_with(".localhost")
        // A connection to the unspecified address (`0.0.0.0`, `::`) reaches the machine itself.
        || address.is_ok_and(|address| address.to_canonical().is_loopback() || address.to_canonical().is_unspecified())
}

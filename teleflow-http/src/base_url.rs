//! The base URL of the server, normalized.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use http::uri::{Authority, PathAndQuery};

use crate::loopback::is_loopback;

/// The default base URL.
pub const DEFAULT: &str = "https://api-teleflow.khulnasoft.com/v1";
/// The base URL of the European cloud.
pub const EUROPE: &str = "https://eu.api-teleflow.khulnasoft.com/v1";
/// The environment variable for the base URL.
pub const VARIABLE: &str = "TELEFLOW_API_URL";

/// A base URL without `/v1` and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    root: String,
    host: String,
    is_https: bool,
    is_loopback: bool,
}

impl BaseUrl {
    /// Parses a base URL with or without `/v1` and a slash at its end.
    ///
    /// `key_setting` is the name of the setting for the API key. It is part of the error if the URL has a user or a password.
    ///
    /// # Errors
    ///
    /// If the URL is malformed, is not `http(s)`, or has a user, a password, a query or a fragment. The error does not contain
    /// the URL.
    pub fn parse(text: &str, key_setting: &str) -> Result<Self, String> {
        const SCHEME: &str = "the base URL must start with `https://` or `http://`";
        let malformed = |problem: &str| format!("the base URL is malformed: {problem}");
        let (scheme, rest) = text.trim().split_once("://").ok_or(SCHEME)?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(SCHEME.to_owned());
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(format!(
                "the base URL must not have a user or a password; the API key goes into `{key_setting}`"
            ));
        }
        if path.contains(['?', '#']) {
            return Err("the base URL must not have a `?` or a `#`".to_owned());
        }
        if !rest.is_ascii() {
            return Err(malformed("write the host in Punycode (`xn--`), and percent-encode the path"));
        }
        let authority = Authority::from_str(authority).map_err(|_| malformed("the host or the port is not valid"))?;
        let host = normalized_host(authority.host()).ok_or_else(|| malformed("the host is not valid"))?;
        let port = match authority.as_str().strip_prefix(authority.host()).and_then(|port| port.strip_prefix(':')) {
            Some("") | None => None,
            Some(_) => Some(authority.port_u16().ok_or_else(|| malformed("the port is not valid"))?),
        };
        let is_loopback = is_loopback(&host);
        let host = match port.filter(|port| *port != if is_https { 443 } else { 80 }) {
            Some(port) => format!("{host}:{port}"),
            None => host,
        };
        let path = path.trim_end_matches('/');
        // Encoded dots too: some URL parsers decode and remove them.
        let is_dots = |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
        if path.split('/').any(is_dots) || (!path.is_empty() && !is_path(path)) {
            return Err(malformed("the path is not valid"));
        }
        // Once: a server behind a path `/v1` has its API at `/v1/v1`.
        let path =
            path.rsplit_once('/').filter(|(_, last)| last.eq_ignore_ascii_case("v1")).map_or(path, |(path, _)| path);
        let root = format!("{}://{host}{}", if is_https { "https" } else { "http" }, path.trim_end_matches('/'));
        Ok(Self { root, host, is_https, is_loopback })
    }

    /// The URL without `/v1` and without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.root
    }

    /// The host, with its port unless that is the default of the scheme.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether requests use TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether the server is on this machine. Such requests never use a proxy: it could not reach the server, and would see
    /// the API key.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

/// Returns the host in lower case, with its address in the usual notation.
fn normalized_host(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    if let Some(address) = host.strip_prefix('[') {
        return Some(format!("[{}]", address.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?));
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let name = host.strip_suffix('.').unwrap_or(&host);
    if name.split('.').any(str::is_empty) || !host.bytes().all(is_name) {
        return None;
    }
    // Resolvers also read `127.1` and `0x7f000001` as addresses, which would hide a loopback address.
    let last = name.rsplit('.').next()?;
    let hex = last.strip_prefix("0x").filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let is_address = hex.is_some() || last.bytes().all(|byte| byte.is_ascii_digit());
    if is_address { name.parse::<Ipv4Addr>().ok().map(|address| address.to_string()) } else { Some(host) }
}

fn is_path(path: &str) -> bool {
    PathAndQuery::from_str(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    fn parse(text: &str) -> Result<BaseUrl, String> {
        BaseUrl::parse(text, "TELEFLOW_API_KEY")
    }

    #[test]
    fn the_version_and_slashes_are_optional() {
        for url in
            ["https://x.test", "https://x.test/", "https://x.test/v1", " https://x.test/V1/ ", "https://x.test//v1//"]
        {
            assert_eq!(parse(url).unwrap().as_str(), "https://x.test", "{url}");
        }
        for (url, root) in [
            ("http://x.test:1/api/v1", "http://x.test:1/api"),
            ("http://v1", "http://v1"),
            ("http://v1/", "http://v1"),
            ("http://v1:8080/v1", "http://v1:8080"),
            ("https://x.test/v1/v1", "https://x.test/v1"),
            ("https://x.test/apiv1", "https://x.test/apiv1"),
            ("https://x.test/v1/api", "https://x.test/v1/api"),
            ("HTTPS://X.Test:443/API", "https://x.test/API"),
            ("http://x.test:443", "http://x.test:443"),
            ("http://[0:0::1]:80", "http://[::1]"),
            ("http://10.0.0.1", "http://10.0.0.1"),
            ("http://x.test.", "http://x.test."),
        ] {
            assert_eq!(parse(url).unwrap().as_str(), root, "{url}");
        }
    }

    #[test]
    fn other_urls_are_rejected() {
        for (url, expected) in [
            ("x.test", "must start with `https://`"),
            ("localhost:3000", "must start with `https://`"),
            ("", "must start with `https://`"),
            ("https://", "is malformed"),
            ("ftp://x.test", "must start with `https://`"),
            ("https://user@x.test", "user or a password"),
            ("https://:word@x.test", "user or a password; the API key goes into `TELEFLOW_API_KEY`"),
            ("https://x.test?a", "`?`"),
            ("https://x.test#a", "`#`"),
            ("https://x.test:65536", "is malformed"),
            ("https://x.test:a", "is malformed"),
            ("https://a b", "is malformed"),
            ("https://a..b", "is malformed"),
            ("https://[::g]", "is malformed"),
            ("https://käse.test", "`xn--`"),
            // Notations of loopback addresses that a resolver reads.
            ("http://127.1", "is malformed"),
            ("http://0x7f000001", "is malformed"),
            ("http://2130706433", "is malformed"),
            ("http://127.0.0.0x1", "is malformed"),
            ("https://x.test/a b", "is malformed"),
            ("https://x.test/../a", "is malformed"),
            ("https://x.test/a/%2E%2e", "is malformed"),
        ] {
            let message = parse(url).unwrap_err();
            assert!(message.contains(expected), "{url}: {message}");
            assert!(!message.contains("word@"), "{message}");
        }
    }

    #[test]
    fn the_host_has_a_port_unless_it_is_the_default() {
        assert_eq!(parse("http://x.test:80/v1").unwrap().host(), "x.test");
        assert_eq!(parse("http://x.test:81/v1").unwrap().host(), "x.test:81");
        assert!(parse("http://LOCALHOST:81").unwrap().is_loopback());
        assert!(parse("https://x.test").unwrap().is_https());
    }
}

//! The base URL of the server, normalized.

use url::Url;

use crate::loopback::is_loopback;

/// The default base URL.
pub const DEFAULT: &str = "https://api-teleflow.khulnasoft.com/v1";
/// The environment variable for the base URL.
pub const VARIABLE: &str = "TELEFLOW_API_URL";

/// A base URL without `/v1` and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
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
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|error| match text.split_once("://") {
            Some(_) => format!("the base URL is malformed: {error}"),
            None => SCHEME.to_owned(),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(SCHEME.to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!(
                "the base URL must not have a user or a password; the API key goes into `{key_setting}`"
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("the base URL must not have a `?` or a `#`".to_owned());
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
            url,
        })
    }

    /// The URL without `/v1` and without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.root
    }

    /// The URL of a path of the API, such as `/v1/events/trigger`, which is percent-encoded already.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url
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

//! The API key and its header.

use std::fmt;

use http::HeaderValue;

/// The environment variable for the API key.
pub const VARIABLE: &str = "TELEFLOW_API_KEY";

/// The scheme is case-sensitive.
// Source: `user.auth.guard.ts` splits at the first space and compares.
const SCHEME: &str = "ApiKey ";

/// A valid API key. `Debug` does not print it.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Validates a key. Whitespace around it is an error, too.
    ///
    /// # Errors
    ///
    /// If the key is blank or has characters other than visible ASCII. The error does not contain the key.
    pub fn new(key: &str) -> Result<Self, &'static str> {
        const NOT_ASCII: &str =
            "the API key has a character other than visible ASCII; copy the key from the dashboard again";
        if key.trim().is_empty() {
            return Err("the API key is blank");
        }
        if key.chars().any(char::is_control) {
            return Err("the API key has a control character, often a line break at its end; remove it");
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NOT_ASCII);
        }
        let mut header = HeaderValue::try_from(format!("{SCHEME}{key}")).map_err(|_| NOT_ASCII)?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// The value of the header `Authorization`. It is marked as sensitive, so HTTP libraries do not log it.
    #[must_use]
    pub fn authorization(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Replaces the key in a text that the server may have echoed.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let key = self.0.to_str().ok().and_then(|value| value.strip_prefix(SCHEME));
        key.map_or_else(|| text.to_owned(), |key| text.replace(key, "[API key]"))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn keys_are_visible_ascii() {
        for key in ["", " ", "\t\n", "abc\n", " abc", "abc ", "a\u{7f}bc", "käse", "two words"] {
            let error = ApiKey::new(key).unwrap_err();
            assert!(key.trim().is_empty() || !error.contains(key.trim()), "{error}");
        }
    }

    #[test]
    fn the_key_is_in_the_header_only() {
        let key = ApiKey::new("secret").unwrap();
        assert_eq!(key.authorization(), "ApiKey secret");
        assert!(key.authorization().is_sensitive());
        assert_eq!(format!("{key:?}"), "ApiKey(..)");
        assert_eq!(key.redact("no such key: secret"), "no such key: [API key]");
    }
}

//! The API key, which nothing prints.

use reqwest::header::HeaderValue;

use crate::invalid::Invalid;

/// A valid API key, as the value of the `Authorization` header.
///
/// The header value is marked as sensitive, so neither this crate nor HTTP libraries print it.
#[derive(Debug, Clone)]
pub(crate) struct ApiKey(HeaderValue);

impl ApiKey {
    /// # Errors
    ///
    /// If the key is not valid in an HTTP header. The message never contains the key.
    pub(crate) fn new(key: &str) -> Result<Self, Invalid> {
        if key.trim().is_empty() {
            return Err(Invalid::new("the API key is blank"));
        }
        if key.chars().any(char::is_control) {
            return Err(Invalid::new("the API key contains a control character, often a line break at its end"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Invalid::new("the API key contains a character that is not visible ASCII"));
        }
        // The scheme is case-sensitive. Source: `user.auth.guard.ts`.
        let value = HeaderValue::try_from(format!("ApiKey {key}"));
        let mut value = value.map_err(|_| Invalid::new("the API key is not valid in an HTTP header"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> &HeaderValue {
        &self.0
    }
}

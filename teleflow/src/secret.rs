//! The API key: checked once, then out of sight.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// An API key that can stand in a header and is not printed by anything.
///
/// `secrecy` keeps it out of `Debug` and wipes it when it is dropped.
#[derive(Debug, Clone)]
pub(crate) struct ApiKey(SecretString);

impl ApiKey {
    /// The key, or what is wrong with it. The text never repeats the key.
    pub(crate) fn new(key: String) -> Result<Self, &'static str> {
        let fault = if key.trim().is_empty() {
            Some("the API key is blank")
        } else if key.chars().any(char::is_control) {
            Some("the API key has a control character in it, often a line break at its end")
        } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Some("the API key has a character in it that no API key has: only visible ASCII may stand there")
        } else {
            None
        };
        let secret = SecretString::from(key);
        match fault {
            Some(fault) => Err(fault),
            None => Ok(Self(secret)),
        }
    }

    /// `Authorization: ApiKey <key>`, marked so that HTTP libraries do not print it.
    ///
    /// The scheme is case-sensitive (`user.auth.guard.ts` splits at the first space and compares).
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("ApiKey {}", self.0.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

//! The one error type of this crate.

use std::error::Error as StdError;
use std::fmt;

/// The result of this crate's fallible functions.
///
/// ```
/// fn put(request: &teleflow::Request) -> teleflow_outbox::Result<teleflow_outbox::Put> {
///     teleflow_outbox::Outbox::sqlite("teleflow").put(request)
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An invalid setting, or a failure of the database.
///
/// `Display` is one line without its cause, which is [`source`](StdError::source). It contains no payload.
///
/// ```
/// let request = teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada").into_request()?;
/// let error = teleflow_outbox::Outbox::sqlite("not a name").put(&request).unwrap_err();
/// assert!(error.to_string().starts_with("`not a name` is not a valid queue name"));
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug)]
pub struct Error {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The error and its causes, in one line, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let shown = error.to_string();
            // Some errors of SQLite contain their cause already.
            if !text.ends_with(&shown) {
                text = format!("{text}: {shown}");
            }
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

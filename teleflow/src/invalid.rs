//! Why input is rejected before it is sent.

use std::borrow::Cow;
use std::fmt;

/// The rule that a value breaks, as the message of an [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid(Cow<'static, str>);

impl Invalid {
    pub(crate) fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }

    /// Puts the subject before a message that starts with a verb: `has a blank subscriber id` → `recipient 2 has …`.
    pub(crate) fn with_subject(self, subject: &str) -> Self {
        Self::new(format!("{subject} {self}"))
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Invalid> for String {
    fn from(invalid: Invalid) -> Self {
        invalid.0.into_owned()
    }
}

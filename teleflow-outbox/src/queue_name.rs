//! The names of queues.

use crate::error::{Error, Result};

const MAX_LENGTH: usize = 40;

/// A name that is safe in an SQL identifier after a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueName(String);

impl QueueName {
    /// # Errors
    ///
    /// If the name has another character than `a` to `z`, `0` to `9` and `_`, or not 1 to 40 of them.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if (1..=MAX_LENGTH).contains(&name.len()) && name.bytes().all(is_allowed) {
            return Ok(Self(name.to_owned()));
        }
        let shown: String = name.chars().take(MAX_LENGTH).flat_map(char::escape_debug).collect();
        Err(Error::new(format!(
            "`{shown}` is not a valid queue name; use 1 to {MAX_LENGTH} characters of `a` to `z`, `0` to `9` and `_`"
        )))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

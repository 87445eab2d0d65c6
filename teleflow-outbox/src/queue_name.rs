//! The names of queues.

use crate::error::{Error, Result};

/// pgmq allows 47, of which the dead-letter queue needs five.
const MAX_LENGTH: usize = 40;
/// The end of the name of a dead-letter queue.
const DEAD: &str = "_dead";

/// A name that is safe in an SQL identifier after a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueName(String);

impl QueueName {
    /// # Errors
    ///
    /// If the name has another character than `a` to `z`, `0` to `9` and `_`, or not 1 to 40 of them, or if it is the name of
    /// a dead-letter queue.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if (1..=MAX_LENGTH).contains(&name.len()) && name.bytes().all(is_allowed) && !name.ends_with(DEAD) {
            return Ok(Self(name.to_owned()));
        }
        let shown: String = name.chars().take(MAX_LENGTH).flat_map(char::escape_debug).collect();
        Err(Error::new(format!(
            "`{shown}` is not a valid queue name; use 1 to {MAX_LENGTH} characters of `a` to `z`, `0` to `9` and `_`, and not \
             `{DEAD}` at the end"
        )))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the queue's dead-letter queue.
    #[cfg(feature = "postgres")]
    pub(crate) fn dead(&self) -> String {
        format!("{}{DEAD}", self.0)
    }
}

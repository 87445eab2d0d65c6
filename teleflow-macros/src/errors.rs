//! Every complaint at once: errors are gathered, and told together.

use syn::{Error, Result};

/// The errors met so far. [`finish`](Self::finish) is the only way out.
#[derive(Default)]
#[must_use = "call `finish`, or the author never sees the errors"]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, or `None` with its error kept for later.
    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

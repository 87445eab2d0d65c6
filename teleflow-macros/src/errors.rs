//! Collects errors, so that all of them are reported at once.

use syn::{Error, Result};

/// The errors so far. [`finish`](Self::finish) returns them.
#[derive(Default)]
#[must_use = "call `finish`, or the errors are lost"]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Returns the value, or `None` after adding the error.
    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

//! Environment variables.

use std::env::{self, VarError};

/// Returns the value of a variable, or `None` if it is unset or blank: compose files set variables without a value.
///
/// # Errors
///
/// If the value is not valid UTF-8. The error names the variable, but not its value, which may be a secret.
pub fn read(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("`{name}` is not valid UTF-8")),
    }
}

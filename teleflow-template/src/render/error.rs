//! The errors of rendering.

use std::fmt;

use crate::error::Error;

/// The error for a template that cannot be rendered.
///
/// ```
/// use teleflow_template::{RenderError, render};
///
/// let error = render("{{#if a}}", &serde_json::json!({})).unwrap_err();
/// assert!(matches!(error, RenderError::Syntax(_)));
///
/// let error = render("{{shout name}}", &serde_json::json!({})).unwrap_err();
/// assert_eq!(error.to_string(), "Missing helper: \"shout\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenderError {
    /// The template cannot be parsed.
    Syntax(Error),
    /// A helper or a partial failed or is missing, or the template has too much to render. This is the server's message.
    Helper(String),
    /// The template is nested so deep that it needs a thread with a larger stack, and the operating system started none. This
    /// is its message.
    Thread(String),
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Helper(message) => f.write_str(message),
            Self::Thread(message) => write!(f, "cannot start a thread for a deep template: {message}"),
        }
    }
}

impl std::error::Error for RenderError {}

pub(super) fn fail<T>(message: impl Into<String>) -> Result<T, RenderError> {
    Err(RenderError::Helper(message.into()))
}

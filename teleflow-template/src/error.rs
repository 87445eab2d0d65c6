//! The error for an invalid template.

use std::fmt;

use crate::javascript::is_line_end;

/// A syntax error, with its position.
///
/// ```
/// let error = teleflow_template::parse("a\n{{#if b}}c{{/each}}").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 11: `if` is closed by `each`");
/// assert_eq!(error.offset(), 12);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    offset: usize,
    line: usize,
    column: usize,
    message: String,
}

impl Error {
    pub(crate) fn new(source: &str, offset: usize, message: String) -> Self {
        let before = source.get(..offset).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        Self { offset, line, column, message }
    }

    /// The byte offset of the error.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Error {}

/// Formats a piece of a template for a message: in backticks and cut to 30 characters.
pub(crate) fn quoted(piece: &str) -> String {
    const LONGEST: usize = 30;
    let mut shown: String = piece.chars().take_while(|letter| !is_line_end(*letter)).take(LONGEST).collect();
    if shown.len() < piece.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

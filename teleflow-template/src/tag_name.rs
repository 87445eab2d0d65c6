//! Compares the names of a start tag and its end tag.

use crate::ast::Expression;

/// The name of a tag, as handlebars.js compares it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TagName<'a> {
    Text(&'a str),
    Number(f64),
    Boolean(bool),
    Null,
    /// `undefined`, and all sub-expressions.
    Undefined,
}

impl<'a> TagName<'a> {
    pub(crate) fn of(expression: &'a Expression) -> Self {
        match expression {
            Expression::Path(path) => Self::Text(&path.original),
            Expression::String(text, _) => Self::Text(text),
            Expression::Number(number, _) => Self::Number(*number),
            Expression::Boolean(boolean, _) => Self::Boolean(*boolean),
            Expression::Null(_) => Self::Null,
            Expression::Undefined(_) | Expression::Call(_) => Self::Undefined,
        }
    }
}

//! Does an end tag close its block?

use crate::ast::Expression;

/// What a block and its end tag must have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Name<'a> {
    Text(&'a str),
    Number(f64),
    Boolean(bool),
    Null,
    /// `undefined`, and the name that a sub-expression computes.
    Undefined,
}

impl<'a> Name<'a> {
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

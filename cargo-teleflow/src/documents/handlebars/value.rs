//! The value of an expression, if it is certain.

use crate::documents::path::{MAX_DEPTH, Segment, is_index};

/// The value of an expression.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// The variable at a path.
    Variable(Vec<Segment>),
    /// An array that a helper returns, with the value of its elements.
    Array(Box<Self>),
    /// A group that `groupBy` returns, with the value of its `items`.
    Group(Box<Self>),
    Unknown,
}

impl Value {
    pub(super) fn field(self, name: &str) -> Self {
        match self {
            Self::Variable(path) if is_index(name) && !path.is_empty() => Self::Variable(path).element(),
            // Longer paths are cut.
            Self::Variable(path) if path.len() > MAX_DEPTH => Self::Variable(path),
            Self::Variable(mut path) => {
                path.push(Segment::Field(name.to_owned()));
                Self::Variable(path)
            }
            Self::Array(element) if is_index(name) => *element,
            Self::Group(items) if name == "items" => *items,
            _ => Self::Unknown,
        }
    }

    pub(super) fn element(self) -> Self {
        match self {
            Self::Variable(path) if path.len() > MAX_DEPTH => Self::Variable(path),
            Self::Variable(mut path) => {
                path.push(Segment::Element);
                Self::Variable(path)
            }
            Self::Array(element) => *element,
            _ => Self::Unknown,
        }
    }
}

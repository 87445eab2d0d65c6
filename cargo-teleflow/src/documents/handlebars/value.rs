//! What an expression of a template is, as far as that is clear.

use crate::documents::usage::{DEEPEST, Place};

/// What an expression is.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// What is at the end of this way.
    At(Vec<Place>),
    /// A list that a helper makes, of such elements.
    List(Box<Self>),
    /// One of the groups that `groupBy` makes; its `items` are of this list.
    Group(Box<Self>),
    Unknown,
}

impl Value {
    pub(super) fn field(self, name: &str) -> Self {
        let is_index = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::At(way) if is_index && !way.is_empty() => Self::At(way).element(),
            // What lies deeper is cut off.
            Self::At(way) if way.len() > DEEPEST => Self::At(way),
            Self::At(mut way) => {
                way.push(Place::Field(name.to_owned()));
                Self::At(way)
            }
            Self::List(element) if is_index => *element,
            Self::Group(items) if name == "items" => *items,
            _ => Self::Unknown,
        }
    }

    pub(super) fn element(self) -> Self {
        match self {
            Self::At(way) if way.len() > DEEPEST => Self::At(way),
            Self::At(mut way) => {
                way.push(Place::Element);
                Self::At(way)
            }
            Self::List(element) => *element,
            _ => Self::Unknown,
        }
    }
}

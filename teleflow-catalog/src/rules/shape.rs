//! How serde writes a type.

use crate::const_str::is_same;

/// The shape in which serde writes the values of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    String,
    /// A number that may have a fraction.
    Number,
    /// A whole number.
    Integer,
    /// A number, or a text of digits: that is settled elsewhere.
    NumberOrString,
    /// `true` or `false`.
    Boolean,
    /// A moment as the server's scheduled delays read it.
    Date,
    /// `null`.
    Null,
    /// A list.
    Array,
    /// An object with names that the type knows.
    Object,
    /// An object with names that the type does not know, or not all of them.
    Map,
    /// Not known: it fits everything.
    Unknown,
}

impl Shape {
    /// The name of the variant, for generated code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Number => "Number",
            Self::Integer => "Integer",
            Self::NumberOrString => "NumberOrString",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::Null => "Null",
            Self::Array => "Array",
            Self::Object => "Object",
            Self::Map => "Map",
            Self::Unknown => "Unknown",
        }
    }

    /// The shape in words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number | Self::NumberOrString => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Date => "a date",
            Self::Null => "`null`",
            Self::Array => "an array",
            Self::Object | Self::Map => "an object",
            Self::Unknown => "a value of unknown type",
        }
    }
}

/// A name that serde writes in an object.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo<'a> {
    /// The name on the wire.
    pub name: &'a str,
    /// serde may leave it out.
    pub skippable: bool,
    /// The shape of its value, unless that is `null`.
    pub shape: Shape,
    /// It may be `null`.
    pub optional: bool,
    /// A type of the application's says the shape, and its `Serialize` may be handwritten.
    pub declared: bool,
}

impl<'a> FieldInfo<'a> {
    /// A name that is always written.
    #[must_use]
    pub const fn always(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: false, shape, optional, declared: false }
    }

    /// A name that may be left out.
    #[must_use]
    pub const fn skippable(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: true, shape, optional, declared: false }
    }

    /// A name that is always written, whose shape the type of the field says.
    #[must_use]
    pub const fn always_declared(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: false, shape, optional, declared: true }
    }

    /// A name that may be left out, whose shape the type of the field says.
    #[must_use]
    pub const fn skippable_declared(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: true, shape, optional, declared: true }
    }
}

/// All that a type says of itself.
#[derive(Debug, Clone, Copy)]
pub struct TypeInfo<'a> {
    /// The shape of every value, but for `null`. Only an [`Object`](Shape::Object) knows all its names.
    pub shape: Shape,
    /// A value may be `null`.
    pub optional: bool,
    /// The type's name.
    pub type_name: &'a str,
    /// The names that the type knows.
    pub fields: &'a [FieldInfo<'a>],
    /// The only strings that the type can be, but for `null`; empty if that is not known.
    pub values: &'a [&'a str],
}

/// The index of `name` among the names; their number if it is not one of them.
#[must_use]
pub const fn index_of(names: &[FieldInfo<'_>], name: &str) -> usize {
    let mut rest = names;
    let mut index = 0;
    while let [first, others @ ..] = rest {
        if is_same(first.name, name) {
            return index;
        }
        rest = others;
        index += 1;
    }
    index
}

/// Is `name` among the names?
#[must_use]
pub const fn knows(names: &[FieldInfo<'_>], name: &str) -> bool {
    index_of(names, name) < names.len()
}

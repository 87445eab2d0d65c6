//! How serde serializes a type.

use crate::const_str::is_same;

/// How serde serializes the values of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    String,
    /// A number that may have a fraction.
    Number,
    /// An integer.
    Integer,
    /// A number or a string, depending on a feature of the crate that the type is from.
    NumberOrString,
    /// `true` or `false`.
    Boolean,
    /// A date as the server's scheduled delays read it.
    Date,
    /// `null`.
    Null,
    /// An array.
    Array,
    /// An object, all of whose fields are in [`TypeInfo::fields`].
    Object,
    /// An object with fields that are not in [`TypeInfo::fields`].
    Map,
    /// Unknown: compatible with every requirement.
    Unknown,
}

impl Shape {
    /// The variant's name, for generated code.
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

    /// The shape as messages name it: "a string".
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

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo<'a> {
    /// The name in the JSON.
    pub name: &'a str,
    /// serde may skip the field.
    pub skippable: bool,
    /// The shape of the value, unless it is `null`.
    pub shape: Shape,
    /// The value may be `null`.
    pub optional: bool,
    /// The shape is declared by a type of the application, whose `Serialize` may be handwritten.
    pub declared: bool,
}

impl<'a> FieldInfo<'a> {
    /// A field that is always serialized.
    #[must_use]
    pub const fn always(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: false, shape, optional, declared: false }
    }

    /// A field that serde may skip.
    #[must_use]
    pub const fn skippable(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: true, shape, optional, declared: false }
    }

    /// A field that is always serialized, whose type declares its shape.
    #[must_use]
    pub const fn always_declared(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: false, shape, optional, declared: true }
    }

    /// A field that serde may skip, whose type declares its shape.
    #[must_use]
    pub const fn skippable_declared(name: &'a str, shape: Shape, optional: bool) -> Self {
        Self { name, skippable: true, shape, optional, declared: true }
    }
}

/// All that a type declares about its serialization.
#[derive(Debug, Clone, Copy)]
pub struct TypeInfo<'a> {
    /// The shape of every value, except for `null`.
    pub shape: Shape,
    /// A value may be `null`.
    pub optional: bool,
    /// The type's name.
    pub type_name: &'a str,
    /// The fields that the type declares.
    pub fields: &'a [FieldInfo<'a>],
    /// The only strings that a value can be, except for `null`; empty if they are unknown.
    pub values: &'a [&'a str],
}

/// The index of the field with this name; the number of fields if there is none.
#[must_use]
pub const fn index_of(fields: &[FieldInfo<'_>], name: &str) -> usize {
    let mut rest = fields;
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

/// Whether there is a field with this name.
#[must_use]
pub const fn has_field(fields: &[FieldInfo<'_>], name: &str) -> bool {
    index_of(fields, name) < fields.len()
}

/// The field with this name.
pub(crate) const fn find_field<'n, 'a>(fields: &'n [FieldInfo<'a>], name: &str) -> Option<&'n FieldInfo<'a>> {
    match fields.split_at_checked(index_of(fields, name)) {
        Some((_, [field, ..])) => Some(field),
        _ => None,
    }
}

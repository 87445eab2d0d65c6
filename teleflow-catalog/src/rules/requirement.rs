//! The requirements of a workflow.

use super::shape::Shape;

/// The kind of value that a variable accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any value.
    Any,
    /// A string. Also a number unless the requirement is `exact`, and a boolean if templates only render the variable.
    String,
    /// A number.
    Number,
    /// An integer.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// The date at which a delay ends.
    Date,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// All kinds, in the order in which messages list them.
    pub const ALL: [Self; 8] =
        [Self::String, Self::Number, Self::Integer, Self::Boolean, Self::Date, Self::Array, Self::Object, Self::Any];

    /// The kind's name in workflow files and in `#[teleflow(kind = "…")]`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Array => "array",
            Self::Object => "object",
            Self::Any => "any",
        }
    }

    /// The kind with this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The shape of a field that is declared with `#[teleflow(kind = "…")]`.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::String => Shape::String,
            Self::Number => Shape::Number,
            Self::Integer => Shape::Integer,
            Self::Boolean => Shape::Boolean,
            Self::Date => Shape::Date,
            Self::Array => Shape::Array,
            Self::Object => Shape::Map,
            Self::Any => Shape::Unknown,
        }
    }

    /// The shape of the kind with this name; [`Shape::Unknown`] if there is none.
    #[must_use]
    pub fn shape_of_name(name: &str) -> Shape {
        Self::from_name(name).map_or(Shape::Unknown, Self::shape)
    }

    /// The kind whose `kind as u32` is `code`.
    pub(crate) const fn from_code(code: u32) -> Self {
        let mut rest: &[Self] = &Self::ALL;
        while let [kind, others @ ..] = rest {
            if *kind as u32 == code {
                return *kind;
            }
            rest = others;
        }
        Self::Any
    }

    /// The kind as messages name it: "a string".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Date => "the date at which a delay ends",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }

    /// A Rust type that meets the requirement, as messages suggest it: "a `String`".
    pub(crate) const fn suggested_type(self) -> &'static str {
        match self {
            Self::Any | Self::String => "a `String`",
            Self::Number => "an `f64`",
            Self::Integer => "an `i64`",
            Self::Boolean => "a `bool`",
            Self::Date => "a `teleflow::DeliverAt`",
            Self::Array => "a `Vec`",
            Self::Object => "a struct that derives `TeleflowPayload`",
        }
    }
}

/// The requirement of a workflow on one variable.
#[derive(Debug, Clone, Copy)]
pub struct Requirement<'a> {
    /// The variable's path in the payload: `items[].sku`.
    pub path: &'a str,
    /// The last name of the path; empty for the elements of an array.
    pub name: &'a str,
    /// The kind of value that the variable accepts.
    pub kind: Kind,
    /// The server rejects an event without the variable.
    pub required: bool,
    /// A schema makes the server reject any other kind of value.
    pub exact: bool,
    /// A schema makes the server accept `null`.
    pub nullable: bool,
    /// The steps that read the variable: "step `email`", "steps `email` and `sms`"; empty if the catalog names none.
    pub steps: &'a str,
}

impl Requirement<'_> {
    /// Whether the variable accepts a value of this shape.
    #[must_use]
    pub const fn accepts(&self, shape: Shape) -> bool {
        if matches!(shape, Shape::Unknown) || matches!(self.kind, Kind::Any) {
            return true;
        }
        if matches!(shape, Shape::Null) && self.nullable {
            return true;
        }
        let strict = self.required || self.exact;
        match self.kind {
            Kind::Any => true,
            // The server accepts numbers as strings, and renders every scalar.
            Kind::String => match shape {
                Shape::String | Shape::Date | Shape::NumberOrString => true,
                Shape::Number | Shape::Integer => !self.exact,
                Shape::Boolean => !strict,
                _ => false,
            },
            Kind::Number | Kind::Integer => match shape {
                Shape::Integer | Shape::NumberOrString => true,
                Shape::Number => !matches!(self.kind, Kind::Integer) || !self.exact,
                Shape::String => !strict,
                _ => false,
            },
            // A template only tests whether the value is truthy, so any type works.
            Kind::Boolean => !strict || matches!(shape, Shape::Boolean),
            Kind::Date => matches!(shape, Shape::Date),
            // `{{#each}}` iterates over objects too.
            Kind::Array => matches!(shape, Shape::Array) || (!strict && matches!(shape, Shape::Map | Shape::Object)),
            Kind::Object => matches!(shape, Shape::Object | Shape::Map),
        }
    }

    /// Whether the variable accepts `null`.
    pub(crate) const fn accepts_null(&self) -> bool {
        let refused = self.required || (self.exact && !matches!(self.kind, Kind::Any));
        self.nullable || !refused
    }
}

/// A workflow and its file, for messages.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowRef<'a> {
    /// The trigger identifier.
    pub trigger: &'a str,
    /// The workflow file's path, relative to the workspace.
    pub file: &'a str,
}

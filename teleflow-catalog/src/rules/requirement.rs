//! What a workflow wants of one variable.

use super::shape::Shape;

/// What kind of value a variable takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A string; where the workflow is not exact, a number too, and a boolean where it is only rendered.
    String,
    /// A number.
    Number,
    /// A whole number.
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

    /// The kind in words, with its article.
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

    /// A type that fits, with its article.
    pub(crate) const fn advised(self) -> &'static str {
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

/// What a workflow wants of one variable.
#[derive(Debug, Clone, Copy)]
pub struct Requirement<'a> {
    /// The variable's place in the payload: `items[].sku`.
    pub path: &'a str,
    /// The last name of the path; empty for the elements of a list.
    pub name: &'a str,
    /// What it takes.
    pub kind: Kind,
    /// The server refuses an event without it.
    pub required: bool,
    /// The server refuses what is not exactly of its kind: a schema says so.
    pub exact: bool,
    /// The server takes `null` in its place: a schema says so.
    pub nullable: bool,
    /// The steps that read it: "step `email`", "steps `email` and `sms`"; empty if that is not known.
    pub steps: &'a str,
}

/// One question on a walk through a payload.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// What the workflow wants there.
    pub requirement: Requirement<'a>,
    /// The number of the type there; of a field, that of the type which has it.
    pub type_index: usize,
    /// What is asked of the type.
    pub question: Question<'a>,
}

/// A [`Node`] as a tuple: the number of its type, the path, the name, a number for all that is a choice, the steps, and
/// the names of its question. To the compiler it costs half as much as a call with as many arguments.
pub type NodeRow<'a> = (usize, &'a str, &'a str, u32, &'a str, &'a [&'a str]);

/// What is asked of a type.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// Does a value of this type fit?
    Value,
    /// Does the type have the field, and does that fit?
    Field,
    /// Is each string that the type can be one of these?
    Allowed(&'a [&'a str]),
    /// Is each name that the type writes one of these?
    Closed(&'a [&'a str]),
}

impl<'a> Node<'a> {
    /// A value of the type with this number.
    #[must_use]
    pub const fn value(
        type_index: usize,
        path: &'a str,
        name: &'a str,
        kind: Kind,
        required: bool,
        exact: bool,
        steps: &'a str,
    ) -> Self {
        let requirement = Requirement { path, name, kind, required, exact, nullable: false, steps };
        Self { requirement, type_index, question: Question::Value }
    }

    /// A field of the type with this number.
    #[must_use]
    pub const fn field(
        type_index: usize,
        path: &'a str,
        name: &'a str,
        kind: Kind,
        required: bool,
        exact: bool,
        steps: &'a str,
    ) -> Self {
        Self { question: Question::Field, ..Self::value(type_index, path, name, kind, required, exact, steps) }
    }

    /// The same, where `null` fits too.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { requirement: Requirement { nullable: true, ..self.requirement }, ..self }
    }

    /// The node as generated code writes it.
    #[must_use]
    pub const fn to_row(self) -> NodeRow<'a> {
        let Requirement { path, name, kind, required, exact, nullable, steps } = self.requirement;
        let (question, names): (u32, &[&str]) = match self.question {
            Question::Value => (0, &[]),
            Question::Field => (1, &[]),
            Question::Allowed(values) => (2, values),
            Question::Closed(names) => (3, names),
        };
        let flags = (required as u32) << 2 | (exact as u32) << 3 | (nullable as u32) << 4;
        (self.type_index, path, name, question | flags | (kind as u32) << 5, steps, names)
    }

    /// The node that generated code has written.
    #[must_use]
    pub const fn from_row((type_index, path, name, code, steps, names): NodeRow<'a>) -> Self {
        let kind = match code >> 5 {
            1 => Kind::String,
            2 => Kind::Number,
            3 => Kind::Integer,
            4 => Kind::Boolean,
            5 => Kind::Date,
            6 => Kind::Array,
            7 => Kind::Object,
            _ => Kind::Any,
        };
        let (required, exact, nullable) = (code & 4 != 0, code & 8 != 0, code & 16 != 0);
        let question = match code & 3 {
            1 => Question::Field,
            2 => Question::Allowed(names),
            3 => Question::Closed(names),
            _ => Question::Value,
        };
        Self { requirement: Requirement { path, name, kind, required, exact, nullable, steps }, type_index, question }
    }

    /// The only strings that a value of the type with this number may be.
    #[must_use]
    pub const fn allowed(type_index: usize, path: &'a str, values: &'a [&'a str]) -> Self {
        Self { question: Question::Allowed(values), ..Self::value(type_index, path, "", Kind::Any, false, false, "") }
    }

    /// The only names that the type with this number may write.
    #[must_use]
    pub const fn closed(type_index: usize, path: &'a str, names: &'a [&'a str]) -> Self {
        Self { question: Question::Closed(names), ..Self::value(type_index, path, "", Kind::Any, false, false, "") }
    }
}

impl Requirement<'_> {
    /// Does what is written in this shape fit?
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
            // The server counts numbers as texts, and renders every scalar.
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
            // A template only asks whether it is there, which holds for anything.
            Kind::Boolean => !strict || matches!(shape, Shape::Boolean),
            Kind::Date => matches!(shape, Shape::Date),
            // `{{#each}}` goes through objects, too.
            Kind::Array => matches!(shape, Shape::Array) || (!strict && matches!(shape, Shape::Map | Shape::Object)),
            Kind::Object => matches!(shape, Shape::Object | Shape::Map),
        }
    }

    /// Does `null` fit?
    pub(crate) const fn accepts_null(&self) -> bool {
        let refused = self.required || (self.exact && !matches!(self.kind, Kind::Any));
        self.nullable || !refused
    }
}

/// Which workflow it is, and where that is declared.
#[derive(Debug, Clone, Copy)]
pub struct WorkflowRef<'a> {
    /// The trigger identifier.
    pub trigger: &'a str,
    /// The catalog's file, relative to the workspace.
    pub file: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, Question, Requirement};

    #[test]
    fn a_row_holds_all_of_a_node() {
        let questions = [Question::Value, Question::Field, Question::Allowed(&["a"]), Question::Closed(&["b", "c"])];
        for kind in Kind::ALL {
            for question in questions {
                for flags in 0..8 {
                    let [required, exact, nullable] = [1, 2, 4].map(|flag| flags & flag != 0);
                    let requirement = Requirement {
                        path: "items[].sku",
                        name: "sku",
                        kind,
                        required,
                        exact,
                        nullable,
                        steps: "step",
                    };
                    let node = Node { requirement, type_index: 3, question };
                    assert_eq!(format!("{:?}", Node::from_row(node.to_row())), format!("{node:?}"));
                }
            }
        }
    }
}

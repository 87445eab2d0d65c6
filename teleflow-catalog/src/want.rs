//! What a workflow wants of one variable.

use crate::form::Form;

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
pub struct Want<'a> {
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
    pub want: Want<'a>,
    /// The number of the type there; of a field, that of the type which has it.
    pub shape: usize,
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
        shape: usize,
        path: &'a str,
        name: &'a str,
        kind: Kind,
        required: bool,
        exact: bool,
        steps: &'a str,
    ) -> Self {
        let want = Want { path, name, kind, required, exact, nullable: false, steps };
        Self { want, shape, question: Question::Value }
    }

    /// A field of the type with this number.
    #[must_use]
    pub const fn field(
        shape: usize,
        path: &'a str,
        name: &'a str,
        kind: Kind,
        required: bool,
        exact: bool,
        steps: &'a str,
    ) -> Self {
        Self { question: Question::Field, ..Self::value(shape, path, name, kind, required, exact, steps) }
    }

    /// The same, where `null` fits too.
    #[must_use]
    pub const fn nullable(self) -> Self {
        Self { want: Want { nullable: true, ..self.want }, ..self }
    }

    /// The node as generated code writes it.
    #[must_use]
    pub const fn to_row(self) -> NodeRow<'a> {
        let Want { path, name, kind, required, exact, nullable, steps } = self.want;
        let (question, names): (u32, &[&str]) = match self.question {
            Question::Value => (0, &[]),
            Question::Field => (1, &[]),
            Question::Allowed(values) => (2, values),
            Question::Closed(names) => (3, names),
        };
        let flags = (required as u32) << 2 | (exact as u32) << 3 | (nullable as u32) << 4;
        (self.shape, path, name, question | flags | (kind as u32) << 5, steps, names)
    }

    /// The node that generated code has written.
    #[must_use]
    pub const fn from_row((shape, path, name, code, steps, names): NodeRow<'a>) -> Self {
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
        Self { want: Want { path, name, kind, required, exact, nullable, steps }, shape, question }
    }

    /// The only strings that a value of the type with this number may be.
    #[must_use]
    pub const fn allowed(shape: usize, path: &'a str, values: &'a [&'a str]) -> Self {
        Self { question: Question::Allowed(values), ..Self::value(shape, path, "", Kind::Any, false, false, "") }
    }

    /// The only names that the type with this number may write.
    #[must_use]
    pub const fn closed(shape: usize, path: &'a str, names: &'a [&'a str]) -> Self {
        Self { question: Question::Closed(names), ..Self::value(shape, path, "", Kind::Any, false, false, "") }
    }
}

impl Want<'_> {
    /// Does what is written in this form fit?
    #[must_use]
    pub const fn takes(&self, form: Form) -> bool {
        if matches!(form, Form::Unknown) || matches!(self.kind, Kind::Any) {
            return true;
        }
        if matches!(form, Form::Null) && self.nullable {
            return true;
        }
        let strict = self.required || self.exact;
        match self.kind {
            Kind::Any => true,
            // The server counts numbers as texts, and renders every scalar.
            Kind::String => match form {
                Form::Text | Form::Moment | Form::Digits => true,
                Form::Number | Form::Integer => !self.exact,
                Form::Boolean => !strict,
                _ => false,
            },
            Kind::Number | Kind::Integer => match form {
                Form::Integer | Form::Digits => true,
                Form::Number => !matches!(self.kind, Kind::Integer) || !self.exact,
                Form::Text => !strict,
                _ => false,
            },
            // A template only asks whether it is there, which holds for anything.
            Kind::Boolean => !strict || matches!(form, Form::Boolean),
            Kind::Date => matches!(form, Form::Moment),
            // `{{#each}}` goes through objects, too.
            Kind::Array => matches!(form, Form::List) || (!strict && matches!(form, Form::Map | Form::Object)),
            Kind::Object => matches!(form, Form::Object | Form::Map),
        }
    }

    /// Does `null` fit?
    pub(crate) const fn takes_null(&self) -> bool {
        let refused = self.required || (self.exact && !matches!(self.kind, Kind::Any));
        self.nullable || !refused
    }
}

/// Which workflow it is, and where that is said.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The trigger identifier.
    pub workflow: &'a str,
    /// The catalog's file, relative to the workspace.
    pub file: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{Kind, Node, Question, Want};

    #[test]
    fn a_row_holds_all_of_a_node() {
        let kinds = [
            Kind::Any,
            Kind::String,
            Kind::Number,
            Kind::Integer,
            Kind::Boolean,
            Kind::Date,
            Kind::Array,
            Kind::Object,
        ];
        let questions = [Question::Value, Question::Field, Question::Allowed(&["a"]), Question::Closed(&["b", "c"])];
        for kind in kinds {
            for question in questions {
                for flags in 0..8 {
                    let [required, exact, nullable] = [1, 2, 4].map(|flag| flags & flag != 0);
                    let want =
                        Want { path: "items[].sku", name: "sku", kind, required, exact, nullable, steps: "step" };
                    let node = Node { want, shape: 3, question };
                    assert_eq!(format!("{:?}", Node::from_row(node.to_row())), format!("{node:?}"));
                }
            }
        }
    }
}

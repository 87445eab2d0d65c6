//! What a workflow wants of one variable.

use crate::form::Form;

/// What kind of value a variable takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A text; where the workflow is not exact, a number too, and a boolean where it is only rendered.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A moment at which a delay ends.
    Date,
    /// A list.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind in words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::String => "a text",
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Boolean => "a boolean",
            Self::Date => "the moment at which a delay ends",
            Self::Array => "a list",
            Self::Object => "an object",
        }
    }

    /// The type that fits at once.
    pub(crate) const fn advised(self) -> &'static str {
        match self {
            Self::Any | Self::String => "a `String`",
            Self::Number => "an `f64`",
            Self::Integer => "an `i64`",
            Self::Boolean => "a `bool`",
            Self::Date => "a `teleflow::DeliverAt`",
            Self::Array => "a list, such as a `Vec`",
            Self::Object => "a struct with `#[derive(TeleflowPayload)]`",
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
    /// The steps that read it: "step `email`", "steps `email` and `sms`"; empty if that is not known.
    pub steps: &'a str,
}

/// One place on a walk through a payload.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// What the workflow wants there.
    pub want: Want<'a>,
    /// The number of the type there; of a field, that of the type which has it.
    pub shape: usize,
    /// It is a field.
    pub is_field: bool,
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
        Self { want: Want { path, name, kind, required, exact, steps }, shape, is_field: false }
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
        Self { is_field: true, ..Self::value(shape, path, name, kind, required, exact, steps) }
    }
}

impl Want<'_> {
    /// Does what is written in this form fit?
    #[must_use]
    pub const fn takes(&self, form: Form) -> bool {
        if matches!(form, Form::Unknown) || matches!(self.kind, Kind::Any) {
            return true;
        }
        let strict = self.required || self.exact;
        match self.kind {
            Kind::Any => true,
            // The server counts numbers as texts, and renders every scalar.
            Kind::String => match form {
                Form::Text | Form::Moment | Form::Digits => true,
                Form::Number => !self.exact,
                Form::Boolean => !strict,
                _ => false,
            },
            Kind::Number | Kind::Integer => match form {
                Form::Number | Form::Digits => true,
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
}

/// Which workflow it is, and where that is said.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The trigger identifier.
    pub workflow: &'a str,
    /// The catalog's file, relative to the workspace.
    pub file: &'a str,
}

//! How serde writes the values of a type, as far as its source tells.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Generics, LitStr, Path, Type};

/// A type of which generated code needs to know no more.
pub(super) struct Payload<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// Where the library is found.
    pub krate: Path,
    pub meaning: Meaning,
}

pub(super) enum Meaning {
    /// One form, and nothing inside that is known.
    Plain(Form),
    /// A list, and what its elements are.
    List(Held),
    Object(Object),
    /// A value of another type stands in the place of this one.
    Inner(Held),
}

/// A name of `teleflow_catalog::Form`, and of the type in `__private::kind` that has this form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Number,
    Boolean,
    Moment,
    Null,
    List,
    Map,
    Unknown,
}

#[derive(Default)]
pub(super) struct Object {
    /// The names that are known, in serde's order.
    pub parts: Vec<Part>,
    /// There are others, which are not known.
    pub open: bool,
}

/// A name in an object.
pub(super) struct Part {
    /// The name on the wire, spanned where the author chose it.
    pub name: LitStr,
    /// serde never leaves it out.
    pub always: bool,
    pub held: Held,
}

/// What stands under a name, or in a list.
#[derive(Clone)]
pub(super) enum Held {
    /// Nothing is known of it.
    Unknown,
    /// It is of this form; in an `Option`, perhaps.
    Form { form: Form, optional: bool },
    /// What serde writes for this type.
    Type(Type),
    /// The same for a type that must not stand in an interface, since it may be less public than the one around it.
    Hidden(Type),
}

impl Meaning {
    pub(super) const UNKNOWN: Self = Self::Plain(Form::Unknown);
}

impl Form {
    /// What a `kind` says.
    pub(super) fn of_kind(kind: &LitStr) -> Self {
        match kind.value().as_str() {
            "string" => Self::Text,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "date" => Self::Moment,
            "array" => Self::List,
            "object" => Self::Map,
            _ => Self::Unknown,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::Moment => "Moment",
            Self::Null => "Null",
            Self::List => "List",
            Self::Map => "Map",
            Self::Unknown => "Unknown",
        }
    }
}

impl Held {
    /// What is of one form and never `null`.
    pub(super) fn always(form: Form) -> Self {
        Self::Form { form, optional: false }
    }

    /// What holds for both.
    pub(super) fn or(self, other: &Self) -> Self {
        let same = match (&self, other) {
            (Self::Form { form, optional }, Self::Form { form: other, optional: other_optional }) => {
                form == other && optional == other_optional
            }
            (Self::Type(one), Self::Type(other)) | (Self::Hidden(one), Self::Hidden(other)) => is_same(one, other),
            _ => false,
        };
        if same { self } else { Self::Unknown }
    }
}

/// Are both spelt alike?
fn is_same(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

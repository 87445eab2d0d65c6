//! How serde writes the values of a type, as far as its source tells.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Generics, LitStr, Path, Type};
use teleflow_catalog::rules::Shape;

/// A type of which generated code needs to know no more.
pub(super) struct Payload<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// Where the library is found.
    pub krate: Path,
    pub meaning: SerializedShape,
    /// It is a workflow's payload too, and must say so.
    pub is_workflow: bool,
}

pub(super) enum SerializedShape {
    /// One form, and nothing inside that is known.
    Plain(Shape),
    /// One of these strings.
    Names(Vec<String>),
    /// A list, and what its elements are.
    List(Held),
    Object(Object),
    /// A value of another type stands in the place of this one.
    Inner(Held),
}

#[derive(Clone, Default)]
pub(super) struct Object {
    /// The names that are known, in serde's order.
    pub parts: Vec<Part>,
    /// There are others, which are not known.
    pub open: bool,
    /// The variant that it is, if it is one alone.
    pub variant: Option<String>,
}

/// A name in an object.
#[derive(Clone)]
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
    /// It is of this form.
    Shape { form: Shape, optional: Optional },
    /// What serde writes for this type.
    Type(Type),
    /// The fields of an enum's variant.
    Object(Object),
    /// The fields of a variant without names.
    List(Box<Held>),
}

/// May it be `null`?
#[derive(Clone)]
pub(super) enum Optional {
    No,
    Yes,
    /// If this type may be.
    As(Box<Type>),
}

impl SerializedShape {
    pub(super) const UNKNOWN: Self = Self::Plain(Shape::Unknown);
}

impl Held {
    /// What is of one form and never `null`.
    pub(super) fn always(form: Shape) -> Self {
        Self::Shape { form, optional: Optional::No }
    }

    /// What holds for both.
    pub(super) fn or(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Shape { form, optional }, Self::Shape { form: other, optional: other_optional })
                if form == *other && optional.is_same(other_optional) =>
            {
                Self::Shape { form, optional }
            }
            (Self::Type(one), Self::Type(other)) if is_same(&one, other) => Self::Type(one),
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.or(other))),
            (Self::Object(one), Self::Object(other)) => Self::Object(one.or(other.clone())),
            _ => Self::Unknown,
        }
    }
}

impl Object {
    /// What holds for both. A name that only one of them has may be left out; beside an open one, which may have it too,
    /// it is not known.
    pub(super) fn or(self, mut other: Self) -> Self {
        let (one_open, other_open) = (self.open, other.open);
        let mut parts = Vec::new();
        for part in self.parts {
            let same = other.parts.iter().position(|candidate| candidate.name.value() == part.name.value());
            match same.map(|at| other.parts.remove(at)) {
                Some(same) => {
                    parts.push(Part { always: part.always && same.always, held: part.held.or(&same.held), ..part });
                }
                None if other_open => {}
                None => parts.push(Part { always: false, ..part }),
            }
        }
        if !one_open {
            parts.extend(other.parts.into_iter().map(|part| Part { always: false, ..part }));
        }
        Self { parts, open: one_open || other_open, variant: None }
    }
}

impl Optional {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::No, Self::No) | (Self::Yes, Self::Yes) => true,
            (Self::As(one), Self::As(other)) => is_same(one, other),
            _ => false,
        }
    }
}

/// The name of the type in `__private::kind` that has this shape.
pub(super) fn kind_type(shape: Shape) -> &'static str {
    match shape {
        Shape::Map => "Object",
        shape => shape.as_str(),
    }
}

/// Are both spelt alike?
fn is_same(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

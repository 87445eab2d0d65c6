//! Types that are known by their spelling: primitives, and `String`, `Option`, `Vec` and `Box` of the prelude. It costs a
//! build nothing to look at them here; all others are asked while the compiler evaluates constants.
//!
//! A name outside the prelude is known only by a path into std: an application may well have a `Cow` of its own.

use syn::{GenericArgument, PathArguments, Type};
use teleflow_catalog::rules::Shape;

/// A type, as far as its spelling tells.
pub(crate) enum SyntacticType {
    Scalar(Shape),
    List(Box<SyntacticType>),
    Optional(Box<SyntacticType>),
    /// One that must be asked.
    Other,
}

impl SyntacticType {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Reference(reference) => Self::of(&reference.elem),
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Slice(slice) => Self::List(Box::new(Self::of(&slice.elem))),
            Type::Array(array) => Self::List(Box::new(Self::of(&array.elem))),
            Type::Path(path) if path.qself.is_none() => Self::named(&path.path),
            _ => Self::Other,
        }
    }

    fn named(path: &syn::Path) -> Self {
        let Some(last) = path.segments.last() else {
            return Self::Other;
        };
        let name = last.ident.to_string();
        let Some(is_of_prelude) = is_stds(path) else {
            return Self::Other;
        };
        let of = || match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(of) => Some(Self::of(of)),
                _ => None,
            }),
            _ => None,
        };
        match (name.as_str(), of()) {
            ("String" | "str" | "char", None) => Self::Scalar(Shape::String),
            ("bool", None) => Self::Scalar(Shape::Boolean),
            ("u8" | "u16" | "u32" | "u64" | "u128" | "usize", None) => Self::Scalar(Shape::Integer),
            ("i8" | "i16" | "i32" | "i64" | "i128" | "isize", None) => Self::Scalar(Shape::Integer),
            ("f32" | "f64", None) => Self::Scalar(Shape::Number),
            ("Option", Some(of)) => Self::Optional(Box::new(of)),
            ("Vec", Some(of)) => Self::List(Box::new(of)),
            ("Box", Some(of)) => of,
            ("Cow", Some(of)) if !is_of_prelude => of,
            _ => Self::Other,
        }
    }

    /// What `teleflow::as_string` makes of it. An unknown type may be an alias of an `Option` or a list.
    pub(crate) fn as_string(&self) -> Self {
        match self {
            Self::Scalar(_) => Self::Scalar(Shape::String),
            Self::List(element) => Self::List(Box::new(element.as_string())),
            Self::Optional(of) => Self::Optional(Box::new(of.as_string())),
            Self::Other => Self::Other,
        }
    }

    /// Its form, without an `Option`; `None` for one that must be asked.
    pub(crate) fn form(&self) -> Option<Shape> {
        match self {
            Self::Scalar(form) => Some(*form),
            Self::List(_) => Some(Shape::Array),
            Self::Optional(of) => of.form(),
            Self::Other => None,
        }
    }

    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// The elements of a list, which may be in an `Option`.
    pub(crate) fn into_element(self) -> Option<Self> {
        match self {
            Self::List(element) => Some(*element),
            Self::Optional(of) => of.into_element(),
            Self::Scalar(_) | Self::Other => None,
        }
    }

    /// The elements of a list.
    pub(crate) fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) => Some(element),
            Self::Optional(of) => of.element(),
            Self::Scalar(_) | Self::Other => None,
        }
    }
}

/// A name of the prelude, or a path into std? And which of the two?
fn is_stds(path: &syn::Path) -> Option<bool> {
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    match first.as_deref() {
        _ if path.segments.len() == 1 && path.leading_colon.is_none() => Some(true),
        Some("std" | "core" | "alloc") => Some(false),
        _ => None,
    }
}

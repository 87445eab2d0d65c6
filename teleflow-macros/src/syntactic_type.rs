//! Types that the derive recognizes by their syntax: primitives, and `String`, `Option`, `Vec` and `Box` of the prelude.
//! Checking them here costs no build time; all others are checked by constants that the compiler evaluates.
//!
//! A name outside the prelude is recognized only with a path into std, since an application may have its own `Cow`.

use syn::{GenericArgument, PathArguments, Type};
use teleflow_catalog::rules::Shape;

/// A type as far as its syntax tells.
pub(crate) enum SyntacticType {
    Scalar(Shape),
    Array(Box<SyntacticType>),
    Optional(Box<SyntacticType>),
    /// A type that is not recognized.
    Other,
}

impl SyntacticType {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Reference(reference) => Self::of(&reference.elem),
            Type::Paren(inner) => Self::of(&inner.elem),
            Type::Group(inner) => Self::of(&inner.elem),
            Type::Slice(slice) => Self::Array(Box::new(Self::of(&slice.elem))),
            Type::Array(array) => Self::Array(Box::new(Self::of(&array.elem))),
            Type::Path(path) if path.qself.is_none() => Self::named(&path.path),
            _ => Self::Other,
        }
    }

    fn named(path: &syn::Path) -> Self {
        let Some(last) = path.segments.last() else {
            return Self::Other;
        };
        let name = last.ident.to_string();
        let Some(is_in_prelude) = is_in_prelude(path) else {
            return Self::Other;
        };
        let argument = || match &last.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(Self::of(ty)),
                _ => None,
            }),
            _ => None,
        };
        match (name.as_str(), argument()) {
            ("String" | "str" | "char", None) => Self::Scalar(Shape::String),
            ("bool", None) => Self::Scalar(Shape::Boolean),
            ("u8" | "u16" | "u32" | "u64" | "u128" | "usize", None) => Self::Scalar(Shape::Integer),
            ("i8" | "i16" | "i32" | "i64" | "i128" | "isize", None) => Self::Scalar(Shape::Integer),
            ("f32" | "f64", None) => Self::Scalar(Shape::Number),
            ("Option", Some(inner)) => Self::Optional(Box::new(inner)),
            ("Vec", Some(element)) => Self::Array(Box::new(element)),
            ("Box", Some(inner)) => inner,
            ("Cow", Some(inner)) if !is_in_prelude => inner,
            _ => Self::Other,
        }
    }

    /// The type as `teleflow::as_string` serializes it. An unrecognized type may be an alias of an `Option` or a `Vec`.
    pub(crate) fn as_string(&self) -> Self {
        match self {
            Self::Scalar(_) => Self::Scalar(Shape::String),
            Self::Array(element) => Self::Array(Box::new(element.as_string())),
            Self::Optional(inner) => Self::Optional(Box::new(inner.as_string())),
            Self::Other => Self::Other,
        }
    }

    /// The shape, ignoring an `Option`; `None` if the type is not recognized.
    pub(crate) fn shape(&self) -> Option<Shape> {
        match self {
            Self::Scalar(shape) => Some(*shape),
            Self::Array(_) => Some(Shape::Array),
            Self::Optional(inner) => inner.shape(),
            Self::Other => None,
        }
    }

    pub(crate) fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    /// The elements of an array, ignoring an `Option`.
    pub(crate) fn element(&self) -> Option<&Self> {
        match self {
            Self::Array(element) => Some(element),
            Self::Optional(inner) => inner.element(),
            Self::Scalar(_) | Self::Other => None,
        }
    }
}

/// Whether the path is a single name, as in the prelude (`true`), or a path into std (`false`). `None` if it is neither.
fn is_in_prelude(path: &syn::Path) -> Option<bool> {
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    match first.as_deref() {
        _ if path.segments.len() == 1 && path.leading_colon.is_none() => Some(true),
        Some("std" | "core" | "alloc") => Some(false),
        _ => None,
    }
}

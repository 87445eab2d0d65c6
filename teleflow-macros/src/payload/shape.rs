//! How serde serializes the values of a type, as far as its declaration shows.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Generics, Path, Type};
use teleflow_catalog::rules::Shape;

/// A checked type: all that generated code depends on.
pub(super) struct CheckedPayload<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// The path of the library.
    pub krate: Path,
    pub shape: SerializedShape,
    /// It has a trigger, so it must derive `TeleflowWorkflow` too.
    pub is_workflow: bool,
}

/// The shape that serde serializes a type as.
pub(super) enum SerializedShape {
    /// A value of this shape, whose content is unknown.
    Plain(Shape),
    /// One of these strings: the names of an enum's unit variants.
    UnitVariants(Vec<String>),
    /// An array with elements of this shape.
    Array(ValueShape),
    Object(ObjectShape),
    /// Only the inner value: a newtype, `transparent`, or `into`.
    Inner(ValueShape),
}

/// The shape of a field, an element, or the content of a variant.
#[derive(Clone)]
pub(super) enum ValueShape {
    Unknown,
    /// A `kind`, or what `as_string` makes of a type.
    Known {
        shape: Shape,
        nullable: Nullable,
    },
    /// The shape of this type.
    Type(Type),
    /// The named fields of a variant.
    Object(ObjectShape),
    /// The unnamed fields of a variant.
    Array(Box<ValueShape>),
}

#[derive(Clone, Default)]
pub(super) struct ObjectShape {
    /// The known fields, in serde's order.
    pub fields: Vec<FieldShape>,
    /// There may be other fields.
    pub open: bool,
    /// The variant, if this object is the content of one.
    pub variant: Option<String>,
}

/// A field of an object.
#[derive(Clone)]
pub(super) struct FieldShape {
    /// The wire name.
    pub name: String,
    /// The field may be missing.
    pub skippable: bool,
    pub value: ValueShape,
}

/// Whether a value may be `null`.
#[derive(Clone)]
pub(super) enum Nullable {
    No,
    Yes,
    /// It may if this type is an `Option`, for example through an alias.
    IfOption(Box<Type>),
}

impl SerializedShape {
    pub(super) const UNKNOWN: Self = Self::Plain(Shape::Unknown);

    /// Returns what is true of both.
    pub(super) fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::Plain(one), Self::Plain(other)) if one == other => Self::Plain(one),
            (Self::Array(one), Self::Array(other)) => Self::Array(one.merge(&other)),
            (Self::Inner(one), Self::Inner(other)) => Self::Inner(one.merge(&other)),
            (Self::Object(one), Self::Object(other)) => Self::Object(one.merge(other)),
            (Self::UnitVariants(mut one), Self::UnitVariants(other)) => {
                one.extend(other);
                Self::UnitVariants(one)
            }
            (Self::UnitVariants(_), Self::Plain(Shape::String))
            | (Self::Plain(Shape::String), Self::UnitVariants(_)) => Self::Plain(Shape::String),
            _ => Self::UNKNOWN,
        }
    }
}

impl ValueShape {
    /// A value of this shape, never `null`.
    pub(super) fn not_null(shape: Shape) -> Self {
        Self::Known { shape, nullable: Nullable::No }
    }

    /// Returns what is true of both.
    pub(super) fn merge(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Known { shape, nullable }, Self::Known { shape: other_shape, nullable: other_nullable })
                if shape == *other_shape && nullable.is_same(other_nullable) =>
            {
                Self::Known { shape, nullable }
            }
            (Self::Type(one), Self::Type(other)) if has_same_tokens(&one, other) => Self::Type(one),
            (Self::Array(one), Self::Array(other)) => Self::Array(Box::new(one.merge(other))),
            (Self::Object(one), Self::Object(other)) => Self::Object(one.merge(other.clone())),
            _ => Self::Unknown,
        }
    }
}

impl ObjectShape {
    /// Returns what is true of both. A field that only one has is skippable; if the other is open, the field is unknown.
    pub(super) fn merge(self, mut other: Self) -> Self {
        let mut fields = Vec::new();
        for field in self.fields {
            let same = other.fields.iter().position(|candidate| candidate.name == field.name);
            match same.map(|index| other.fields.remove(index)) {
                Some(same) => fields.push(FieldShape {
                    skippable: field.skippable || same.skippable,
                    value: field.value.merge(&same.value),
                    ..field
                }),
                None if other.open => {}
                None => fields.push(FieldShape { skippable: true, ..field }),
            }
        }
        if !self.open {
            fields.extend(other.fields.into_iter().map(|field| FieldShape { skippable: true, ..field }));
        }
        Self { fields, open: self.open || other.open, variant: None }
    }

    pub(super) fn shape(&self) -> Shape {
        if self.open { Shape::Map } else { Shape::Object }
    }
}

impl Nullable {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::No, Self::No) | (Self::Yes, Self::Yes) => true,
            (Self::IfOption(one), Self::IfOption(other)) => has_same_tokens(one, other),
            _ => false,
        }
    }
}

fn has_same_tokens(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

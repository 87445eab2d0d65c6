//! How serde serializes the fields of a struct or a variant.

use syn::LitStr;
use teleflow_catalog::rules::{Kind, Shape};

use super::parse::{Field, ParsedInput};
use super::shape::{FieldShape, Nullable, ObjectShape, ValueShape};
use crate::attr::serde_attrs::RenameRule;
use crate::attr::wire_names::{WireName, wire_names};
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;

/// Returns the fields that serde does not skip.
pub(super) fn sent<'f, 'a>(fields: &'f [Field<'a>]) -> impl Iterator<Item = &'f Field<'a>> {
    fields.iter().filter(|field| !field.serde.skipped)
}

/// The object of named fields. `None` if serde rejects the rename rule.
pub(super) fn object(fields: &[Field<'_>], rename_all: RenameRule, tag: Option<&LitStr>) -> Option<ObjectShape> {
    let names = wire_names(tag, fields, rename_all)?.into_iter();
    Some(ObjectShape {
        fields: names.map(named_field).collect(),
        open: sent(fields).any(|field| field.serde.flatten),
        variant: None,
    })
}

fn named_field(WireName { name, field, .. }: WireName<'_, Field<'_>>) -> FieldShape {
    match field {
        Some(field) => {
            FieldShape { name, skippable: field.serde.skip_serializing_if.is_some(), value: field_value(field) }
        }
        None => tag_field(name),
    }
}

/// serde's `tag`, which is always sent.
pub(super) fn tag_field(name: String) -> FieldShape {
    FieldShape { name, skippable: false, value: ValueShape::not_null(Shape::String) }
}

/// The elements of unnamed fields: what is true of all of them.
pub(super) fn elements(fields: &[Field<'_>]) -> ValueShape {
    let values = sent(fields).map(field_value);
    values.reduce(|all, value| all.merge(&value)).unwrap_or(ValueShape::Unknown)
}

/// The value of the only field, which serde serializes instead of the type.
pub(super) fn inner(field: &Field<'_>, input: &ParsedInput<'_>) -> ValueShape {
    without_parameters(field_value(field), input)
}

/// Generated code adds no bounds to type parameters, so the shape of a generic type is unknown.
pub(super) fn without_parameters(value: ValueShape, input: &ParsedInput<'_>) -> ValueShape {
    match value {
        ValueShape::Type(ty) if is_generic(&ty, input.generics) => ValueShape::Unknown,
        value => value,
    }
}

pub(super) fn field_value(field: &Field<'_>) -> ValueShape {
    match &field.kind {
        Some(kind) => match Kind::shape_of_name(&kind.value()) {
            Shape::Unknown => ValueShape::Unknown,
            shape => ValueShape::Known { shape, nullable: nullable(field) },
        },
        None if field.serde.as_string => {
            let ty = SyntacticType::of(field.ty).as_string();
            if ty.shape().is_none() {
                return ValueShape::Unknown;
            }
            let shape = if ty.element().is_some() { Shape::Array } else { Shape::String };
            let nullable = if ty.is_optional() { Nullable::Yes } else { Nullable::No };
            ValueShape::Known { shape, nullable }
        }
        None if field.serde.custom_serializer => ValueShape::Unknown,
        None => ValueShape::Type(field.ty.clone()),
    }
}

/// Whether a field with a `kind` may be `null`.
fn nullable(field: &Field<'_>) -> Nullable {
    match SyntacticType::of(field.ty) {
        // A custom serializer can write another value for `None`.
        _ if field.serde.custom_serializer => Nullable::No,
        SyntacticType::Optional(_) => Nullable::Yes,
        SyntacticType::Scalar(_) | SyntacticType::Array(_) => Nullable::No,
        SyntacticType::Other => Nullable::IfOption(Box::new(field.ty.clone())),
    }
}

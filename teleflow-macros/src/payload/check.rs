//! The type as declared → how serde serializes it. Errors that involve more than one key are found here.

use syn::{Error, LitStr, Result, Type};
use teleflow_catalog::rules::{Kind, Shape};

use super::fields::{elements, inner, object, sent, without_parameters};
use super::parse::{Body, Field, Fields, ParsedInput};
use super::shape::{CheckedPayload, SerializedShape, ValueShape};
use super::{sensitive, variants};
use crate::attr::wire_names::{check_names, not_sent, wire_names};
use crate::errors::Errors;
use crate::library;

pub(super) fn check<'a>(input: &ParsedInput<'a>, mut errors: Errors) -> Result<CheckedPayload<'a>> {
    if !input.has_library() && !input.has_attempted("crate") {
        errors.push(Error::new(input.ident.span(), library::ADVICE));
    }
    if let Body::Union(token) = &input.body {
        errors.push(Error::new(token.span, "serde cannot serialize a union; write a struct"));
    }
    if !input.serde_rejects() {
        sensitive::check(input, &mut errors);
    }
    let shape = match &input.keys.kind {
        // `Serialize` is implemented by hand, so the fields do not matter.
        Some(kind) => SerializedShape::Plain(Kind::shape_of_name(&kind.value())),
        None if input.serde_rejects() => SerializedShape::UNKNOWN,
        None => {
            check_field_kinds(input, &mut errors);
            check_wire_names(input, &mut errors);
            serialized_shape(input).unwrap_or(SerializedShape::UNKNOWN)
        }
    };
    errors.finish()?;
    Ok(CheckedPayload {
        ident: input.ident,
        generics: input.generics,
        krate: input.krate(),
        shape,
        is_workflow: input.is_workflow,
    })
}

/// `None` if serde rejects the attributes, or never serializes this type.
fn serialized_shape(input: &ParsedInput<'_>) -> Option<SerializedShape> {
    let serde = &input.serde;
    if serde.remote {
        return None;
    }
    if serde.transparent.is_some() {
        return Some(SerializedShape::Inner(inner(transparent_field(input)?, input)));
    }
    if let Some(into) = &serde.into {
        return Some(SerializedShape::Inner(without_parameters(into_value(into)?, input)));
    }
    Some(match &input.body {
        Body::Struct(Fields::Named(fields)) => {
            SerializedShape::Object(object(fields, serde.rename_all, serde.tag.as_ref())?)
        }
        // serde ignores `skip` on the field of a newtype.
        Body::Struct(Fields::Newtype(field)) => SerializedShape::Inner(inner(field, input)),
        Body::Struct(Fields::Tuple(fields)) => SerializedShape::Array(elements(fields)),
        Body::Struct(Fields::Unit) => SerializedShape::Plain(Shape::Null),
        Body::Enum(variants) => variants::shape(variants, input),
        Body::Union(_) => return None,
    })
}

/// The field that `transparent` serializes: the first that is neither skipped nor a `PhantomData`.
fn transparent_field<'d, 'a>(input: &'d ParsedInput<'a>) -> Option<&'d Field<'a>> {
    let Body::Struct(fields) = &input.body else {
        return None;
    };
    sent(fields.as_slice()).find(|field| !is_phantom_data(field.ty))
}

fn is_phantom_data(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom_data(&group.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"),
        _ => false,
    }
}

fn into_value(into: &LitStr) -> Option<ValueShape> {
    let ty: Type = into.parse().ok()?;
    Some(ValueShape::Type(ty))
}

/// Rejects a `kind` on a field that is not sent, or not under a name of its own.
fn check_field_kinds(input: &ParsedInput<'_>, errors: &mut Errors) {
    for field in input.fields() {
        let Some(kind) = &field.kind else { continue };
        let ignores_skip = matches!(&input.body, Body::Struct(Fields::Newtype(_)));
        if field.serde.skipped && !ignores_skip {
            errors.push(Error::new(kind.span(), not_sent(field.ident, "kind")));
        } else if field.serde.flatten {
            let message = "a flattened field is sent as the fields of its type; remove `kind`";
            errors.push(Error::new(kind.span(), message));
        }
    }
}

/// Checks the names of each object that serde writes for the type.
fn check_wire_names(input: &ParsedInput<'_>, errors: &mut Errors) {
    let serde = &input.serde;
    if serde.remote || serde.into.is_some() || serde.transparent.is_some() {
        return;
    }
    match &input.body {
        Body::Struct(Fields::Named(fields)) => {
            let names = wire_names(serde.tag.as_ref(), fields, serde.rename_all);
            check_names(&names.unwrap_or_default(), errors);
        }
        Body::Enum(variants) => variants::check_variant_names(variants, input, errors),
        Body::Struct(_) | Body::Union(_) => {}
    }
}

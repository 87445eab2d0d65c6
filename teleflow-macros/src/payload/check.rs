//! What was written → what it means, and every fault that more than one key makes.

use syn::{Error, LitStr, Result, Type};
use teleflow_catalog::rules::{Kind, Shape};

use super::fields::{check_key, check_names, held, in_its_place, inner, object, sent};
use super::parse::{Body, Field, Parts, Written};
use super::shape::{Held, Payload, SerializedShape};
use super::variants;
use super::variants::{elements, rule};
use crate::errors::Errors;
use crate::library;

pub(super) fn check<'a>(written: &Written<'a>, mut errors: Errors) -> Result<Payload<'a>> {
    if !written.has_library() && !written.meant("crate") {
        errors.push(Error::new(written.ident.span(), library::ADVICE));
    }
    if let Body::Union(token) = &written.body {
        errors.push(Error::new(token.span, "serde cannot write a union: write a struct"));
    }
    let meaning = match &written.keys.kind {
        // Its `Serialize` is not derived, so its fields say nothing.
        Some(kind) => SerializedShape::Plain(Kind::shape_of_name(&kind.value())),
        None if written.serde_refuses() => SerializedShape::UNKNOWN,
        None => {
            kinds_of_use(written, &mut errors);
            names(written, &mut errors);
            meaning(written).unwrap_or(SerializedShape::UNKNOWN)
        }
    };
    errors.finish()?;
    Ok(Payload {
        ident: written.ident,
        generics: written.generics,
        krate: written.krate(),
        meaning,
        is_workflow: written.is_workflow,
    })
}

/// `None` where serde refuses the attributes, or writes no value of this type.
fn meaning(written: &Written<'_>) -> Option<SerializedShape> {
    if written.serde.remote {
        return None;
    }
    if written.serde.transparent.is_some() {
        return Some(SerializedShape::Inner(inner(transparent(written)?, written)));
    }
    if let Some(into) = &written.serde.into {
        return Some(SerializedShape::Inner(in_its_place(into_type(into)?, written)));
    }
    Some(match &written.body {
        Body::Struct(Parts::Named(fields)) => {
            SerializedShape::Object(object(fields, written.serde.rename_all, written.serde.tag.as_ref())?)
        }
        // Here, serde does not even look whether it is to be skipped.
        Body::Struct(Parts::Newtype(field)) => SerializedShape::Inner(inner(field, written)),
        Body::Struct(Parts::Tuple(fields)) => SerializedShape::List(elements(sent(fields).map(|field| held(field)))),
        Body::Struct(Parts::Unit) => SerializedShape::Plain(Shape::Null),
        Body::Enum(variants) => variants::meaning(variants, written),
        Body::Union(_) => return None,
    })
}

/// The field that stands for the whole: the first that is not skipped, and no marker.
fn transparent<'w, 'a>(written: &'w Written<'a>) -> Option<&'w Field<'a>> {
    let Body::Struct(parts) = &written.body else {
        return None;
    };
    sent(parts.fields()).find(|field| !is_marker(field.ty))
}

fn is_marker(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_marker(&group.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"),
        _ => false,
    }
}

fn into_type(into: &LitStr) -> Option<Held> {
    let ty: Type = into.parse().ok()?;
    Some(Held::Type(ty))
}

/// A `kind` of what is not sent, or has no name.
fn kinds_of_use(written: &Written<'_>, errors: &mut Errors) {
    for field in written.fields() {
        let Some(kind) = &field.kind else { continue };
        let passed_over = matches!(&written.body, Body::Struct(Parts::Newtype(_)));
        if field.serde.skipped && !passed_over {
            errors.push(Error::new(kind.span(), "this field is not sent: remove `kind`"));
        } else if field.serde.flatten {
            let message = "a flattened field is sent as the names that it holds, and has no kind: remove `kind`";
            errors.push(Error::new(kind.span(), message));
        }
    }
}

/// The names of each object that serde writes.
fn names(written: &Written<'_>, errors: &mut Errors) {
    let serde = &written.serde;
    if serde.remote || serde.into.is_some() || serde.transparent.is_some() {
        return;
    }
    match &written.body {
        Body::Struct(Parts::Named(fields)) => {
            let tag = serde.tag.as_ref();
            let object = object(fields, serde.rename_all, tag);
            check_names(&object.unwrap_or_default(), tag, errors);
        }
        Body::Enum(variants) => {
            for (key, advice) in variants::keys(variants, written) {
                check_key(&key, advice, errors);
            }
            for variant in variants.iter().filter(|variant| !variant.serde.skipped && !variant.serde.with) {
                if let Parts::Named(fields) = &variant.parts {
                    // serde itself sees to it that no field has the name of the tag.
                    let object = object(fields, rule(variant, written), None);
                    check_names(&object.unwrap_or_default(), None, errors);
                }
            }
        }
        Body::Struct(_) | Body::Union(_) => {}
    }
}

//! The variants of an enum: what serde writes for each, and what holds for all.

use syn::LitStr;
use syn::ext::IdentExt;
use teleflow_catalog::rules::Shape;

use super::fields::{RENAME, RENAME_TAG, held, inner, object, sent, tag_part};
use super::parse::{Parts, Variant, Written};
use super::shape::{Held, Object, Part, SerializedShape};
use crate::attr::serde_attrs::Rule;

/// What holds for every variant that serde can write.
pub(super) fn meaning(variants: &[Variant<'_>], written: &Written<'_>) -> SerializedShape {
    let sent = variants.iter().filter(|variant| !variant.serde.skipped);
    let each = sent.map(|variant| one(variant, written).unwrap_or(SerializedShape::UNKNOWN));
    let all = each.reduce(both).unwrap_or(SerializedShape::UNKNOWN);
    match all {
        // `serde_repr` writes these as numbers, and what writes them cannot be seen.
        SerializedShape::Names(_) if written.is_numbered => SerializedShape::UNKNOWN,
        all => all,
    }
}

/// `None` where serde refuses the attributes.
fn one(variant: &Variant<'_>, written: &Written<'_>) -> Option<SerializedShape> {
    let serde = &written.serde;
    if serde.untagged || variant.serde.untagged {
        return untagged(variant, written);
    }
    let object = match (&serde.tag, &serde.content) {
        (None, None) => match content(variant, written) {
            Some(held) => named(Part { name: name(variant, written)?, always: true, held }),
            None => return Some(SerializedShape::Names(vec![name(variant, written)?.value()])),
        },
        (Some(tag), Some(at)) => {
            let content = content(variant, written).map(|held| Part { name: at.clone(), always: true, held });
            Object { parts: [tag_part(tag)].into_iter().chain(content).collect(), ..Object::default() }
        }
        (Some(tag), None) => internally_tagged(variant, tag, written)?,
        (None, Some(_)) => return None,
    };
    Some(SerializedShape::Object(object))
}

/// The keys that serde writes for the enum itself, each with how to rename it.
pub(super) fn keys(variants: &[Variant<'_>], written: &Written<'_>) -> Vec<(LitStr, &'static str)> {
    let serde = &written.serde;
    let is_tagged = |variant: &&Variant<'_>| !(variant.serde.skipped || variant.serde.untagged || serde.untagged);
    let tagged: Vec<&Variant<'_>> = variants.iter().filter(is_tagged).collect();
    let mut with_content = tagged.iter().filter(|variant| content(variant, written).is_some()).peekable();
    let (Some(tag), content) = (&serde.tag, &serde.content) else {
        return with_content.filter_map(|variant| Some((name(variant, written)?, RENAME))).collect();
    };
    let tag = (!tagged.is_empty()).then(|| (tag.clone(), RENAME_TAG));
    let content = content.as_ref().filter(|_| with_content.peek().is_some());
    tag.into_iter().chain(content.map(|content| (content.clone(), "give the `content` another name"))).collect()
}

fn named(part: Part) -> Object {
    Object { parts: vec![part], ..Object::default() }
}

/// The name under which, or as which, a variant is written.
fn name(variant: &Variant<'_>, written: &Written<'_>) -> Option<LitStr> {
    if let Some(name) = &variant.serde.rename {
        return Some(name.clone());
    }
    let name = variant.ident.unraw().to_string();
    let name = match written.serde.rename_all {
        Rule::Untouched => name,
        Rule::Case(case) => case.apply_to_variant(&name),
        Rule::Unknown => return None,
    };
    Some(LitStr::new(&name, variant.ident.span()))
}

/// What stands beside the name of a variant, if anything does.
fn content(variant: &Variant<'_>, written: &Written<'_>) -> Option<Held> {
    if variant.serde.with {
        return Some(Held::Unknown);
    }
    match &variant.parts {
        Parts::Unit => None,
        Parts::Newtype(field) if field.serde.skipped => None,
        Parts::Newtype(field) => Some(held(field)),
        Parts::Tuple(fields) => Some(Held::List(Box::new(elements(sent(fields).map(held))))),
        Parts::Named(fields) => Some(match object(fields, rule(variant, written), None) {
            Some(object) => Held::Object(Object { variant: Some(variant.ident.unraw().to_string()), ..object }),
            None => Held::Unknown,
        }),
    }
}

fn internally_tagged(variant: &Variant<'_>, tag: &LitStr, written: &Written<'_>) -> Option<Object> {
    let only_tag = |open| Object { parts: vec![tag_part(tag)], open, variant: None };
    match &variant.parts {
        // What it holds is an object too, and its names stand beside the tag.
        _ if variant.serde.with => Some(only_tag(true)),
        Parts::Newtype(field) => Some(only_tag(!field.serde.skipped)),
        Parts::Unit => Some(only_tag(false)),
        Parts::Named(fields) => object(fields, rule(variant, written), Some(tag)),
        Parts::Tuple(_) => None,
    }
}

fn untagged(variant: &Variant<'_>, written: &Written<'_>) -> Option<SerializedShape> {
    Some(match &variant.parts {
        _ if variant.serde.with => SerializedShape::UNKNOWN,
        Parts::Unit => SerializedShape::Plain(Shape::Null),
        Parts::Newtype(field) if field.serde.skipped => SerializedShape::Plain(Shape::Null),
        Parts::Newtype(field) => SerializedShape::Inner(inner(field, written)),
        Parts::Tuple(fields) => SerializedShape::List(elements(sent(fields).map(|field| held(field)))),
        Parts::Named(fields) => SerializedShape::Object(object(fields, rule(variant, written), None)?),
    })
}

/// How the fields of a variant are renamed.
pub(super) fn rule(variant: &Variant<'_>, written: &Written<'_>) -> Rule {
    variant.serde.rename_all.or(written.serde.rename_all_fields)
}

/// What holds for all elements of a list.
pub(super) fn elements(mut each: impl Iterator<Item = Held>) -> Held {
    let first = each.next().unwrap_or(Held::Unknown);
    each.fold(first, |all, held| all.or(&held))
}

/// What holds, whichever of the two is written.
fn both(one: SerializedShape, other: SerializedShape) -> SerializedShape {
    match (one, other) {
        (SerializedShape::Plain(one), SerializedShape::Plain(other)) if one == other => SerializedShape::Plain(one),
        (SerializedShape::List(one), SerializedShape::List(other)) => SerializedShape::List(one.or(&other)),
        (SerializedShape::Inner(one), SerializedShape::Inner(other)) => SerializedShape::Inner(one.or(&other)),
        (SerializedShape::Object(one), SerializedShape::Object(other)) => SerializedShape::Object(one.or(other)),
        (SerializedShape::Names(mut one), SerializedShape::Names(other)) => {
            one.extend(other);
            SerializedShape::Names(one)
        }
        (SerializedShape::Names(_), SerializedShape::Plain(Shape::String))
        | (SerializedShape::Plain(Shape::String), SerializedShape::Names(_)) => SerializedShape::Plain(Shape::String),
        _ => SerializedShape::UNKNOWN,
    }
}

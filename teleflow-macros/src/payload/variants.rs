//! The variants of an enum: what serde writes for each, and what holds for all.

use syn::LitStr;
use syn::ext::IdentExt;

use super::fields::{held, inner, object, sent, tag_part};
use super::meaning::{Form, Held, Meaning, Object, Part};
use super::written::{Parts, Variant, Written};
use crate::serde_attrs::Rule;

/// What holds for every variant that serde can write.
pub(super) fn meaning(variants: &[Variant<'_>], written: &Written<'_>) -> Meaning {
    let sent = variants.iter().filter(|variant| !variant.serde.skipped);
    let each = sent.map(|variant| one(variant, written).unwrap_or(Meaning::UNKNOWN));
    each.reduce(both).unwrap_or(Meaning::UNKNOWN)
}

/// `None` where serde refuses the attributes.
fn one(variant: &Variant<'_>, written: &Written<'_>) -> Option<Meaning> {
    let serde = &written.serde;
    if serde.untagged || variant.serde.untagged {
        return untagged(variant, written);
    }
    let object = match (&serde.tag, &serde.content) {
        (None, None) => match content(variant, written) {
            Some(held) => named(Part { name: name(variant, written)?, always: true, held }),
            None => return Some(Meaning::Plain(Form::Text)),
        },
        (Some(tag), Some(at)) => {
            let content = content(variant, written).map(|held| Part { name: at.clone(), always: true, held });
            Object { parts: [tag_part(tag)].into_iter().chain(content).collect(), open: false }
        }
        (Some(tag), None) => internally_tagged(variant, tag, written)?,
        (None, Some(_)) => return None,
    };
    Some(Meaning::Object(object))
}

fn named(part: Part) -> Object {
    Object { parts: vec![part], open: false }
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
        Parts::Newtype(field) => Some(held(field, written)),
        Parts::Tuple(_) => Some(Held::always(Form::List)),
        Parts::Named(_) => Some(Held::always(Form::Map)),
    }
}

fn internally_tagged(variant: &Variant<'_>, tag: &LitStr, written: &Written<'_>) -> Option<Object> {
    let only_tag = |open| Object { parts: vec![tag_part(tag)], open };
    match &variant.parts {
        // What it holds is an object too, and its names stand beside the tag.
        _ if variant.serde.with => Some(only_tag(true)),
        Parts::Newtype(field) => Some(only_tag(!field.serde.skipped)),
        Parts::Unit => Some(only_tag(false)),
        Parts::Named(fields) => object(fields, rule(variant, written), Some(tag), written),
        Parts::Tuple(_) => None,
    }
}

fn untagged(variant: &Variant<'_>, written: &Written<'_>) -> Option<Meaning> {
    Some(match &variant.parts {
        _ if variant.serde.with => Meaning::UNKNOWN,
        Parts::Unit => Meaning::Plain(Form::Null),
        Parts::Newtype(field) if field.serde.skipped => Meaning::Plain(Form::Null),
        Parts::Newtype(field) => Meaning::Inner(inner(field, written)),
        Parts::Tuple(fields) => Meaning::List(elements(sent(fields).map(|field| held(field, written)))),
        Parts::Named(fields) => Meaning::Object(object(fields, rule(variant, written), None, written)?),
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
fn both(one: Meaning, other: Meaning) -> Meaning {
    match (one, other) {
        (Meaning::Plain(one), Meaning::Plain(other)) if one == other => Meaning::Plain(one),
        (Meaning::List(one), Meaning::List(other)) => Meaning::List(one.or(&other)),
        (Meaning::Inner(one), Meaning::Inner(other)) => Meaning::Inner(one.or(&other)),
        (Meaning::Object(one), Meaning::Object(other)) => Meaning::Object(either(one, other)),
        _ => Meaning::UNKNOWN,
    }
}

/// A name that only one of them has may be left out; beside an open one, which may have it too, it is not known.
fn either(one: Object, mut other: Object) -> Object {
    let (one_open, other_open) = (one.open, other.open);
    let mut parts = Vec::new();
    for part in one.parts {
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
    Object { parts, open: one_open || other_open }
}

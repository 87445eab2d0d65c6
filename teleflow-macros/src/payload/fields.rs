//! The fields of a struct, or of a variant: under which names they are written, and what.

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::{Error, LitStr};
use teleflow_catalog::rules::{Kind, Shape};
use teleflow_catalog::server_facts::ReservedKey;

use super::parse::{Field, Written};
use super::shape::{Held, Object, Optional, Part};
use crate::attr::serde_attrs::Rule;
use crate::errors::Errors;
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;
use crate::tokens::text::shown;

/// What serde writes for the fields that it does not skip.
pub(super) fn sent<'f, 'a>(fields: &'f [Field<'a>]) -> impl Iterator<Item = &'f Field<'a>> {
    fields.iter().filter(|field| !field.serde.skipped)
}

/// Fields with names: an object. `None` where serde refuses the rule by which they are renamed.
pub(super) fn object(fields: &[Field<'_>], rule: Rule, tag: Option<&LitStr>) -> Option<Object> {
    let mut object = Object::default();
    object.parts.extend(tag.map(tag_part));
    for field in sent(fields) {
        if field.serde.flatten {
            object.open = true;
            continue;
        }
        let name = name(field, rule)?;
        object.parts.push(Part { name, always: field.serde.perhaps.is_none(), held: held(field) });
    }
    Some(object)
}

/// serde's `tag`, which is always there.
pub(super) fn tag_part(tag: &LitStr) -> Part {
    Part { name: tag.clone(), always: true, held: Held::always(Shape::String) }
}

/// What stands in the place of a type with one field.
pub(super) fn inner(field: &Field<'_>, written: &Written<'_>) -> Held {
    in_its_place(held(field), written)
}

/// What is generic is not known to have a form: nothing is asked of parameters.
pub(super) fn in_its_place(held: Held, written: &Written<'_>) -> Held {
    match held {
        Held::Type(ty) if is_generic(&ty, written.generics) => Held::Unknown,
        held => held,
    }
}

/// What serde writes for a field.
pub(super) fn held(field: &Field<'_>) -> Held {
    match &field.kind {
        Some(kind) => match Kind::shape_of_name(&kind.value()) {
            Shape::Unknown => Held::Unknown,
            form => Held::Shape { form, optional: optional(field) },
        },
        None if field.serde.as_string => {
            let spelled = SyntacticType::of(field.ty).as_string();
            let form = if spelled.element().is_some() { Shape::Array } else { Shape::String };
            let optional = if spelled.is_optional() { Optional::Yes } else { Optional::No };
            let held = Held::Shape { form, optional };
            if spelled.form().is_some() { held } else { Held::Unknown }
        }
        None if field.serde.with => Held::Unknown,
        None => Held::Type(field.ty.clone()),
    }
}

/// Whether a field with a `kind` may be `null`.
fn optional(field: &Field<'_>) -> Optional {
    match SyntacticType::of(field.ty) {
        // What serde's `with` names may write something for `None`.
        _ if field.serde.with => Optional::No,
        SyntacticType::Optional(_) => Optional::Yes,
        SyntacticType::Scalar(_) | SyntacticType::List(_) => Optional::No,
        SyntacticType::Other => Optional::As(Box::new(field.ty.clone())),
    }
}

fn name(field: &Field<'_>, rule: Rule) -> Option<LitStr> {
    if let Some(name) = &field.serde.rename {
        return Some(name.clone());
    }
    let ident = field.ident?;
    let name = ident.unraw().to_string();
    let name = match rule {
        Rule::Untouched => name,
        Rule::Case(case) => case.apply(&name),
        Rule::Unknown => return None,
    };
    Some(LitStr::new(&name, ident.span()))
}

/// How to rename a field or a variant.
pub(super) const RENAME: &str = "give it another name, with `#[serde(rename = \"…\")]`";

/// How to rename what serde's `tag` names.
pub(super) const RENAME_TAG: &str = "give the `tag` another name";

/// A key that the server does not keep.
pub(super) fn check_key(key: &LitStr, advice: &str, errors: &mut Errors) {
    if let Some(reserved) = ReservedKey::of(&key.value()) {
        let message = format!("{} is a reserved key: {}; {advice}", shown(&key.value()), reserved.consequence());
        errors.push(Error::new(key.span(), message));
    }
}

/// Names that the server would not read as they are meant. `tag`: serde's, which is the first of them.
pub(super) fn check_names(object: &Object, tag: Option<&LitStr>, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for part in &object.parts {
        let name = part.name.value();
        let is_tag = tag.is_some_and(|tag| tag.value() == name);
        check_key(&part.name, if is_tag { RENAME_TAG } else { RENAME }, errors);
        if seen.insert(name.clone(), ()).is_some() {
            let message = format!(
                "`{name}` is sent twice, and the server reads only the last: give one of them another name, with `#[serde(rename = \"…\")]`"
            );
            errors.push(Error::new(part.name.span(), message));
        }
    }
}

//! The fields of a struct, or of a variant: under which names they are written, and what.

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::{Error, GenericArgument, LitStr, PathArguments, Type};

use super::meaning::{Form, Held, Object, Part};
use super::public;
use super::written::{Field, Written};
use crate::bounds::is_generic;
use crate::diag::Errors;
use crate::serde_attrs::Rule;
use crate::spelled::Spelled;

/// What serde writes for the fields that it does not skip.
pub(super) fn sent<'f, 'a>(fields: &'f [Field<'a>]) -> impl Iterator<Item = &'f Field<'a>> {
    fields.iter().filter(|field| !field.serde.skipped)
}

/// Fields with names: an object. `None` where serde refuses the rule by which they are renamed.
pub(super) fn object(fields: &[Field<'_>], rule: Rule, tag: Option<&LitStr>, written: &Written<'_>) -> Option<Object> {
    let mut object = Object::default();
    object.parts.extend(tag.map(tag_part));
    for field in sent(fields) {
        if field.serde.flatten {
            object.open = true;
            continue;
        }
        let name = name(field, rule)?;
        object.parts.push(Part { name, always: field.serde.perhaps.is_none(), held: held(field, written) });
    }
    Some(object)
}

/// serde's `tag`, which is always there.
pub(super) fn tag_part(tag: &LitStr) -> Part {
    Part { name: tag.clone(), always: true, held: Held::always(Form::Text) }
}

/// What stands in the place of a type with one field.
pub(super) fn inner(field: &Field<'_>, written: &Written<'_>) -> Held {
    in_its_place(held(field, written), written)
}

/// What is generic is not known to have a form: nothing is asked of parameters.
pub(super) fn in_its_place(held: Held, written: &Written<'_>) -> Held {
    match held {
        Held::Type(ty) | Held::Hidden(ty) if is_generic(&ty, written.generics) => Held::Unknown,
        held => held,
    }
}

/// What serde writes for a field.
pub(super) fn held(field: &Field<'_>, written: &Written<'_>) -> Held {
    match &field.kind {
        Some(kind) => match Form::of_kind(kind) {
            Form::Unknown => Held::Unknown,
            form => Held::Form { form, optional: is_option(field.ty) && !field.serde.with },
        },
        None if field.serde.as_string => {
            let spelled = Spelled::of(field.ty).as_string();
            let form = if spelled.element().is_some() { Form::List } else { Form::Text };
            let held = Held::Form { form, optional: spelled.is_optional() };
            if spelled.form().is_some() { held } else { Held::Unknown }
        }
        None if field.serde.with => Held::Unknown,
        None if public::is_fit(field, written) => Held::Type(field.ty.clone()),
        None => Held::Hidden(field.ty.clone()),
    }
}

/// Is it spelt as an `Option`?
fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_option(&group.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let of_a_type = |arguments: &PathArguments| match arguments {
                PathArguments::AngleBracketed(arguments) => {
                    matches!(arguments.args.first(), Some(GenericArgument::Type(_)))
                }
                _ => false,
            };
            last.ident == "Option" && of_a_type(&last.arguments)
        }),
        _ => false,
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

/// Names that the server would not read as they are meant.
pub(super) fn check_names(object: &Object, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for part in &object.parts {
        let name = part.name.value();
        let harm = match name.as_str() {
            "constructor" => {
                Some("the server answers an event with a name `constructor` in its payload with status 500")
            }
            "__proto__" => Some("the server throws a name `__proto__` away"),
            _ => None,
        };
        if let Some(harm) = harm {
            let message = format!("{harm}: give it another, with `#[serde(rename = \"…\")]`");
            errors.push(Error::new(part.name.span(), message));
        }
        if seen.insert(name.clone(), ()).is_some() {
            let message = format!(
                "`{name}` is sent twice, and the server reads only the last: give one of them another name, with `#[serde(rename = \"…\")]`"
            );
            errors.push(Error::new(part.name.span(), message));
        }
    }
}

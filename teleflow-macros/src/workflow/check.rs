//! What was written → what it means. Faults that take more than one key to see are found here,
//! and all of them are told at once.

use proc_macro2::Span;
use syn::{Error, LitStr, Result, Type};
use teleflow_catalog::server_facts::{InvalidTriggerId, validate_trigger_id};

use super::model::{Body, Field, Member, Workflow, Written};
use super::{catalog_check, names, template};
use crate::errors::Errors;
use crate::library;
use crate::syntactic_type::SyntacticType;

pub(crate) fn check<'a>(written: &Written<'a>, mut errors: Errors) -> Result<Workflow<'a>> {
    if !written.has_library() && !written.meant("crate") {
        errors.push(Error::new(written.ident.span(), library::ADVICE));
    }
    let trigger = trigger(written, &mut errors);
    errors.keep(is_object(written));
    names::check(written, &mut errors);
    let to = only(written, "to", |field| field.keys.to, &mut errors);
    let actor = only(written, "actor", |field| field.keys.actor, &mut errors);
    let tenant = only(written, "tenant", |field| field.keys.tenant, &mut errors);
    let transaction_id = match (&written.keys.transaction_id, &written.body) {
        (Some(text), Body::Named(_)) => template::check(text, written, &mut errors),
        _ => None,
    };
    errors.finish()?;
    let (checked, faults) = catalog_check::check_against_catalog(written, &trigger, [actor, tenant]);
    Ok(Workflow {
        ident: written.ident,
        generics: written.generics,
        krate: written.krate(),
        trigger,
        transaction_id,
        meant: names::meant(written),
        flattened: names::flattened(written),
        to,
        actor,
        tenant,
        checked,
        serde_refuses: written.serde_refuses(),
        faults,
    })
}

/// The trigger identifier. Where there is none, the error is kept and the text is of no use.
fn trigger(written: &Written<'_>, errors: &mut Errors) -> LitStr {
    let Some(trigger) = &written.keys.trigger else {
        if !written.meant("trigger") {
            let message = format!(
                "no trigger: write `#[teleflow(trigger = \"{}\")]` above the struct, with the workflow's trigger identifier",
                kebab(&written.ident.to_string()),
            );
            errors.push(Error::new(written.ident.span(), message));
        }
        return LitStr::new("", written.ident.span());
    };
    let text = trigger.value();
    if let Err(invalid) = validate_trigger_id(&text) {
        let advice = match invalid {
            InvalidTriggerId::OuterWhitespace => format!("`{:?}`", text.trim()),
            _ => "the one that the workflow's page in the dashboard shows".to_owned(),
        };
        errors.push(Error::new(trigger.span(), format!("{invalid}; write {advice}")));
    }
    trigger.clone()
}

/// serde writes the value as an object with one name for each field.
fn is_object(written: &Written<'_>) -> Result<()> {
    let name = written.ident;
    match &written.body {
        Body::Named(_) => match &written.serde.transparent {
            None => into_object(written),
            Some(transparent) => Err(Error::new(
                transparent.span(),
                "`transparent` sends the field's value in the place of the object that a workflow expects: remove it",
            )),
        },
        Body::Tuple(fields) => Err(Error::new_spanned(
            fields,
            format!(
                "a workflow's variables have names, and these fields have none: write `struct {name} {{ name: Type }}`"
            ),
        )),
        Body::Unit => Err(Error::new(
            name.span(),
            format!(
                "serde writes a struct without braces as `null`, and a workflow expects an object: write `struct {name} {{}}`"
            ),
        )),
        Body::Enum(token) => Err(Error::new(
            token.span,
            "a workflow has one set of variables, and an enum has one for each variant: write a struct for each workflow",
        )),
        Body::Union(token) => Err(Error::new(token.span, "serde cannot write a union: write a struct")),
    }
}

/// What serde writes in the struct's place is an object, as far as its spelling tells.
fn into_object(written: &Written<'_>) -> Result<()> {
    let Some(into) = &written.serde.into else {
        return Ok(());
    };
    // serde says itself what is not a type.
    let Ok(ty) = into.parse::<Type>() else {
        return Ok(());
    };
    let is_tuple = matches!(ty, Type::Tuple(_));
    match SyntacticType::of(&ty).form() {
        None if !is_tuple => Ok(()),
        _ => Err(Error::new(
            into.span(),
            format!(
                "`into` sends a `{}` in the place of the object that a workflow expects: name a struct or a map",
                into.value()
            ),
        )),
    }
}

/// The one field with this key.
fn only<'a>(
    written: &Written<'a>,
    key: &str,
    place: impl Fn(&Field<'a>) -> Option<Span>,
    errors: &mut Errors,
) -> Option<Member<'a>> {
    let mut marked = written.fields().iter().filter_map(|field| Some((field, place(field)?)));
    let (first, _) = marked.next()?;
    for (_, span) in marked {
        let advice = match key {
            "to" => "for several recipients use one field, for example a `Vec` of them",
            _ => "an event has only one, so remove the other",
        };
        let message = format!("`{}` is marked `{key}` already: {advice}", first.ident);
        errors.push(Error::new(span, message));
    }
    Some(first.member())
}

/// `OrderShipped` → `order-shipped`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}

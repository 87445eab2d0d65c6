//! [`ParsedInput`] → [`CheckedWorkflow`]. Errors that involve more than one key are found here, and all reported at once.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Error, LitStr, Result, Type};
use teleflow_catalog::server_facts::{InvalidTriggerId, validate_trigger_id};

use super::model::{Body, CheckedWorkflow, Field, Member, ParsedInput};
use super::{catalog_check, names, sensitive, template};
use crate::errors::Errors;
use crate::library;
use crate::syntactic_type::SyntacticType;

pub(crate) fn check<'a>(input: &ParsedInput<'a>, mut errors: Errors) -> Result<CheckedWorkflow<'a>> {
    if !input.has_library() && !input.has_attempted("crate") {
        errors.push(Error::new(input.ident.span(), library::ADVICE));
    }
    let trigger = trigger(input, &mut errors);
    errors.keep(serializes_as_object(input));
    names::check(input, &mut errors);
    sensitive::check(input, &mut errors);
    let to = marked_field(input, "to", |field| field.keys.to, &mut errors);
    let actor = marked_field(input, "actor", |field| field.keys.actor, &mut errors);
    let tenant = marked_field(input, "tenant", |field| field.keys.tenant, &mut errors);
    let transaction_id = match (&input.keys.transaction_id, &input.body) {
        (Some(text), Body::Named(_)) => template::check(text, input, &mut errors),
        _ => None,
    };
    errors.finish()?;
    let (catalog, catalog_errors) = catalog_check::check_against_catalog(input, &trigger, [actor, tenant]);
    Ok(CheckedWorkflow {
        ident: input.ident,
        generics: input.generics,
        krate: input.krate(),
        trigger,
        transaction_id,
        allowed_names: names::allowed_names(input),
        flattened: names::flattened(input),
        sensitive: sensitive::sensitive_fields(input),
        to,
        actor,
        tenant,
        catalog,
        serde_rejects: input.serde_rejects(),
        catalog_errors,
    })
}

/// The trigger identifier. If it is missing, an error is added and the result is not used.
fn trigger(input: &ParsedInput<'_>, errors: &mut Errors) -> LitStr {
    let Some(trigger) = &input.keys.trigger else {
        if !input.has_attempted("trigger") {
            let name = input.ident.unraw().to_string();
            let message = format!(
                "`{name}` has no trigger; write `#[teleflow(trigger = \"{}\")]` above it, with the workflow's trigger identifier",
                kebab_case(&name),
            );
            errors.push(Error::new(input.ident.span(), message));
        }
        return LitStr::new("", input.ident.span());
    };
    let text = trigger.value();
    if let Err(invalid) = validate_trigger_id(&text) {
        let advice = match invalid {
            InvalidTriggerId::OuterWhitespace => format!("`{:?}`", text.trim()),
            _ => "the one on the workflow's page in the dashboard".to_owned(),
        };
        errors.push(Error::new(trigger.span(), format!("{invalid}; write {advice}")));
    }
    trigger.clone()
}

/// Checks that serde serializes the value as an object with named fields.
fn serializes_as_object(input: &ParsedInput<'_>) -> Result<()> {
    let name = input.ident;
    match &input.body {
        Body::Named(_) => match &input.serde.transparent {
            None => into_object(input),
            Some(transparent) => Err(Error::new(
                transparent.span(),
                "`transparent` sends the field's value instead of an object, but a payload must be an object; remove it",
            )),
        },
        Body::Tuple(fields) => Err(Error::new_spanned(
            fields,
            format!(
                "the variables of a payload need names, but these fields have none; write `struct {name} {{ name: Type }}`"
            ),
        )),
        Body::Unit => Err(Error::new(
            name.span(),
            format!(
                "serde serializes a unit struct as `null`, but a payload must be an object; write `struct {name} {{}}`"
            ),
        )),
        Body::Enum(token) => Err(Error::new(
            token.span,
            "an enum cannot be a payload, since a workflow has one set of variables; write a struct for each workflow",
        )),
        Body::Union(token) => Err(Error::new(token.span, "serde cannot serialize a union; write a struct")),
    }
}

/// Rejects a type in `into` that is not an object, as far as its syntax tells.
fn into_object(input: &ParsedInput<'_>) -> Result<()> {
    let Some(into) = &input.serde.into else {
        return Ok(());
    };
    // serde rejects what is not a type.
    let Ok(ty) = into.parse::<Type>() else {
        return Ok(());
    };
    let is_tuple = matches!(ty, Type::Tuple(_));
    match SyntacticType::of(&ty).shape() {
        None if !is_tuple => Ok(()),
        _ => Err(Error::new(
            into.span(),
            format!("`into` sends a `{}`, but a payload must be an object; name a struct or a map", into.value()),
        )),
    }
}

/// The field with this key. A second one is an error.
fn marked_field<'a>(
    input: &ParsedInput<'a>,
    key: &str,
    span: impl Fn(&Field<'a>) -> Option<Span>,
    errors: &mut Errors,
) -> Option<Member<'a>> {
    let mut marked = input.fields().iter().filter_map(|field| Some((field, span(field)?)));
    let (first, _) = marked.next()?;
    for (_, span) in marked {
        let advice = match key {
            "to" => "to send to several recipients, use one field, for example a `Vec`",
            _ => "remove one, since an event has only one",
        };
        let message = format!("`{}` is marked `{key}` already; {advice}", first.ident);
        errors.push(Error::new(span, message));
    }
    Some(first.member())
}

/// `OrderShipped` → `order-shipped`.
fn kebab_case(name: &str) -> String {
    let mut kebab = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(letter.to_lowercase());
    }
    kebab
}

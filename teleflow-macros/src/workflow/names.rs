//! The struct's wire names, checked against those that have a meaning for the server.

use syn::Error;
use syn::ext::IdentExt;
use teleflow_catalog::rules::{Kind, Shape};
use teleflow_catalog::server_facts::{self, EMAIL_VARIABLES, SpecialVariable};

use super::model::{Body, Field, Flattened, ParsedInput};
use crate::attr::teleflow_attrs::FieldKeys;
use crate::attr::wire_names::{WireName, check_duplicates, field_name, wire_names};
use crate::errors::Errors;
use crate::tokens::span::first_and_last_span;
use crate::tokens::text::quoted;

/// A name at the top level of the payload.
pub(crate) type Variable<'a> = WireName<'a, Field<'a>>;

pub(crate) fn check(input: &ParsedInput<'_>, errors: &mut Errors) {
    check_allowed_elsewhere(input, errors);
    let Some(variables) = variables(input) else {
        return;
    };
    check_duplicates(&variables, errors);
    for variable in &variables {
        variable.check_reserved_key(errors);
        check_reserved_variable(variable, errors);
        check_address(variable, input, errors);
    }
    for field in input.fields() {
        check_unnamed(field, errors);
    }
}

/// Rejects keys of a field that is not sent, or not under a name of its own.
fn check_unnamed(field: &Field<'_>, errors: &mut Errors) {
    if let Some(kind) = field.keys.kind.as_ref().filter(|_| field.serde.skipped) {
        let message = format!("`{}` is not sent; remove `kind`", field.ident.unraw());
        errors.push(Error::new(kind.span(), message));
    }
    for (key, marked) in [("address", field.keys.address), ("shadowed", field.keys.shadowed)] {
        let Some(span) = marked else { continue };
        if field.serde.skipped {
            let message = format!("`{}` is not sent; remove `{key}`", field.ident.unraw());
            errors.push(Error::new(span, message));
        } else if field.serde.flatten {
            let example = if key == "address" { "email" } else { "step" };
            let message = format!(
                "a flattened field has several names; write `#[teleflow({key}(\"{example}\"))]` above the struct, with the names to allow"
            );
            errors.push(Error::new(span, message));
        }
    }
    if let Some(kind) = field.keys.kind.as_ref().filter(|_| field.serde.flatten && !field.serde.skipped)
        && !matches!(Kind::shape_of_name(&kind.value()), Shape::Map | Shape::Unknown)
    {
        let message = format!(
            "`{}` is flattened, so it must be an object; write `kind = \"object\"` if its names are not known",
            field.ident.unraw()
        );
        errors.push(Error::new(kind.span(), message));
    }
}

/// Checks the keys `address(..)` and `shadowed(..)` of the struct.
fn check_allowed_elsewhere(input: &ParsedInput<'_>, errors: &mut Errors) {
    let has_other_names = input.serde.into.is_some() || input.fields().iter().any(|field| field.serde.flatten);
    for (special, name) in &input.keys.allowed_names {
        let (key, names, what) = match special {
            SpecialVariable::Address => ("address", &server_facts::ADDRESS_VARIABLES[..], "an address to the server"),
            SpecialVariable::Reserved => {
                ("shadowed", &server_facts::RESERVED_VARIABLES[..], "a name that the server fills in itself")
            }
        };
        let message = if !names.contains(&&*name.value()) {
            format!("`{}` is not {what}; write one of {}", name.value(), quoted(names.iter().copied()))
        } else if !has_other_names && matches!(input.body, Body::Named(_)) {
            format!(
                "`{key}(..)` is for names that come from a flattened field or from `into`; mark the struct's own field with `#[teleflow({key})]` instead"
            )
        } else {
            continue;
        };
        errors.push(Error::new(name.span(), message));
    }
}

/// Returns the address variables and reserved variables that the author allows, wherever they come from.
pub(crate) fn allowed_names(input: &ParsedInput<'_>) -> Vec<String> {
    // A field with such a name and without a key is an error.
    let is_marked =
        |keys: &FieldKeys| [keys.address, keys.shadowed, keys.actor, keys.tenant].iter().any(Option::is_some);
    let elsewhere = input.keys.allowed_names.iter().map(|(_, name)| name.value());
    if !input.fields().iter().any(|field| is_marked(&field.keys)) {
        return elsewhere.collect();
    }
    let fields = variables(input).unwrap_or_default().into_iter();
    let marked = fields.filter(|variable| variable.field.is_some() && SpecialVariable::of(&variable.name).is_some());
    marked.map(|variable| variable.name).chain(elsewhere).collect()
}

/// Returns the flattened fields, and the names of the struct's other fields.
pub(crate) fn flattened(input: &ParsedInput<'_>) -> Flattened {
    if !input.fields().iter().any(|field| field.serde.flatten) {
        return Flattened::default();
    }
    let is_always_sent =
        |variable: &Variable<'_>| variable.field.is_none_or(|field| field.serde.skip_serializing_if.is_none());
    let own = variables(input).unwrap_or_default().into_iter().filter(is_always_sent).map(|variable| variable.name);
    let fields = input.fields().iter().filter(|field| field.serde.flatten && !field.serde.skipped);
    // With `into`, the other type has all fields.
    let fields = fields.filter(|_| input.serde.into.is_none());
    Flattened { own_names: own.collect(), spans: fields.map(|field| first_and_last_span(field.ty)).collect() }
}

/// Returns the payload's names in serde's order; `None` if they are unknown.
pub(crate) fn variables<'a>(input: &'a ParsedInput<'_>) -> Option<Vec<Variable<'a>>> {
    let Body::Named(fields) = &input.body else {
        return None;
    };
    // If serde rejects an attribute, the names are uncertain.
    if input.serde_rejects() || input.serde.into.is_some() || input.serde.transparent.is_some() {
        return None;
    }
    wire_names(input.serde.tag.as_ref(), fields, input.serde.rename_all)
}

/// Whether the field has this wire name, or would have it if it were not skipped.
pub(crate) fn has_wire_name(field: &Field<'_>, input: &ParsedInput<'_>, name: &str) -> bool {
    field_name(field, input.serde.rename_all).is_some_and(|wire| wire.value() == name)
}

/// Rejects a variable that the server's own value replaces in templates.
fn check_reserved_variable(variable: &Variable<'_>, errors: &mut Errors) {
    let WireName { name, span, field } = variable;
    let keys = field.map(|field| &field.keys);
    let is_reserved = server_facts::is_reserved_variable(name);
    match keys.and_then(|keys| keys.shadowed) {
        // A name that only e-mails replace may be marked, too.
        Some(marked) if !is_reserved && !EMAIL_VARIABLES.contains(&name.as_str()) => {
            let message = format!(
                "`shadowed` is for a variable to which the server gives a value of its own, but this one is sent as `{name}`; remove `shadowed`"
            );
            errors.push(Error::new(marked, message));
        }
        None if is_reserved => {
            let is_marked = |key: &str| match (key, keys) {
                ("actor", Some(keys)) => keys.actor.is_some() || keys.attempted_keys.contains(&"actor"),
                ("tenant", Some(keys)) => keys.tenant.is_some() || keys.attempted_keys.contains(&"tenant"),
                _ => false,
            };
            if is_marked(name) || keys.is_some_and(|keys| keys.attempted_keys.contains(&"shadowed")) {
                return;
            }
            let has_key = matches!(name.as_str(), "actor" | "tenant");
            let instead = match field {
                Some(_) if has_key => format!("set the {name} with `.{name}(..)` or `#[teleflow({name})]`, "),
                None if has_key => format!("set the {name} with `.{name}(..)`, or "),
                _ => String::new(),
            };
            let rest = match field {
                Some(_) => {
                    "rename the field with `#[serde(rename = \"…\")]`, or allow it with `#[teleflow(shadowed)]` if only \
                     conditions and the in-app feed read it"
                }
                None => variable.how_to_rename(),
            };
            let message = format!("the server replaces `{name}` in templates with its own value; {instead}{rest}");
            errors.push(Error::new(*span, message));
        }
        _ => {}
    }
}

/// Rejects an address variable without `address`, and `address` on any other variable.
fn check_address(variable: &Variable<'_>, input: &ParsedInput<'_>, errors: &mut Errors) {
    let WireName { name, span, field } = variable;
    let keys = field.map(|field| &field.keys);
    let marked = keys.and_then(|keys| keys.address);
    match (server_facts::sent_to_address(name), marked) {
        (None, Some(marked)) => {
            let message = format!(
                "`address` is for one of the variables {}, but this one is sent as `{name}`; remove `address`",
                quoted(server_facts::ADDRESS_VARIABLES)
            );
            errors.push(Error::new(marked, message));
        }
        (Some(what), None) => {
            let is_attempted = |meant: &Vec<&str>| meant.contains(&"address");
            if is_attempted(&input.keys.attempted_keys) || keys.is_some_and(|keys| is_attempted(&keys.attempted_keys)) {
                return;
            }
            let mut message = format!(
                "the server sends {what} to the address in a variable `{name}` instead of the subscriber's own; {}",
                variable.how_to_rename(),
            );
            if field.is_some() {
                message += ", or write `#[teleflow(address)]` if that is intended";
            }
            errors.push(Error::new(*span, message));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

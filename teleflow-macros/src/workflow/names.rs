//! The names under which serde sends the fields, and what the server would make of them.

use proc_macro2::Span;
use syn::Error;
use syn::ext::IdentExt;
use teleflow_catalog::server_facts::{self, EMAIL_VARIABLES, ReservedKey, SpecialVariable};

use super::model::{Body, Field, Flattened, ParsedInput};
use crate::attr::serde_attrs::Rule;
use crate::attr::teleflow_attrs::OnField;
use crate::errors::Errors;
use crate::tokens::span::first_and_last_span;
use crate::tokens::text::{quoted, quoted_name};

/// One name that serde writes at the top of the payload.
pub(crate) struct Variable<'a> {
    pub name: String,
    /// Where the author chose the name.
    pub span: Span,
    /// Its field, unless it is serde's `tag`.
    pub field: Option<&'a Field<'a>>,
}

pub(crate) fn check(written: &ParsedInput<'_>, errors: &mut Errors) {
    meant_elsewhere(written, errors);
    let Some(variables) = variables(written) else {
        return;
    };
    no_two_alike(&variables, errors);
    for variable in &variables {
        reserved_key(variable, errors);
        reserved_variable(variable, errors);
        address_by_intent(variable, written, errors);
    }
    for field in written.fields() {
        if let Some(kind) = field.keys.kind.as_ref().filter(|_| field.serde.skipped) {
            let message = format!("`{}` is not sent: remove `kind`", field.ident.unraw());
            errors.push(Error::new(kind.span(), message));
        }
        for (key, marked) in [("address", field.keys.address), ("shadowed", field.keys.shadowed)] {
            let Some(span) = marked else { continue };
            if field.serde.skipped {
                let message = format!("`{}` is not sent: remove `{key}`", field.ident.unraw());
                errors.push(Error::new(span, message));
            } else if field.serde.flatten {
                let example = if key == "address" { "email" } else { "step" };
                let message = format!(
                    "a flattened field has several names; write `#[teleflow({key}(\"{example}\"))]` above the struct, with those that are meant"
                );
                errors.push(Error::new(span, message));
            }
        }
        if let Some(kind) = field.keys.kind.as_ref().filter(|_| field.serde.flatten && !field.serde.skipped)
            && !matches!(kind.value().as_str(), "object" | "any")
        {
            let message = format!(
                "`{}` is flattened, so it must be an object; write `kind = \"object\"` if its names are not known",
                field.ident.unraw()
            );
            errors.push(Error::new(kind.span(), message));
        }
    }
}

/// Names that are meant in a flattened field, or in the type that is written in the struct's place.
fn meant_elsewhere(written: &ParsedInput<'_>, errors: &mut Errors) {
    let others = written.serde.into.is_some() || written.fields().iter().any(|field| field.serde.flatten);
    for (special, name) in &written.keys.allowed_names {
        let (key, names, what) = match special {
            SpecialVariable::Address => ("address", &server_facts::ADDRESS_VARIABLES[..], "an address to the server"),
            SpecialVariable::Reserved => {
                ("shadowed", &server_facts::RESERVED_VARIABLES[..], "a name that the server fills in itself")
            }
        };
        let message = if !names.contains(&&*name.value()) {
            format!("`{}` is not {what}; write one of {}", name.value(), quoted(names.iter().copied()))
        } else if !others && matches!(written.body, Body::Named(_)) {
            format!(
                "`{key}(..)` is for names that come from a flattened field or from `into`; mark the struct's own field with `#[teleflow({key})]` instead"
            )
        } else {
            continue;
        };
        errors.push(Error::new(name.span(), message));
    }
}

/// The names that are meant although they mean something to the server, wherever they come from.
pub(crate) fn meant(written: &ParsedInput<'_>) -> Vec<String> {
    // An unmarked field with such a name is an error by now.
    let is_marked = |keys: &OnField| [keys.address, keys.shadowed, keys.actor, keys.tenant].iter().any(Option::is_some);
    let elsewhere = written.keys.allowed_names.iter().map(|(_, name)| name.value());
    if !written.fields().iter().any(|field| is_marked(&field.keys)) {
        return elsewhere.collect();
    }
    let fields = variables(written).unwrap_or_default().into_iter();
    let marked = fields.filter(|variable| variable.field.is_some() && SpecialVariable::of(&variable.name).is_some());
    marked.map(|variable| variable.name).chain(elsewhere).collect()
}

/// The flattened fields, and the names of the struct's other fields.
pub(crate) fn flattened(written: &ParsedInput<'_>) -> Flattened {
    if !written.fields().iter().any(|field| field.serde.flatten) {
        return Flattened::default();
    }
    let always = |variable: &Variable<'_>| variable.field.is_none_or(|field| field.serde.perhaps.is_none());
    let own = variables(written).unwrap_or_default().into_iter().filter(always).map(|variable| variable.name);
    let fields = written.fields().iter().filter(|field| field.serde.flatten && !field.serde.skipped);
    // What is written in the place of the struct has all the fields.
    let fields = fields.filter(|_| written.serde.into.is_none());
    Flattened { own_names: own.collect(), spans: fields.map(|field| first_and_last_span(field.ty)).collect() }
}

/// The names alone.
#[cfg(test)]
pub(crate) fn wire_names(written: &ParsedInput<'_>) -> Option<Vec<String>> {
    Some(variables(written)?.into_iter().map(|variable| variable.name).collect())
}

/// What serde writes, in its order; `None` where that cannot be known.
pub(crate) fn variables<'a>(written: &'a ParsedInput<'_>) -> Option<Vec<Variable<'a>>> {
    let named = matches!(written.body, Body::Named(_));
    // Where serde complains, no name is sure.
    if !named || written.serde_refuses() || written.serde.into.is_some() || written.serde.transparent.is_some() {
        return None;
    }
    let tag = written.serde.tag.as_ref();
    let tag = tag.map(|tag| Variable { name: tag.value(), span: tag.span(), field: None });
    let sent = |field: &&Field<'_>| !field.serde.skipped && !field.serde.flatten;
    let fields = written.fields().iter().filter(sent).map(|field| {
        let (name, span) = wire_name(field, written)?;
        Some(Variable { name, span, field: Some(field) })
    });
    tag.map(Some).into_iter().chain(fields).collect()
}

/// The name under which serde writes a field, and where the author chose it; `None` where serde refuses the rule.
pub(crate) fn wire_name(field: &Field<'_>, written: &ParsedInput<'_>) -> Option<(String, Span)> {
    Some(match (&field.serde.rename, written.serde.rename_all) {
        (Some(name), _) => (name.value(), name.span()),
        (None, Rule::Untouched) => (field.ident.unraw().to_string(), field.ident.span()),
        (None, Rule::Case(case)) => (case.apply(&field.ident.unraw().to_string()), field.ident.span()),
        (None, Rule::Unknown) => return None,
    })
}

fn no_two_alike(variables: &[Variable<'_>], errors: &mut Errors) {
    for (index, variable) in variables.iter().enumerate() {
        // The last before it, so that of three each complains of another.
        let before = variables.iter().take(index).rev().find(|before| before.name == variable.name);
        if let Some(first) = before {
            let message = format!(
                "{} and {} are both sent as `{}`: give one of them another name, with `#[serde(rename = \"…\")]`",
                first.described(),
                variable.described(),
                variable.name,
            );
            errors.push(Error::new(variable.span, message));
        }
    }
}

fn reserved_key(variable: &Variable<'_>, errors: &mut Errors) {
    if let Some(reserved) = ReservedKey::of(&variable.name) {
        let message = format!(
            "{} is a reserved key: {}; {}",
            quoted_name(&variable.name),
            reserved.consequence(),
            variable.how_to_rename()
        );
        errors.push(Error::new(variable.span, message));
    }
}

/// A name that the server gives a value of its own in templates.
fn reserved_variable(variable: &Variable<'_>, errors: &mut Errors) {
    let Variable { name, span, field } = variable;
    let keys = field.map(|field| &field.keys);
    let is_reserved = server_facts::is_reserved_variable(name);
    match keys.and_then(|keys| keys.shadowed) {
        // A name that only e-mails give a value of their own may be marked, too.
        Some(marked) if !is_reserved && !EMAIL_VARIABLES.contains(&name.as_str()) => {
            let message = format!(
                "`shadowed` is for a variable to which the server gives a value of its own, but this one is sent as `{name}`; remove `shadowed`"
            );
            errors.push(Error::new(marked, message));
        }
        None if is_reserved => {
            let marked = |key: &str| match (key, keys) {
                ("actor", Some(keys)) => keys.actor.is_some() || keys.attempted_keys.contains(&"actor"),
                ("tenant", Some(keys)) => keys.tenant.is_some() || keys.attempted_keys.contains(&"tenant"),
                _ => false,
            };
            if marked(name) || keys.is_some_and(|keys| keys.attempted_keys.contains(&"shadowed")) {
                return;
            }
            let is_slot = matches!(name.as_str(), "actor" | "tenant");
            let instead = match field {
                Some(_) if is_slot => format!("set the {name} with `.{name}(..)` or `#[teleflow({name})]`, "),
                None if is_slot => format!("set the {name} with `.{name}(..)`, or "),
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

fn address_by_intent(variable: &Variable<'_>, written: &ParsedInput<'_>, errors: &mut Errors) {
    let Variable { name, span, field } = variable;
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
            let tried = |meant: &Vec<&str>| meant.contains(&"address");
            if tried(&written.keys.attempted_keys) || keys.is_some_and(|keys| tried(&keys.attempted_keys)) {
                return;
            }
            let mut message = format!(
                "the server sends {what} to the address in a variable `{name}` instead of the subscriber's own: {}",
                variable.how_to_rename(),
            );
            if field.is_some() {
                message += ", or write `#[teleflow(address)]` if that is what you want";
            }
            errors.push(Error::new(*span, message));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
}

impl Variable<'_> {
    fn described(&self) -> String {
        match self.field {
            Some(field) => format!("`{}`", field.ident.unraw()),
            None => "serde's `tag`".to_owned(),
        }
    }

    pub(crate) fn how_to_rename(&self) -> &'static str {
        match self.field {
            Some(_) => "give it another name, with `#[serde(rename = \"…\")]`",
            None => "give the `tag` another name",
        }
    }
}

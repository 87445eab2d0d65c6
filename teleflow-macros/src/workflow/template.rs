//! `transaction_id = "order-{order_id}"`: a template with fields in braces.

use std::iter::Peekable;
use std::str::Chars;

use syn::ext::IdentExt;
use syn::{Error, LitStr, Result};
use teleflow_catalog::suggest::nearest;

use super::model::{Member, ParsedInput, Piece, Template};
use crate::errors::Errors;
use crate::tokens::text::quoted;

/// A [`Piece`] before its field is resolved.
enum UnresolvedPiece {
    Text(String),
    /// The name between braces.
    Field(String),
}

/// Resolves the fields of the template. `None` if there was an error.
pub(crate) fn check<'a>(text: &LitStr, input: &ParsedInput<'a>, errors: &mut Errors) -> Option<Template<'a>> {
    let unresolved = errors.keep(split(text))?;
    errors.keep(has_field(&unresolved, text))?;
    let pieces = unresolved.into_iter().filter_map(|piece| match piece {
        UnresolvedPiece::Text(text) => Some(Piece::Text(text)),
        UnresolvedPiece::Field(name) => errors.keep(field(&name, text, input)).map(Piece::Field),
    });
    Some(Template(pieces.collect()))
}

/// Splits the template at its fields. `{{` and `}}` are escaped braces.
fn split(template: &LitStr) -> Result<Vec<UnresolvedPiece>> {
    let error = |message: &str| Error::new(template.span(), message);
    let template = template.value();
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' | '}' if rest.next_if_eq(&letter).is_some() => text.push(letter),
            '}' => return Err(error("a `}` without a `{`; write `}}` for a literal brace")),
            '{' => {
                if !text.is_empty() {
                    pieces.push(UnresolvedPiece::Text(std::mem::take(&mut text)));
                }
                let name = name_in_braces(&mut rest);
                let name =
                    name.ok_or_else(|| error("an unclosed `{`; write `{field}`, or `{{` for a literal brace"))?;
                pieces.push(UnresolvedPiece::Field(name));
            }
            letter => text.push(letter),
        }
    }
    if !text.is_empty() {
        pieces.push(UnresolvedPiece::Text(text));
    }
    Ok(pieces)
}

/// `None` if there is no `}`.
fn name_in_braces(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut name = String::new();
    loop {
        match rest.next()? {
            '}' => return Some(name),
            '{' => return None,
            letter => name.push(letter),
        }
    }
}

/// Rejects a template that gives every event the same id.
fn has_field(pieces: &[UnresolvedPiece], template: &LitStr) -> Result<()> {
    if pieces.iter().any(|piece| matches!(piece, UnresolvedPiece::Field(_))) {
        return Ok(());
    }
    let message = "every event would get the same transaction id, and the server drops duplicates; add a field, as in `order-{order_id}`";
    Err(Error::new(template.span(), message))
}

fn field<'a>(name: &str, template: &LitStr, input: &ParsedInput<'a>) -> Result<Member<'a>> {
    let fields = input.fields();
    if let Some(field) = fields.iter().find(|field| field.ident.unraw() == name) {
        if field.keys.sensitive.or(field.serde.sensitive).is_some() {
            let message = format!(
                "`{name}` is sensitive, and transaction ids are logged: whoever reads one can guess a short value; use another field"
            );
            return Err(Error::new(template.span(), message));
        }
        return Ok(field.member());
    }
    let names: Vec<String> = fields.iter().map(|field| field.ident.unraw().to_string()).collect();
    let names = || names.iter().map(String::as_str);
    let message = match (name.split_once(':'), nearest(name, names())) {
        (Some((before, _)), _) if names().any(|name| name == before) => {
            format!("format specifiers are not supported; write `{{{before}}}`")
        }
        _ if fields.is_empty() => format!("`{}` has no fields; remove the template", input.ident),
        _ if name.is_empty() => format!("`{{}}` names no field; write one of {} between the braces", quoted(names())),
        (_, Some(similar)) => format!("`{}` has no field `{name}`; did you mean `{similar}`?", input.ident),
        _ => format!("`{}` has no field `{name}`; its fields are {}", input.ident, quoted(names())),
    };
    Err(Error::new(template.span(), message))
}

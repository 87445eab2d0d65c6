//! `transaction_id = "order-{order_id}"`: a text with fields in it.

use syn::ext::IdentExt;
use syn::{Error, LitStr, Result};
use teleflow_catalog::suggest::nearest;

use super::model::{Member, Piece, Template, Written};
use crate::errors::Errors;
use crate::tokens::text::quoted;

/// A piece of a template, as it was written.
enum Part {
    Text(String),
    /// A field's name.
    Field(String),
}

/// The template with its fields found. `None`: its error is kept.
pub(crate) fn check<'a>(text: &LitStr, written: &Written<'a>, errors: &mut Errors) -> Option<Template<'a>> {
    let parts = errors.keep(parts(text))?;
    errors.keep(tells_events_apart(&parts, text))?;
    let pieces = parts.into_iter().filter_map(|part| match part {
        Part::Text(text) => Some(Piece::Text(text)),
        Part::Field(name) => errors.keep(field(&name, text, written)).map(Piece::Field),
    });
    Some(Template(pieces.collect()))
}

/// The template in pieces; `{{` and `}}` are braces.
fn parts(template: &LitStr) -> Result<Vec<Part>> {
    let fault = |message: &str| Err(Error::new(template.span(), message));
    let template = template.value();
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' | '}' if rest.next_if_eq(&letter).is_some() => text.push(letter),
            '}' => return fault("a `}` without its `{`: write `}}` if you mean the brace itself"),
            '{' => {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                let mut name = String::new();
                loop {
                    match rest.next() {
                        Some('}') => break,
                        Some('{') | None => {
                            return fault(
                                "a `{` that is not closed: write `{field}`, or `{{` if you mean the brace itself",
                            );
                        }
                        Some(letter) => name.push(letter),
                    }
                }
                parts.push(Part::Field(name));
            }
            letter => text.push(letter),
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// Different events must get different ids.
fn tells_events_apart(parts: &[Part], template: &LitStr) -> Result<()> {
    if parts.iter().any(|part| matches!(part, Part::Field(_))) {
        return Ok(());
    }
    let message = "every event would get the same transaction id, and the server drops an id that it has seen: name a field, as in `order-{order_id}`";
    Err(Error::new(template.span(), message))
}

fn field<'a>(name: &str, template: &LitStr, written: &Written<'a>) -> Result<Member<'a>> {
    let fields = written.fields();
    if let Some(field) = fields.iter().find(|field| field.ident.unraw() == name) {
        return Ok(field.member());
    }
    let names: Vec<String> = fields.iter().map(|field| field.ident.unraw().to_string()).collect();
    let names = || names.iter().map(String::as_str);
    let message = match (name.split_once(':'), nearest(name, names())) {
        (Some((before, _)), _) if names().any(|name| name == before) => {
            format!("a template takes no format: write `{{{before}}}`")
        }
        _ if fields.is_empty() => {
            format!("`{}` has no fields: leave the template out", written.ident)
        }
        _ if name.is_empty() => {
            format!("`{{}}` names no field: write one of {} between the braces", quoted(names()))
        }
        (_, Some(near)) => {
            format!("`{}` has no field `{name}`: did you mean `{near}`?", written.ident)
        }
        _ => format!("`{}` has no field `{name}`: its fields are {}", written.ident, quoted(names())),
    };
    Err(Error::new(template.span(), message))
}

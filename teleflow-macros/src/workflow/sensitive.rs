//! The fields that are marked `sensitive`.

use proc_macro2::Span;
use syn::Error;
use syn::ext::IdentExt;

use super::model::{Field, ParsedInput, SensitiveFields};
use super::names::sent_variables;
use crate::attr::wire_names::not_sent;
use crate::errors::Errors;

/// Rejects `sensitive` on a field whose value cannot be redacted.
pub(crate) fn check(input: &ParsedInput<'_>, errors: &mut Errors) {
    for field in input.fields() {
        let serde = &field.serde;
        if let Some(marked) = serde.sensitive.filter(|_| serde.flatten && !serde.skipped) {
            let message = "serde does not mark the fields of a flattened type; write `#[teleflow(sensitive)]` instead";
            errors.push(Error::new(marked, message));
        }
        if let Some(span) = field.keys.sensitive {
            check_field(field, span, input, errors);
        }
    }
}

fn check_field(field: &Field<'_>, span: Span, input: &ParsedInput<'_>, errors: &mut Errors) {
    let keys = [("to", field.keys.to), ("actor", field.keys.actor), ("tenant", field.keys.tenant)];
    let message = if field.serde.skipped {
        not_sent(Some(field.ident), "sensitive")
    } else if let Some((key, _)) = keys.iter().find(|(_, marked)| marked.is_some()) {
        format!(
            "`{}` is marked `{key}`, and the ids of recipients, actors and tenants are always shown; remove `sensitive`",
            field.ident.unraw()
        )
    } else if let Some(into) = &input.serde.into {
        format!(
            "serde sends a `{}` instead of this field; mark the fields of that type with `#[serde(serialize_with = \"teleflow::sensitive\")]`",
            into.value()
        )
    } else {
        return;
    };
    errors.push(Error::new(span, message));
}

/// Returns the sensitive fields by their wire names; `None` if there are none.
///
/// The names in a flattened field are not known. If it is sensitive, so is everything but the struct's other fields. One that
/// may be skipped is not an exception: then a value of the flattened field may have its name.
pub(crate) fn sensitive_fields(input: &ParsedInput<'_>) -> Option<SensitiveFields> {
    let is_sensitive = |field: &&Field<'_>| field.keys.sensitive.is_some() && !field.serde.skipped;
    let mut marked = input.fields().iter().filter(is_sensitive).peekable();
    marked.peek()?;
    let is_flattened = marked.any(|field| field.serde.flatten);
    let names = sent_variables(input).unwrap_or_default().into_iter();
    let is_exception = |field: &Field<'_>| !is_sensitive(&field) && field.serde.skip_serializing_if.is_none();
    let names = names.filter(|variable| match (is_flattened, variable.field) {
        (true, field) => field.is_none_or(is_exception),
        (false, field) => field.is_some_and(|field| is_sensitive(&field)),
    });
    Some(SensitiveFields { names: names.map(|variable| variable.name).collect(), all_except: is_flattened })
}

//! The fields that are marked `sensitive`.

use syn::Error;

use super::parse::{Body, Field, Fields, ParsedInput};
use crate::attr::wire_names::not_sent;
use crate::errors::Errors;

/// How to mark the fields of another type.
const MARK_FIELDS: &str = "mark the fields of its type with `#[serde(serialize_with = \"teleflow::sensitive\")]`";

/// Rejects a sensitive field that serde does not mark while it serializes the type. The struct of the workflow cannot mark it: it
/// does not know all types inside its payload.
pub(super) fn check(input: &ParsedInput<'_>, errors: &mut Errors) {
    for field in input.fields() {
        let Some(span) = field.sensitive.or(field.serde.sensitive) else { continue };
        if let Some(message) = mistake(field, input) {
            errors.push(Error::new(span, message));
        }
    }
}

fn mistake(field: &Field<'_>, input: &ParsedInput<'_>) -> Option<String> {
    let serde = &field.serde;
    // serde ignores `skip` on the field of a newtype.
    let ignores_skip = matches!(&input.body, Body::Struct(Fields::Newtype(_)));
    if serde.skipped && !ignores_skip {
        // The struct of a workflow has its own error.
        return (!input.is_workflow).then(|| not_sent(field.ident, "sensitive"));
    }
    if let Some(into) = &input.serde.into {
        return (!input.is_workflow).then(|| {
            let into = into.value();
            format!("serde sends a `{into}` instead of this field; {MARK_FIELDS}")
        });
    }
    if serde.flatten {
        return Some(format!("serde does not mark a flattened field; {MARK_FIELDS}"));
    }
    if serde.sensitive.is_some() {
        let is_lost = is_content_of_a_tagged_variant(field, input);
        return is_lost
            .then(|| format!("serde does not mark the content of a variant that has a `tag`; {MARK_FIELDS}"));
    }
    Some(if serde.custom_serializer || input.keys.kind.is_some() {
        "the value has a serializer of its own; call `teleflow::sensitive` in it, and remove `sensitive` here"
            .to_owned()
    } else {
        "inside a payload, serde marks sensitive values; add `#[serde(serialize_with = \"teleflow::sensitive\")]` to this field"
            .to_owned()
    })
}

/// Whether serde writes the tag among the fields of this value.
fn is_content_of_a_tagged_variant(field: &Field<'_>, input: &ParsedInput<'_>) -> bool {
    let Body::Enum(variants) = &input.body else { return false };
    let is_tagged = input.serde.tag.is_some() && input.serde.content.is_none();
    is_tagged
        && variants.iter().filter(|variant| !variant.serde.untagged).any(|variant| match &variant.fields {
            Fields::Newtype(only) => std::ptr::eq(only, field),
            _ => false,
        })
}

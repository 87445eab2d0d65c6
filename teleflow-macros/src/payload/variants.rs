//! How serde serializes an enum: each variant, and what is true of all of them.

use syn::LitStr;
use syn::ext::IdentExt;
use teleflow_catalog::rules::Shape;

use super::fields::{elements, field_value, inner, object, tag_field};
use super::parse::{Fields, ParsedInput, Variant};
use super::shape::{FieldShape, ObjectShape, SerializedShape, ValueShape};
use crate::attr::wire_names::{
    RENAME, RENAME_CONTENT, RENAME_TAG, check_names, check_reserved_key, variant_name, variant_rename_all, wire_names,
};
use crate::errors::Errors;

/// Returns what is true of every variant that serde serializes.
pub(super) fn shape(variants: &[Variant<'_>], input: &ParsedInput<'_>) -> SerializedShape {
    let sent = variants.iter().filter(|variant| !variant.serde.skipped);
    let shapes = sent.map(|variant| variant_shape(variant, input).unwrap_or(SerializedShape::UNKNOWN));
    match shapes.reduce(SerializedShape::merge).unwrap_or(SerializedShape::UNKNOWN) {
        // It may derive `Serialize_repr` of `serde_repr`, which writes integers.
        SerializedShape::UnitVariants(_) if input.has_integer_repr => SerializedShape::UNKNOWN,
        shape => shape,
    }
}

/// `None` if serde rejects the attributes.
fn variant_shape(variant: &Variant<'_>, input: &ParsedInput<'_>) -> Option<SerializedShape> {
    let serde = &input.serde;
    if serde.untagged || variant.serde.untagged {
        return untagged(variant, input);
    }
    let object = match (&serde.tag, &serde.content) {
        (None, None) => {
            let name = name(variant, input)?.value();
            match content(variant, input) {
                Some(value) => {
                    let field = FieldShape { name, skippable: false, value };
                    ObjectShape { fields: vec![field], ..ObjectShape::default() }
                }
                None => return Some(SerializedShape::UnitVariants(vec![name])),
            }
        }
        (Some(tag), Some(key)) => {
            let content = content(variant, input);
            let content = content.map(|value| FieldShape { name: key.value(), skippable: false, value });
            let fields = [tag_field(tag.value())].into_iter().chain(content).collect();
            ObjectShape { fields, ..ObjectShape::default() }
        }
        (Some(tag), None) => internally_tagged(variant, tag, input)?,
        (None, Some(_)) => return None,
    };
    Some(SerializedShape::Object(object))
}

/// Reports reserved keys and duplicate names in the objects of an enum.
pub(super) fn check_variant_names(variants: &[Variant<'_>], input: &ParsedInput<'_>, errors: &mut Errors) {
    for (key, advice) in keys(variants, input) {
        check_reserved_key(&key.value(), key.span(), advice, errors);
    }
    for variant in variants.iter().filter(|variant| !variant.serde.skipped && !variant.serde.custom_serializer) {
        if let Fields::Named(fields) = &variant.fields {
            // serde itself reports a field that has the name of the tag.
            let names = wire_names(None, fields, variant_rename_all(&variant.serde, &input.serde));
            check_names(&names.unwrap_or_default(), errors);
        }
    }
}

/// Returns the keys that serde writes for the enum itself, each with how to rename it.
fn keys(variants: &[Variant<'_>], input: &ParsedInput<'_>) -> Vec<(LitStr, &'static str)> {
    let serde = &input.serde;
    let is_tagged = |variant: &&Variant<'_>| !(variant.serde.skipped || variant.serde.untagged || serde.untagged);
    let tagged: Vec<&Variant<'_>> = variants.iter().filter(is_tagged).collect();
    let mut with_content = tagged.iter().filter(|variant| content(variant, input).is_some()).peekable();
    let (Some(tag), content) = (&serde.tag, &serde.content) else {
        return with_content.filter_map(|variant| Some((name(variant, input)?, RENAME))).collect();
    };
    let tag = (!tagged.is_empty()).then(|| (tag.clone(), RENAME_TAG));
    let content = content.as_ref().filter(|_| with_content.peek().is_some());
    tag.into_iter().chain(content.map(|content| (content.clone(), RENAME_CONTENT))).collect()
}

/// The wire name of a variant.
fn name(variant: &Variant<'_>, input: &ParsedInput<'_>) -> Option<LitStr> {
    variant_name(variant.ident, &variant.serde, &input.serde)
}

/// The value that serde writes next to the name of a variant; `None` if it writes only the name.
fn content(variant: &Variant<'_>, input: &ParsedInput<'_>) -> Option<ValueShape> {
    if variant.serde.custom_serializer {
        return Some(ValueShape::Unknown);
    }
    match &variant.fields {
        Fields::Unit => None,
        Fields::Newtype(field) if field.serde.skipped => None,
        Fields::Newtype(field) => Some(field_value(field)),
        Fields::Tuple(fields) => Some(ValueShape::Array(Box::new(elements(fields)))),
        Fields::Named(fields) => Some(match object(fields, variant_rename_all(&variant.serde, &input.serde), None) {
            Some(object) => {
                ValueShape::Object(ObjectShape { variant: Some(variant.ident.unraw().to_string()), ..object })
            }
            None => ValueShape::Unknown,
        }),
    }
}

/// serde writes the tag among the fields of the content, which must be an object.
fn internally_tagged(variant: &Variant<'_>, tag: &LitStr, input: &ParsedInput<'_>) -> Option<ObjectShape> {
    let only_tag = |open| ObjectShape { fields: vec![tag_field(tag.value())], open, variant: None };
    match &variant.fields {
        _ if variant.serde.custom_serializer => Some(only_tag(true)),
        Fields::Newtype(field) => Some(only_tag(!field.serde.skipped)),
        Fields::Unit => Some(only_tag(false)),
        Fields::Named(fields) => object(fields, variant_rename_all(&variant.serde, &input.serde), Some(tag)),
        Fields::Tuple(_) => None,
    }
}

fn untagged(variant: &Variant<'_>, input: &ParsedInput<'_>) -> Option<SerializedShape> {
    Some(match &variant.fields {
        _ if variant.serde.custom_serializer => SerializedShape::UNKNOWN,
        Fields::Unit => SerializedShape::Plain(Shape::Null),
        Fields::Newtype(field) if field.serde.skipped => SerializedShape::Plain(Shape::Null),
        Fields::Newtype(field) => SerializedShape::Inner(inner(field, input)),
        Fields::Tuple(fields) => SerializedShape::Array(elements(fields)),
        Fields::Named(fields) => {
            let rename_all = variant_rename_all(&variant.serde, &input.serde);
            SerializedShape::Object(object(fields, rename_all, None)?)
        }
    })
}

//! The check of the fields that flattened types add to a struct.

use super::compat::type_at;
use super::const_string::ConstString;
use super::shape::{FieldInfo, Shape, TypeInfo, find_field};
use crate::const_str::contains;
use crate::server_facts::SpecialVariable;

/// A struct and the types of its flattened fields.
#[derive(Debug, Clone, Copy)]
pub struct Flattening<'a> {
    /// The struct's name.
    pub type_name: &'a str,
    /// The names of the other fields that the struct always serializes.
    pub own_names: &'a [&'a str],
    /// The special names that the author allows with `address` or `shadowed`.
    pub allowed_names: &'a [&'a str],
    /// The types, in the order of their fields.
    pub types: &'a [TypeInfo<'a>],
}

/// Checks the type with this index: it must be an object, without a field whose name is special to the server unless it is
/// allowed, and without a field that is always serialized twice.
///
/// # Panics
///
/// If there is no type with this index: the derive has generated wrong code.
#[must_use]
pub const fn check_names(flattening: &Flattening<'_>, index: usize) -> Option<ConstString> {
    let ty = type_at(flattening.types, index);
    match ty.shape {
        Shape::Object | Shape::Map | Shape::Unknown | Shape::Null => {}
        shape => return Some(not_an_object(shape)),
    }
    let (types_before, _) = flattening.types.split_at(index);
    let mut rest = ty.fields;
    while let [field, others @ ..] = rest {
        if let Some(special) = SpecialVariable::of(field.name)
            && !contains(flattening.allowed_names, field.name)
        {
            return Some(special_name(special, ty, field.name));
        }
        if is_always_serialized(ty, field) {
            if contains(flattening.own_names, field.name) {
                return Some(duplicate(flattening.type_name, ty, field.name));
            }
            if let Some(other) = type_that_serializes(types_before, field.name) {
                return Some(duplicate(other, ty, field.name));
            }
        }
        rest = others;
    }
    None
}

/// The first of the types that always serializes a field of this name.
const fn type_that_serializes<'a>(types: &[TypeInfo<'a>], name: &str) -> Option<&'a str> {
    let mut rest = types;
    while let [ty, others @ ..] = rest {
        if let Some(field) = find_field(ty.fields, name)
            && is_always_serialized(ty, field)
        {
            return Some(ty.type_name);
        }
        rest = others;
    }
    None
}

const fn is_always_serialized(ty: &TypeInfo<'_>, field: &FieldInfo<'_>) -> bool {
    !ty.optional && !field.skippable
}

const fn not_an_object(shape: Shape) -> ConstString {
    let text = ConstString::new().add("this type is serialized as ").add(shape.words());
    text.add(", but a payload must be an object; use a struct or a map")
}

const fn special_name(special: SpecialVariable, ty: &TypeInfo<'_>, name: &str) -> ConstString {
    let text = ConstString::new().add("`").add(ty.type_name).add("` has a field `").add(name).add("`, ");
    let (text, key) = match special {
        SpecialVariable::Address => {
            (text.add("but the server sends there instead of to the subscriber's own address"), "address")
        }
        SpecialVariable::Reserved => {
            let text = text.add("but the server replaces `").add(name).add("` in templates with its own value");
            (text, "shadowed")
        }
    };
    let text = text.add("; rename it, or allow it with `#[teleflow(").add(key).add("(\"").add(name);
    text.add("\"))]` above the struct")
}

const fn duplicate(one: &str, other: &TypeInfo<'_>, name: &str) -> ConstString {
    let text = ConstString::new().add("both `").add(one).add("` and the flattened `").add(other.type_name);
    let text = text.add("` have a field `").add(name).add("`, but the server reads only one of the two; ");
    text.add("give one of them another name, with `#[serde(rename = \"…\")]`")
}

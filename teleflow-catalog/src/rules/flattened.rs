//! The error for names of a flattened field that do not fit into its struct.

use super::const_string::ConstString;
use super::shape::{FieldInfo, Shape, TypeInfo};
use crate::const_str::{contains, is_same};
use crate::server_facts::SpecialVariable;

/// The fields of `type_name`, and the types whose fields are written among them.
#[derive(Debug, Clone, Copy)]
pub struct Flattening<'a> {
    /// The struct's name.
    pub type_name: &'a str,
    /// The names that the struct always writes itself.
    pub own: &'a [&'a str],
    /// The names that are special to the server, and that the author allows.
    pub meant: &'a [&'a str],
    /// The types, in the order of their fields.
    pub types: &'a [TypeInfo<'a>],
}

/// The error for the type with this index: it is not an object, or it has a field whose name is special to the server and
/// is not allowed, or one that is always written twice.
#[must_use]
pub const fn flattened(of: &Flattening<'_>, number: usize) -> Option<ConstString> {
    let Some((before, [ty, ..])) = of.types.split_at_checked(number) else {
        return None;
    };
    match ty.shape {
        Shape::Object | Shape::Map | Shape::Unknown | Shape::Null => {}
        shape => return Some(not_an_object(shape)),
    }
    let mut rest = ty.fields;
    while let [name, others @ ..] = rest {
        if let Some(special) = SpecialVariable::of(name.name)
            && !contains(of.meant, name.name)
        {
            return Some(not_meant(special, ty, name.name));
        }
        if !ty.optional && !name.skippable {
            if contains(of.own, name.name) {
                return Some(twice(of.type_name, ty, name.name));
            }
            if let Some(other) = writer(before, name.name) {
                return Some(twice(other, ty, name.name));
            }
        }
        rest = others;
    }
    None
}

/// The type that always writes this name.
const fn writer<'a>(types: &[TypeInfo<'a>], name: &str) -> Option<&'a str> {
    let mut rest = types;
    while let [ty, others @ ..] = rest {
        if !ty.optional && always(ty.fields, name) {
            return Some(ty.type_name);
        }
        rest = others;
    }
    None
}

const fn always(names: &[FieldInfo<'_>], name: &str) -> bool {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first.name, name) {
            return !first.skippable;
        }
        rest = others;
    }
    false
}

const fn not_an_object(shape: Shape) -> ConstString {
    let text = ConstString::new().add("this type is serialized as ").add(shape.words());
    text.add(", but the variables of a payload need names; write a struct or a map")
}

const fn not_meant(special: SpecialVariable, ty: &TypeInfo<'_>, name: &str) -> ConstString {
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

const fn twice(one: &str, other: &TypeInfo<'_>, name: &str) -> ConstString {
    let text = ConstString::new().add("both `").add(one).add("` and the flattened `").add(other.type_name);
    let text = text.add("` write `").add(name).add("`, but the server reads only one of the two; ");
    text.add("give one of them another name, with `#[serde(rename = \"…\")]`")
}

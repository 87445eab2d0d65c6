//! Conversions and comparisons of values, as JavaScript's operators make them.

use std::cmp::Ordering;
use std::rc::Rc;

use super::number;
use super::value::Value;

/// `String(value)`.
pub(super) fn to_text(value: &Value) -> Rc<str> {
    match value {
        Value::Undefined | Value::Untranslated => Rc::from("undefined"),
        Value::Null => Rc::from("null"),
        Value::Boolean(boolean) => Rc::from(if *boolean { "true" } else { "false" }),
        Value::Number(number) => Rc::from(number::to_text(*number)),
        Value::String(text) => Rc::clone(text),
        Value::Array(items) => {
            let mut text = String::new();
            for (index, item) in items.borrow().iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                if !item.is_nullish() {
                    text.push_str(&to_text(item));
                }
            }
            Rc::from(text)
        }
        Value::Object(_) | Value::Native("__proto__") => Rc::from("[object Object]"),
        Value::Native("constructor") => Rc::from("function Object() { [native code] }"),
        Value::Native(name) => Rc::from(format!("function {name}() {{ [native code] }}")),
        Value::PartialBlock(_) => Rc::from("function partialBlockWrapper() { … }"),
    }
}

/// `Number(value)`.
pub(super) fn to_number(value: &Value) -> f64 {
    match value {
        Value::Undefined => f64::NAN,
        Value::Null => 0.0,
        Value::Boolean(boolean) => f64::from(u8::from(*boolean)),
        Value::Number(number) => *number,
        other => number::from_text(&to_text(other)),
    }
}

/// `left === right`.
pub(super) fn is_identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::String(left), Value::String(right)) => left == right,
        (Value::Array(left), Value::Array(right)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        (Value::PartialBlock(left), Value::PartialBlock(right)) => left == right,
        (Value::Native(left), Value::Native(right)) => left == right,
        _ => false,
    }
}

fn is_primitive(value: &Value) -> bool {
    matches!(value, Value::Boolean(_) | Value::Number(_) | Value::String(_))
}

/// `left == right`.
pub(super) fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (left, right) if left.is_nullish() || right.is_nullish() => left.is_nullish() && right.is_nullish(),
        (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_))
        | (Value::Boolean(_), Value::Boolean(_)) => is_identical(left, right),
        // An object is compared by its text, unless the other is an object, too.
        (left, right) if !is_primitive(left) && !is_primitive(right) => is_identical(left, right),
        (Value::String(text), object) if !is_primitive(object) => **text == *to_text(object),
        (object, Value::String(text)) if !is_primitive(object) => **text == *to_text(object),
        (left, right) => to_number(left) == to_number(right),
    }
}

/// The order in which JavaScript's `<` and `>` see two values. `None` if one of them is not a number.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    let is_text = |value: &Value| !matches!(value, Value::Boolean(_) | Value::Number(_)) && !value.is_nullish();
    if is_text(left) && is_text(right) {
        return Some(compare_texts(&to_text(left), &to_text(right)));
    }
    to_number(left).partial_cmp(&to_number(right))
}

/// The order of two texts by their UTF-16 units.
pub(super) fn compare_texts(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

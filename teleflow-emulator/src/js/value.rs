//! JavaScript's rules for values: truthiness, property access, numbers, merging.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use teleflow_catalog::server_facts::ReservedKey;

/// Integers beyond this lose precision in a JavaScript number.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Whether JavaScript takes the branch `if (value)`.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The value if it is truthy, as `value || undefined`.
pub(crate) fn if_truthy(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| truthy(value))
}

/// `value[key]`, own properties only. `None` means `undefined`. A property of `null` is `None`, though JavaScript throws.
pub(crate) fn property<'a>(value: &'a Value, key: &str) -> Option<Cow<'a, Value>> {
    match value {
        Value::Object(map) => map.get(key).map(Cow::Borrowed),
        Value::Array(items) if key == "length" => Some(Cow::Owned(items.len().into())),
        Value::Array(items) => items.get(index(key)?).map(Cow::Borrowed),
        Value::String(text) if key == "length" => Some(Cow::Owned(text.encode_utf16().count().into())),
        Value::String(text) => {
            let unit = text.encode_utf16().nth(index(key)?)?;
            Some(Cow::Owned(String::from_utf16_lossy(&[unit]).into()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// The index that a key is: `1`, but not `01`.
fn index(key: &str) -> Option<usize> {
    key.parse().ok().filter(|index: &usize| index.to_string() == key)
}

/// `value.a.b` for the path `a.b`.
pub(crate) fn at_path<'a>(value: &'a Value, path: &str) -> Option<Cow<'a, Value>> {
    path.split('.').try_fold(Cow::Borrowed(value), |value, name| match value {
        Cow::Borrowed(value) => property(value, name),
        Cow::Owned(value) => property(&value, name).map(|inside| Cow::Owned(inside.into_owned())),
    })
}

/// Converts numbers as `JSON.parse` does: every number is a double, and has no `.0` if it is an integer.
pub(crate) fn with_js_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(js_number(number)),
        Value::Array(items) => items.into_iter().map(with_js_numbers).collect(),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, with_js_numbers(value))).collect())
        }
        other => other,
    }
}

fn js_number(number: Number) -> Number {
    let Some(double) = number.as_f64() else {
        return number;
    };
    if double.fract() == 0.0 && double.abs() <= MAX_SAFE_INTEGER {
        // An integer in range: the cast is exact.
        return Number::from(double as i64);
    }
    Number::from_f64(double).unwrap_or(number)
}

/// Finds a reserved key of this kind, at any depth.
pub(crate) fn reserved_key(value: &Value, kind: ReservedKey) -> Option<&str> {
    match value {
        Value::Object(map) => map.iter().find_map(|(key, value)| {
            let is_reserved = ReservedKey::of(key) == Some(kind);
            if is_reserved { Some(key.as_str()) } else { reserved_key(value, kind) }
        }),
        Value::Array(items) => items.iter().find_map(|item| reserved_key(item, kind)),
        _ => None,
    }
}

/// Removes every key that the server strips, at any depth.
pub(crate) fn strip_reserved_keys(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| ReservedKey::of(key) != Some(ReservedKey::Stripped));
            map.values_mut().for_each(strip_reserved_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_reserved_keys),
        _ => {}
    }
}

/// An object without the fields that are `undefined`.
pub(crate) fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The elements that `for (… of value)` or `[...value]` yields, or the message of the exception.
pub(crate) fn iterate(value: &Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        Value::String(text) => Ok(text.chars().map(|character| character.to_string().into()).collect()),
        Value::Null => Ok(Vec::new()),
        _ => Err("value is not iterable".to_owned()),
    }
}

/// lodash's `merge(target, source)`: merges objects and arrays recursively, and takes other values from `source`.
pub(crate) fn merge(target: &mut Value, source: Value) {
    match (target, source) {
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(target), Value::Array(source)) => {
            for (index, value) in source.into_iter().enumerate() {
                match target.get_mut(index) {
                    Some(slot) => merge(slot, value),
                    None => target.push(value),
                }
            }
        }
        (target, source) => *target = source,
    }
}

/// The properties of a value as `merge` reads them: an array has its indices, a string has its characters.
pub(crate) fn into_object(value: Value) -> Map<String, Value> {
    let indexed =
        |values: Vec<Value>| values.into_iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect();
    match value {
        Value::Object(map) => map,
        Value::Array(items) => indexed(items),
        Value::String(text) => indexed(text.chars().map(|character| character.to_string().into()).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Map::new(),
    }
}

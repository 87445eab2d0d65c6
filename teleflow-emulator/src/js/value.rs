//! JavaScript's rules for values: truthiness, property access, numbers, merging.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use teleflow_catalog::server_facts::ReservedKey;
use teleflow_template::javascript::is_whitespace;

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
        Value::Array(items) => items.get(key.parse::<usize>().ok()?).map(Cow::Borrowed),
        Value::String(text) if key == "length" => Some(Cow::Owned(text.encode_utf16().count().into())),
        Value::String(text) => {
            let character = text.chars().nth(key.parse().ok()?)?;
            Some(Cow::Owned(character.to_string().into()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
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

/// `Number(text)` for decimal numbers; NaN for all other text.
pub(crate) fn number(text: &str) -> f64 {
    let text = trim(text);
    let is_decimal = text.chars().all(|character| character.is_ascii_digit() || "+-.eE".contains(character));
    match text {
        "" => 0.0,
        _ if is_decimal => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// `text.trim()`. Unlike Unicode, JavaScript counts U+FEFF as white space, but not U+0085.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_whitespace)
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

//! Contents as arrays of lines, so that a diff shows the line that changed.

use serde_json::{Map, Value};

/// Sorts all keys, and splits each `content` with several lines at its line feeds.
pub(super) fn split(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(split).collect(),
        Value::Object(fields) => Value::Object(split_fields(fields)),
        scalar => scalar.clone(),
    }
}

pub(super) fn split_fields(fields: &Map<String, Value>) -> Map<String, Value> {
    sorted(fields, |name, value| match value {
        Value::String(text) if name == CONTENT && text.contains('\n') => text.split('\n').collect(),
        value if name == DEFAULT_VALUE => sort(value),
        value => split(value),
    })
}

/// Joins the lines of each `content`.
pub(super) fn join(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(join).collect(),
        Value::Object(fields) => Value::Object(join_fields(fields)),
        scalar => scalar,
    }
}

pub(super) fn join_fields(fields: Map<String, Value>) -> Map<String, Value> {
    let joined = |(name, value): (String, Value)| {
        let value = match lines(&value) {
            Some(lines) if name == CONTENT => lines.join("\n").into(),
            _ if name == DEFAULT_VALUE => value,
            _ => join(value),
        };
        (name, value)
    };
    fields.into_iter().map(joined).collect()
}

const CONTENT: &str = "content";
/// May be any JSON, whose keys have no meaning here.
const DEFAULT_VALUE: &str = "defaultValue";

/// The strings of an array, if it has at least two elements and all are strings.
fn lines(value: &Value) -> Option<Vec<&str>> {
    let lines = value.as_array().filter(|items| items.len() > 1)?;
    lines.iter().map(Value::as_str).collect()
}

fn sort(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sort).collect(),
        Value::Object(fields) => Value::Object(sorted(fields, |_, value| sort(value))),
        scalar => scalar.clone(),
    }
}

/// In alphabetical order: `serde_json`'s feature `preserve_order` keeps the order of insertion.
fn sorted(fields: &Map<String, Value>, change: impl Fn(&str, &Value) -> Value) -> Map<String, Value> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    fields.into_iter().map(|(name, value)| (name.clone(), change(name, value))).collect()
}

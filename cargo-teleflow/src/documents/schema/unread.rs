//! Keywords that restrict objects and arrays, but are not read.

use serde_json::{Map, Value, json};

const UNREAD: [&str; 14] = [
    "$dynamicRef",
    "$recursiveRef",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "maxProperties",
    "minProperties",
    "not",
    "patternProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The unread keywords with which a schema rejects values.
pub(super) fn unread_keywords(schema: &Value) -> impl Iterator<Item = &'static str> {
    UNREAD.into_iter().filter(|keyword| restricts(keyword, schema))
}

fn restricts(keyword: &str, schema: &Value) -> bool {
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    match schema.get(keyword) {
        None => false,
        // All names are strings.
        Some(names) if keyword == "propertyNames" => {
            *names != Value::Bool(true) && !is_empty(names) && *names != json!({ "type": "string" })
        }
        Some(value) => match keyword {
            "if" => schema.get("then").is_some() || schema.get("else").is_some(),
            "minProperties" => value.as_f64() != Some(0.0),
            "not" => *value != Value::Bool(false),
            "contains" => true,
            _ => *value != Value::Bool(true) && !is_empty(value),
        },
    }
}

//! Checks the conditions that the author of a test has written.
//!
//! The worker evaluates whatever the server has stored, and a condition that it does not understand does not pass. In a test
//! that is a mistake.

use serde_json::{Map, Value};

const OPERATORS: [&str; 9] =
    ["EQUAL", "NOT_EQUAL", "LARGER", "SMALLER", "LARGER_EQUAL", "SMALLER_EQUAL", "IN", "NOT_IN", "IS_DEFINED"];
const GROUP_OPERATORS: [&str; 2] = ["AND", "OR"];
const SOURCES: [&str; 7] = ["payload", "subscriber", "tenant", "webhook", "isOnline", "isOnlineInLast", "previousStep"];
const TIME_UNITS: [&str; 3] = ["minutes", "hours", "days"];
const STEP_TYPES: [&str; 4] = ["read", "unread", "seen", "unseen"];

/// Checks a list of groups. The error names the path of what is wrong, from `[0]`.
pub(super) fn check(filters: &Value) -> Result<(), String> {
    let groups = filters.as_array().ok_or("expected an array of groups")?;
    for (index, group) in groups.iter().enumerate() {
        let path = format!("[{index}]");
        let group = object(group, &path)?;
        known_keys(group, &["value", "children", "isNegated", "type", "_id"], &path)?;
        one_of(group, "value", &GROUP_OPERATORS, &path)?;
        let children = group.get("children").and_then(Value::as_array);
        let children = children.ok_or_else(|| format!("`{path}.children` is not an array of conditions"))?;
        for (index, child) in children.iter().enumerate() {
            check_child(child, &format!("{path}.children[{index}]"))?;
        }
    }
    Ok(())
}

fn check_child(child: &Value, path: &str) -> Result<(), String> {
    let child = object(child, path)?;
    let keys: &[&str] = match one_of(child, "on", &SOURCES, path)? {
        "isOnline" => {
            if !child.get("value").is_some_and(Value::is_boolean) {
                return Err(format!("`{path}.value` is not a boolean"));
            }
            &["value"]
        }
        "isOnlineInLast" => {
            one_of(child, "timeOperator", &TIME_UNITS, path)?;
            if !child.get("value").is_some_and(Value::is_number) {
                return Err(format!("`{path}.value` is not a number"));
            }
            &["value", "timeOperator"]
        }
        "previousStep" => {
            string(child, "step", path)?;
            one_of(child, "stepType", &STEP_TYPES, path)?;
            &["step", "stepType"]
        }
        on => {
            string(child, "field", path)?;
            let operator = one_of(child, "operator", &OPERATORS, path)?;
            if operator != "IS_DEFINED" {
                string(child, "value", path).map_err(|error| error + "; the server converts it to the field's type")?;
            }
            if on == "webhook" {
                string(child, "webhookUrl", path)?;
            }
            &["field", "operator", "value", "webhookUrl"]
        }
    };
    known_keys(child, &[keys, &["on", "_id"]].concat(), path)
}

fn object<'a>(value: &'a Value, path: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("`{path}` is not an object"))
}

fn string(object: &Map<String, Value>, key: &str, path: &str) -> Result<(), String> {
    match object.get(key) {
        Some(Value::String(_)) => Ok(()),
        Some(_) => Err(format!("`{path}.{key}` is not a string")),
        None => Err(format!("`{path}.{key}` is missing")),
    }
}

fn one_of<'a>(object: &'a Map<String, Value>, key: &str, known: &[&str], path: &str) -> Result<&'a str, String> {
    string(object, key, path)?;
    let name = object.get(key).and_then(Value::as_str).unwrap_or_default();
    if known.contains(&name) {
        return Ok(name);
    }
    Err(format!("`{path}.{key}` is `{name}`; expected {}", listed(known)))
}

fn known_keys(object: &Map<String, Value>, known: &[&str], path: &str) -> Result<(), String> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(format!("`{path}` has the unknown key `{key}`; expected {}", listed(known))),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

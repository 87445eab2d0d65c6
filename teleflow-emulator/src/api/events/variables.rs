//! Checks that the payload has the required variables of the workflow, and collects the defaults.
//!
//! Source: `verify-payload.usecase.ts`, `verify-payload.service.ts` of the server.

use serde_json::{Map, Value};
use teleflow_catalog::server_facts::is_reserved_variable;

use crate::api::response::Failure;
use crate::database::definition::{Step, Variable};
use crate::js;

/// Checks the payload against all steps, active or not, and returns the defaults to merge it into.
///
/// The server keeps only the defaults of the last step.
pub(crate) fn verify(steps: &[Step], payload: &Value) -> Result<Value, Failure> {
    let mut missing = Vec::new();
    for step in steps {
        missing.extend(step.variables().iter().filter_map(|variable| missing_variable(variable, payload)));
        if step.is_scheduled() {
            missing.extend(missing_date(step, payload)?);
        }
    }
    if !missing.is_empty() {
        let list = missing.join(", ");
        return Err(Failure::bad_request(format!("payload is missing required key(s) and type(s): {list}")));
    }
    Ok(steps.last().map(defaults).unwrap_or_else(|| Value::Object(Map::new())))
}

fn missing_variable(variable: &Variable, payload: &Value) -> Option<String> {
    if variable.required != Some(true) || is_set_by_server(&variable.name) {
        return None;
    }
    let value = js::at_path(payload, &variable.name);
    let value = value.as_deref();
    let (label, is_present) = match variable.r#type.as_deref() {
        Some("Array") => ("Array", matches!(value, Some(Value::Array(_)))),
        Some("Boolean") => ("Boolean", matches!(value, Some(Value::Bool(_)))),
        Some("String") => ("Value", matches!(value, Some(Value::String(_) | Value::Number(_)))),
        _ => ("undefined", !matches!(value, None | Some(Value::Null))),
    };
    (!is_present).then(|| format!("{} ({label})", variable.name))
}

/// Whether the server sets this variable itself.
fn is_set_by_server(name: &str) -> bool {
    name.split('.').next().is_some_and(is_reserved_variable)
}

/// Checks the date of a scheduled delay. `delayPath` is a key of the payload, not a path.
fn missing_date(step: &Step, payload: &Value) -> Result<Option<String>, Failure> {
    let path = step.delay_path().ok_or_else(|| Failure::bad_request("Delay path is required for scheduled delay"))?;
    // The server checks only that the key exists, and calls `match` on its value.
    let is_date = match js::property(payload, path).as_deref() {
        None => false,
        Some(Value::String(text)) => contains_date(text),
        Some(Value::Null) => {
            return Err(Failure::Thrown("Cannot read properties of null (reading 'match')".to_owned()));
        }
        Some(_) => {
            return Err(Failure::Thrown("delayDate.match is not a function".to_owned()));
        }
    };
    Ok((!is_date).then(|| format!("{path} (ISO Date)")))
}

/// Whether the text contains `0000-00-00T00:00:00?000Z` with any digits, and any character for `?`.
fn contains_date(text: &str) -> bool {
    const FORMAT: &[u8] = b"0000-00-00T00:00:00.000Z";
    let characters: Vec<char> = text.chars().collect();
    characters.windows(FORMAT.len()).any(|window| {
        window.iter().zip(FORMAT).all(|(character, expected)| match expected {
            b'0' => character.is_ascii_digit(),
            b'.' => !matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
            exact => *character == char::from(*exact),
        })
    })
}

fn defaults(step: &Step) -> Value {
    let mut defaults = Map::new();
    for variable in step.variables().iter().filter(|variable| !is_set_by_server(&variable.name)) {
        if let Some(value) = variable.default_value.as_ref().filter(|value| !value.is_null()) {
            let path: Vec<&str> = variable.name.split('.').collect();
            set(&mut defaults, &path, value);
        }
    }
    Value::Object(defaults)
}

/// Ignores an empty string at the top level: the dashboard sets that for every variable.
fn set(target: &mut Map<String, Value>, path: &[&str], value: &Value) {
    match path {
        [] => {}
        [_] if value.as_str() == Some("") => {}
        [name] => drop(target.insert((*name).to_owned(), value.clone())),
        [name, rest @ ..] => {
            let slot = target.entry(*name).or_insert(Value::Null);
            if !js::truthy(slot) {
                *slot = Value::Object(Map::new());
            }
            if let Value::Object(inner) = slot {
                set(inner, rest, value);
            }
        }
    }
}

//! Variables of templates and layouts: which are missing, and what their defaults are.
// Source: `verify-payload.service.ts`.

use serde_json::{Map, Value};
use teleflow_catalog::server_facts::is_reserved_variable;

use crate::database::message_template::Variable;
use crate::js;

/// The required variables that the payload lacks, each with its type as the server names it.
pub(crate) fn missing(variables: &[Variable], payload: &Value) -> Vec<String> {
    variables.iter().filter_map(|variable| missing_variable(variable, payload)).collect()
}

/// The server's message about missing variables.
pub(crate) fn missing_message(missing: &[String]) -> String {
    format!("payload is missing required key(s) and type(s): {}", missing.join(", "))
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

/// The default values of variables, as the object to merge the payload into.
pub(crate) fn defaults(variables: &[Variable]) -> Map<String, Value> {
    let mut defaults = Map::new();
    for variable in variables.iter().filter(|variable| !is_set_by_server(&variable.name)) {
        if let Some(value) = variable.default_value.as_ref().filter(|value| !value.is_null()) {
            let path: Vec<&str> = variable.name.split('.').collect();
            set(&mut defaults, &path, value);
        }
    }
    defaults
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

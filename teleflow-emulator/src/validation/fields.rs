//! The rules that several request classes share.

use serde_json::Value;

/// Validation messages in the words of the server; empty if the value is valid.
pub(crate) type Messages = Vec<String>;

/// The field, if it is present and not null.
pub(crate) fn non_null<'a>(object: &'a Value, field: &str) -> Option<&'a Value> {
    object.get(field).filter(|value| !value.is_null())
}

pub(crate) fn required_string(value: Option<&Value>, field: &str) -> Messages {
    let mut messages = defined(value, field);
    if !value.is_some_and(Value::is_string) {
        messages.push(format!("{field} must be a string"));
    }
    messages
}

pub(crate) fn defined(value: Option<&Value>, field: &str) -> Messages {
    match value {
        None | Some(Value::Null) => vec![format!("{field} should not be null or undefined")],
        Some(_) => Messages::new(),
    }
}

pub(crate) fn optional_object(body: &Value, field: &str) -> Messages {
    let is_invalid = non_null(body, field).is_some_and(|value| !value.is_object());
    if is_invalid { vec![format!("{field} must be an object")] } else { Messages::new() }
}

pub(crate) fn optional_string(object: &Value, field: &str, prefix: &str) -> Messages {
    let is_invalid = non_null(object, field).is_some_and(|value| !value.is_string());
    if is_invalid { vec![format!("{prefix}{field} must be a string")] } else { Messages::new() }
}

//! The texts in the body of a refusal, wherever this version of the server puts them.

use serde_json::Value;

/// No more than this many are kept.
const MOST: usize = 20;

/// The messages of an error body or of a refused item of a bulk.
///
/// `message` is a text, a list of texts, an object (replayed errors of Novu of Oct 2024), a number or
/// null. Newer servers add `errors`: an object of fields, each with `messages`, or a list of objects
/// with `field` and `message`. Beside them stands the refused `value`, which is never kept.
pub(super) fn messages(body: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    if let Value::String(text) = body {
        texts.push(text.clone());
    }
    for key in ["message", "error"] {
        // `error` is the reason phrase of HTTP, except in an item of a bulk, where it is a list.
        match body.get(key) {
            Some(Value::String(_)) if key == "error" => {}
            Some(value) => collect(value, &mut texts),
            None => {}
        }
    }
    match body.get("errors") {
        Some(Value::Object(fields)) => {
            for (field, error) in fields {
                let mut of_field = Vec::new();
                collect(error.get("messages").unwrap_or(&Value::Null), &mut of_field);
                texts.extend(
                    of_field.into_iter().map(|text| if field == "general" { text } else { format!("{field}: {text}") }),
                );
            }
        }
        Some(Value::Array(errors)) => {
            for error in errors {
                let field = error.get("field").and_then(Value::as_str).unwrap_or_default();
                if let Some(text) = error.get("message").and_then(Value::as_str) {
                    texts.push(if field.is_empty() { text.to_owned() } else { format!("{field}: {text}") });
                }
            }
        }
        _ => {}
    }
    texts.retain(|text| !text.trim().is_empty());
    texts.truncate(MOST);
    texts
}

/// The texts of a `message`, whatever its form.
fn collect(message: &Value, texts: &mut Vec<String>) {
    match message {
        Value::Null => {}
        Value::String(text) => texts.push(text.clone()),
        Value::Bool(_) | Value::Number(_) => texts.push(message.to_string()),
        Value::Array(items) => items.iter().take(MOST).for_each(|item| collect_inner(item, texts)),
        Value::Object(_) => collect_inner(message, texts),
    }
}

/// One level deeper, and no further.
fn collect_inner(message: &Value, texts: &mut Vec<String>) {
    match message {
        Value::String(text) => texts.push(text.clone()),
        Value::Object(_) => match message.get("message") {
            Some(Value::String(text)) => texts.push(text.clone()),
            Some(Value::Array(items)) => texts.extend(items.iter().filter_map(Value::as_str).map(String::from)),
            _ => {}
        },
        _ => {}
    }
}

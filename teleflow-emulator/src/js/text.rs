//! Conversions to text.

use serde_json::Value;
use teleflow_template::format_number;
use teleflow_template::javascript::is_whitespace;

/// `String(value)`.
pub(crate) fn to_text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => format_number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items = items.iter().map(|item| if item.is_null() { String::new() } else { to_text(item) });
            items.collect::<Vec<_>>().join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// `text.trim()`. Unlike Unicode, JavaScript counts U+FEFF as white space, but not U+0085.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_whitespace)
}

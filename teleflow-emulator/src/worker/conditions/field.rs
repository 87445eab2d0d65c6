//! A condition that compares a field with a value.

use std::cmp::Ordering;

use serde_json::Value;

use super::input::ConditionError;
use crate::js::{self, Member};

/// Whether the field that a condition names passes. `value` is the rendered value of the condition, if there is one.
pub(super) fn passes(child: &Value, variables: &Value, value: Option<String>) -> Result<bool, ConditionError> {
    let text = |key| child.get(key).map_or_else(|| "undefined".to_owned(), js::to_text);
    let actual = js::member_at(variables, &format!("{}.{}", text("on"), text("field")));
    let expected = converted(&actual, value);
    let is =
        |orderings: &[Ordering]| Ok(js::compare(&actual, &expected).is_some_and(|order| orderings.contains(&order)));
    match child.get("operator").and_then(Value::as_str) {
        Some("EQUAL") => Ok(js::is_identical(&actual, &expected)),
        Some("NOT_EQUAL") => Ok(!js::is_identical(&actual, &expected)),
        Some("LARGER") => is(&[Ordering::Greater]),
        Some("SMALLER") => is(&[Ordering::Less]),
        Some("LARGER_EQUAL") => is(&[Ordering::Greater, Ordering::Equal]),
        Some("SMALLER_EQUAL") => is(&[Ordering::Less, Ordering::Equal]),
        Some("IN") => includes(&actual, &expected),
        Some("NOT_IN") => includes(&actual, &expected).map(|includes| !includes),
        Some("IS_DEFINED") => Ok(!matches!(actual, Member::Undefined)),
        // The server has names for more operators, but does not implement them.
        _ => Ok(false),
    }
}

/// Converts the value to the type of the field.
fn converted(actual: &Member<'_>, value: Option<String>) -> Member<'static> {
    match actual.value() {
        Some(Value::Number(_)) => Member::Number(value.map_or(f64::NAN, |value| js::parse_number(&value))),
        Some(Value::String(_)) => Member::from(value.unwrap_or_else(|| "undefined".to_owned())),
        Some(Value::Bool(_)) => Member::from(value.as_deref() == Some("true")),
        _ => value.map_or(Member::Undefined, Member::from),
    }
}

/// `actual.includes(value)`, for strings and arrays.
fn includes(actual: &Member<'_>, value: &Member<'_>) -> Result<bool, ConditionError> {
    let thrown = |message: &str| Err(ConditionError::Thrown(message.to_owned()));
    let value = value.value().and_then(Value::as_str);
    match actual.value() {
        Some(Value::String(text)) => Ok(value.is_some_and(|value| text.contains(value))),
        Some(Value::Array(items)) => Ok(value.is_some_and(|value| items.iter().any(|item| item == value))),
        Some(Value::Null) => thrown("Cannot read properties of null (reading 'includes')"),
        None if matches!(actual, Member::Undefined) => {
            thrown("Cannot read properties of undefined (reading 'includes')")
        }
        _ => thrown("actualValue.includes is not a function"),
    }
}

//! Validates requests, with the messages of the server in the same order.
//!
//! Source: the request classes under `events/dtos`, `CreateSubscriberRequestDto`, `UpdateTenantRequestDto`
//! and `parse-event-request.command.ts` of the server, run by `class-validator`.

use serde_json::Value;

use crate::validation::fields::{Messages, defined, non_null, optional_object, optional_string, required_string};
use crate::validation::subscriber::subscriber_fields;

/// `POST /v1/events/trigger`. The root may be an array, which has no fields: the server does not check.
pub(crate) fn trigger(body: &Value) -> Result<(), Messages> {
    let mut messages = required_string(body.get("name"), "name");
    messages.extend(optional_object(body, "payload"));
    messages.extend(optional_object(body, "overrides"));
    messages.extend(defined(body.get("to"), "to"));
    messages.extend(optional_string(body, "transactionId", ""));
    messages.extend(actor_and_tenant(body));
    into_result(messages)
}

/// `POST /v1/events/trigger/broadcast`. The payload is required; there are no recipients.
pub(crate) fn broadcast(body: &Value) -> Result<(), Messages> {
    let mut messages = required_string(body.get("name"), "name");
    if !body.get("payload").is_some_and(Value::is_object) {
        messages.push("payload must be an object".to_owned());
    }
    messages.extend(optional_object(body, "overrides"));
    messages.extend(optional_string(body, "transactionId", ""));
    messages.extend(actor_and_tenant(body));
    into_result(messages)
}

/// The maximum number of events in one bulk.
const BULK_LIMIT: usize = 100;

/// `POST /v1/events/trigger/bulk`. Checks the list only, not its items.
pub(crate) fn bulk(body: &Value) -> Result<(), Messages> {
    let length = body.get("events").and_then(Value::as_array).map(Vec::len);
    let mut messages = Messages::new();
    if length.is_none_or(|length| length > BULK_LIMIT) {
        messages.push(format!("events must contain no more than {BULK_LIMIT} elements"));
    }
    if length.is_none_or(|length| length == 0) {
        messages.push("events should not be empty".to_owned());
    }
    if length.is_none() {
        messages.push("events must be an array".to_owned());
    }
    into_result(messages)
}

fn into_result(messages: Messages) -> Result<(), Messages> {
    if messages.is_empty() { Ok(()) } else { Err(messages) }
}

/// An item of a bulk, which has less strict rules.
///
/// The server loses the messages about the fields of an actor or a tenant, so the list of an invalid item may be empty.
pub(crate) fn bulk_item(item: &Value) -> Result<(), Messages> {
    let mut messages = defined(item.get("to"), "to");
    messages.extend(required_string(item.get("name"), "identifier"));
    messages.extend(defined(item.get("payload"), "payload"));
    messages.extend(optional_string(item, "transactionId", ""));
    let mut has_lost_message = false;
    for field in ["actor", "tenant"] {
        match non_null(item, field) {
            None | Some(Value::Object(_)) => {}
            Some(Value::String(_)) => {}
            Some(Value::Array(inner)) => has_lost_message |= inner.iter().any(is_not_nested),
            Some(_) => messages.push(not_nested(field)),
        }
    }
    if has_lost_message || !messages.is_empty() { Err(messages) } else { Ok(()) }
}

fn actor_and_tenant(body: &Value) -> Messages {
    let mut messages = nested(body, "actor", actor_fields);
    messages.extend(nested(body, "tenant", tenant_fields));
    messages
}

/// Validates a field that is a string, an object with its own rules, or an array of such objects.
fn nested(body: &Value, field: &str, rules: fn(&Value, &str) -> Messages) -> Messages {
    match non_null(body, field) {
        None | Some(Value::String(_)) => Messages::new(),
        Some(value) => nested_value(value, field, field, rules),
    }
}

/// `at` is the path of `value`. The messages about its fields begin with it.
fn nested_value(value: &Value, field: &str, at: &str, rules: fn(&Value, &str) -> Messages) -> Messages {
    match value {
        Value::Object(_) => rules(value, at),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(index, item)| match item {
                    Value::Object(_) | Value::Array(_) => nested_value(item, field, &format!("{at}.{index}"), rules),
                    _ => vec![format!("{at}.{}", not_nested(field))],
                })
                .collect()
        }
        _ => vec![not_nested(field)],
    }
}

fn is_not_nested(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

fn not_nested(field: &str) -> String {
    format!("nested property {field} must be either object or array")
}

fn actor_fields(actor: &Value, at: &str) -> Messages {
    let mut messages = Messages::new();
    let id = actor.get("subscriberId");
    messages.extend(defined(id, &format!("{at}.subscriberId")));
    if !id.is_some_and(Value::is_string) {
        messages.push(format!("{at}.subscriberId must be a string"));
    }
    messages.extend(subscriber_fields(actor, &format!("{at}.")));
    messages
}

fn tenant_fields(tenant: &Value, at: &str) -> Messages {
    let mut messages = optional_string(tenant, "identifier", &format!("{at}."));
    messages.extend(optional_string(tenant, "name", &format!("{at}.")));
    messages
}

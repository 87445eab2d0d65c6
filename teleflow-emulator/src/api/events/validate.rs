//! The pipes: which fields of a request are wrong, in the server's own words and order.
//!
//! Source: the request classes under `events/dtos`, `CreateSubscriberRequestDto`, `UpdateTenantRequestDto`
//! and `parse-event-request.command.ts` of the server, run by `class-validator`.

use serde_json::Value;

use crate::validation::fields::{Messages, defined, given, name, optional_object, optional_string};
use crate::validation::subscriber::subscriber_fields;

/// `POST /v1/events/trigger`. `None` fields of an array are missing: the server takes any root for the object.
pub(crate) fn trigger(body: &Value) -> Messages {
    let mut messages = name(body.get("name"), "name");
    messages.extend(optional_object(body, "payload"));
    messages.extend(optional_object(body, "overrides"));
    messages.extend(defined(body.get("to"), "to"));
    messages.extend(optional_string(body, "transactionId", ""));
    messages.extend(actor_and_tenant(body));
    messages
}

/// `POST /v1/events/trigger/broadcast`: the payload is required, and there are no recipients.
pub(crate) fn broadcast(body: &Value) -> Messages {
    let mut messages = name(body.get("name"), "name");
    if !body.get("payload").is_some_and(Value::is_object) {
        messages.push("payload must be an object".to_owned());
    }
    messages.extend(optional_object(body, "overrides"));
    messages.extend(optional_string(body, "transactionId", ""));
    messages.extend(actor_and_tenant(body));
    messages
}

/// The most events of one bulk.
const BULK_LIMIT: usize = 100;

/// `POST /v1/events/trigger/bulk`: only the list, not what is in it.
pub(crate) fn bulk(body: &Value) -> Messages {
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
    messages
}

/// An item of a bulk, by the looser rules of the command behind the route. `None` if it is sound.
///
/// Complaints about what is inside the actor or the tenant are lost on the way, so the list may be empty.
pub(crate) fn bulk_item(item: &Value) -> Option<Messages> {
    let mut messages = defined(item.get("to"), "to");
    messages.extend(name(item.get("name"), "identifier"));
    messages.extend(defined(item.get("payload"), "payload"));
    messages.extend(optional_string(item, "transactionId", ""));
    let mut lost = false;
    for field in ["actor", "tenant"] {
        match given(item, field) {
            None | Some(Value::Object(_)) => {}
            Some(Value::String(_)) => {}
            Some(Value::Array(inner)) => lost |= inner.iter().any(is_unnestable),
            Some(_) => messages.push(unnestable(field)),
        }
    }
    (lost || !messages.is_empty()).then_some(messages)
}

fn actor_and_tenant(body: &Value) -> Messages {
    let mut messages = nested(body, "actor", actor_fields);
    messages.extend(nested(body, "tenant", tenant_fields));
    messages
}

/// A field that is a text, or an object with rules of its own, or an array of such objects.
fn nested(body: &Value, field: &str, rules: fn(&Value, &str) -> Messages) -> Messages {
    match given(body, field) {
        None | Some(Value::String(_)) => Messages::new(),
        Some(value) => nested_value(value, field, field, rules),
    }
}

/// `at` is the path of `value`, which the complaints inside it begin with.
fn nested_value(value: &Value, field: &str, at: &str, rules: fn(&Value, &str) -> Messages) -> Messages {
    match value {
        Value::Object(_) => rules(value, at),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(index, item)| match item {
                    Value::Object(_) | Value::Array(_) => nested_value(item, field, &format!("{at}.{index}"), rules),
                    _ => vec![format!("{at}.{}", unnestable(field))],
                })
                .collect()
        }
        _ => vec![unnestable(field)],
    }
}

fn is_unnestable(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

fn unnestable(field: &str) -> String {
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

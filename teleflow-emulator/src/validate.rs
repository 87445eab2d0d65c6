//! The pipes: which fields of a request are wrong, in the server's own words and order.
//!
//! Source: the request classes under `events/dtos`, `CreateSubscriberRequestDto`, `UpdateTenantRequestDto`
//! and `parse-event-request.command.ts` of the server, run by `class-validator`.

use serde_json::Value;

use crate::formats::{is_email, is_locale};

/// A list of complaints; empty if there are none.
pub(crate) type Messages = Vec<String>;

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

/// The fields of a subscriber but its id: the API checks those of the actor, the worker those of every recipient.
///
/// Source: `CreateSubscriberRequestDto` and `create-subscriber.command.ts` of the server.
pub(crate) fn subscriber_fields(subscriber: &Value, prefix: &str) -> Messages {
    let mut messages = Messages::new();
    if given(subscriber, "email").is_some_and(|email| !email.as_str().is_some_and(is_email)) {
        messages.push(format!("{prefix}email must be an email"));
    }
    for field in ["firstName", "lastName", "phone", "avatar"] {
        messages.extend(optional_string(subscriber, field, prefix));
    }
    if given(subscriber, "locale").is_some_and(|locale| !locale.as_str().is_some_and(is_locale)) {
        messages.push(format!("{prefix}locale must be locale"));
    }
    messages
}

fn tenant_fields(tenant: &Value, at: &str) -> Messages {
    let mut messages = optional_string(tenant, "identifier", &format!("{at}."));
    messages.extend(optional_string(tenant, "name", &format!("{at}.")));
    messages
}

/// A field that is there and not null.
fn given<'a>(object: &'a Value, field: &str) -> Option<&'a Value> {
    object.get(field).filter(|value| !value.is_null())
}

fn name(value: Option<&Value>, field: &str) -> Messages {
    let mut messages = defined(value, field);
    if !value.is_some_and(Value::is_string) {
        messages.push(format!("{field} must be a string"));
    }
    messages
}

fn defined(value: Option<&Value>, field: &str) -> Messages {
    match value {
        None | Some(Value::Null) => vec![format!("{field} should not be null or undefined")],
        Some(_) => Messages::new(),
    }
}

fn optional_object(body: &Value, field: &str) -> Option<String> {
    let wrong = given(body, field).is_some_and(|value| !value.is_object());
    wrong.then(|| format!("{field} must be an object"))
}

fn optional_string(object: &Value, field: &str, prefix: &str) -> Messages {
    let wrong = given(object, field).is_some_and(|value| !value.is_string());
    if wrong { vec![format!("{prefix}{field} must be a string")] } else { Messages::new() }
}

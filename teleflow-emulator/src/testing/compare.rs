//! Compares an expected event with one that was sent, field by field.

use serde_json::{Map, Value};
use teleflow::__private::IdSource;

use super::describe::{id, recipient, recipients, shortened};
use super::expected::Expected;

/// The differences, one line each. There are none if the event is as expected.
///
/// An actor, a tenant or overrides that the expected event does not set are not compared. A subscriber or tenant that it
/// names only by its id is equal to one with this id and other data. The transaction id is compared if the test or the
/// attribute of the struct sets it.
pub(super) fn differences(expected: &Expected, sent: &Value) -> Vec<String> {
    let json = &expected.json;
    let mut found = Vec::new();
    if json.get("name") != sent.get("name") {
        compare("workflow", json.get("name"), sent.get("name"), &mut found);
    }
    compare_recipients(json.get("to"), sent.get("to"), &mut found);
    compare("payload", json.get("payload"), sent.get("payload"), &mut found);
    for name in ["actor", "tenant"] {
        let Some(value) = json.get(name) else { continue };
        match sent.get(name) {
            Some(other) if is_same(value, other) => {}
            Some(other) if id(value) != id(other) => {
                found.push(format!("{name}: expected {}, sent {}", recipient(value), recipient(other)));
            }
            other => compare(name, Some(value), other, &mut found),
        }
    }
    if let Some(overrides) = json.get("overrides") {
        compare("overrides", Some(overrides), sent.get("overrides"), &mut found);
    }
    if compares_id(expected, sent) {
        compare("transaction id", json.get("transactionId"), sent.get("transactionId"), &mut found);
    }
    found
}

/// A derived id also depends on the trigger, the recipients and the tenant, so it cannot be equal if one of them is not.
fn compares_id(expected: &Expected, sent: &Value) -> bool {
    let same = |name: &str| expected.json.get(name) == sent.get(name);
    match expected.id_source {
        IdSource::Caller => true,
        IdSource::Template => same("name") && same("to") && same("payload") && same("tenant"),
        IdSource::Random => false,
    }
}

fn compare_recipients(expected: Option<&Value>, sent: Option<&Value>, found: &mut Vec<String>) {
    let (wanted, mut others) = (as_list(expected), as_list(sent));
    let mut is_equal = expected.is_some() == sent.is_some() && wanted.len() == others.len();
    for recipient in wanted {
        match others.iter().position(|other| is_same(recipient, other)) {
            Some(index) => drop(others.swap_remove(index)),
            None => is_equal = false,
        }
    }
    if !is_equal {
        found.push(format!("to: expected {}, sent to {}", recipients(expected), recipients(sent)));
    }
}

fn as_list(to: Option<&Value>) -> Vec<&Value> {
    match to {
        Some(Value::Array(list)) => list.iter().collect(),
        other => other.into_iter().collect(),
    }
}

/// Whether two subscribers, topics or tenants are equal. An id alone is equal to an object with this id.
fn is_same(expected: &Value, sent: &Value) -> bool {
    let is_only_an_id = expected.is_string() || expected.as_object().is_some_and(|fields| fields.len() == 1);
    expected == sent || (is_only_an_id && id(expected).is_some() && id(expected) == id(sent))
}

fn compare(path: &str, expected: Option<&Value>, sent: Option<&Value>, found: &mut Vec<String>) {
    match (expected, sent) {
        (Some(expected), Some(sent)) if expected == sent => {}
        (Some(Value::Object(expected)), Some(Value::Object(sent))) => compare_objects(path, expected, sent, found),
        (Some(Value::Array(expected)), Some(Value::Array(sent))) => {
            for index in 0..expected.len().max(sent.len()) {
                compare(&format!("{path}[{index}]"), expected.get(index), sent.get(index), found);
            }
        }
        (Some(expected), Some(sent)) => {
            found.push(format!("{path}: expected {}, sent {}", shortened(expected), shortened(sent)));
        }
        (Some(expected), None) => found.push(format!("{path}: expected {}, not sent", shortened(expected))),
        (None, Some(sent)) => found.push(format!("{path}: not expected, sent {}", shortened(sent))),
        (None, None) => {}
    }
}

fn compare_objects(path: &str, expected: &Map<String, Value>, sent: &Map<String, Value>, found: &mut Vec<String>) {
    for (name, value) in expected {
        compare(&format!("{path}.{name}"), Some(value), sent.get(name), found);
    }
    for (name, value) in sent.iter().filter(|(name, _)| !expected.contains_key(*name)) {
        compare(&format!("{path}.{name}"), None, Some(value), found);
    }
}

//! Compares an expected event with one that was sent, field by field.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use serde_json::{Map, Value};
use teleflow::__private::IdSource;

use super::describe::{id, recipient, recipients, shortened};
use super::expected::Expected;
use crate::request_log::{LoggedEvent, redacted, sensitive_value};

/// Whether there are no [`differences`]. Most events differ in what is compared first.
pub(super) fn is_as_expected(expected: &Expected, event: &LoggedEvent) -> bool {
    let (json, sent) = (&expected.json, &event.json);
    json.get("name") == sent.get("name")
        && are_same_recipients(json.get("to"), sent.get("to"))
        && differences(expected, event).is_empty()
}

/// The differences, one line each. There are none if the event is as expected.
///
/// An actor, a tenant or overrides that the expected event does not set are not compared. A subscriber or tenant that it
/// names only by its id is equal to one with this id and other data. The transaction id is compared if the test or the
/// attribute of the struct sets it.
///
/// Of sensitive values the lines say only that they differ.
pub(super) fn differences(expected: &Expected, event: &LoggedEvent) -> Vec<String> {
    let (json, sent) = (&expected.json, &event.json);
    let mut found = Vec::new();
    if json.get("name") != sent.get("name") {
        compare("workflow", json.get("name"), sent.get("name"), &mut found);
    }
    compare_recipients(json.get("to"), sent.get("to"), &mut found);
    compare_payloads(expected, event, &mut found);
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

/// Compares the payloads without the values that are sensitive in one of them, and then these values.
fn compare_payloads(expected: &Expected, event: &LoggedEvent, found: &mut Vec<String>) {
    let paths: BTreeSet<&str> = expected.sensitive.iter().chain(&event.sensitive).map(String::as_str).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let [redacted_expected, redacted_sent] = [&expected.json, &event.json].map(|json| redacted(json, &paths));
    compare("payload", redacted_expected.get("payload"), redacted_sent.get("payload"), found);
    for path in paths {
        match (sensitive_value(&expected.json, path), sensitive_value(&event.json, path)) {
            (Some(one), Some(other)) if one != other => {
                found.push(format!("{}: the values differ, and are sensitive", path_in_words(&expected.json, path)));
            }
            _ => {}
        }
    }
}

/// `payload.cards[0].number` for `/cards/0/number`.
fn path_in_words(event: &Value, path: &str) -> String {
    let mut words = String::from("payload");
    let mut value = event.get("payload");
    for key in path.split('/').skip(1) {
        let name = key.replace("~1", "/").replace("~0", "~");
        match value.and_then(Value::as_array) {
            Some(_) => words += &format!("[{name}]"),
            None => words += &format!(".{name}"),
        }
        value = value.and_then(|value| value.pointer(&format!("/{key}")));
    }
    words
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
    if !are_same_recipients(expected, sent) {
        found.push(format!("to: expected {}, sent to {}", recipients(expected), recipients(sent)));
    }
}

/// Whether the recipients are the same in any order. There may be thousands.
fn are_same_recipients(expected: Option<&Value>, sent: Option<&Value>) -> bool {
    let (mut expected_list, sent_list) = (as_list(expected), as_list(sent));
    if expected.is_some() != sent.is_some() || expected_list.len() != sent_list.len() {
        return false;
    }
    let mut rest: HashMap<&Value, usize> = HashMap::new();
    sent_list.into_iter().for_each(|recipient| *rest.entry(recipient).or_default() += 1);
    // Those with the same data first, so that an id alone does not take the place of an object with this id.
    expected_list.retain(|recipient| !take(&mut rest, recipient));
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (recipient, count) in rest {
        id(recipient).into_iter().for_each(|id| *ids.entry(id).or_default() += count);
    }
    expected_list
        .into_iter()
        .all(|recipient| is_only_an_id(recipient) && id(recipient).is_some_and(|id| take(&mut ids, id)))
}

/// Takes one of the values, if there are any left.
fn take<K: Eq + Hash + ?Sized>(counts: &mut HashMap<&K, usize>, value: &K) -> bool {
    let left = counts.get_mut(value).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

fn as_list(to: Option<&Value>) -> Vec<&Value> {
    match to {
        Some(Value::Array(list)) => list.iter().collect(),
        other => other.into_iter().collect(),
    }
}

/// Whether two subscribers, topics or tenants are equal. An id alone is equal to an object with this id.
fn is_same(expected: &Value, sent: &Value) -> bool {
    expected == sent || (is_only_an_id(expected) && id(expected).is_some() && id(expected) == id(sent))
}

fn is_only_an_id(value: &Value) -> bool {
    value.is_string() || value.as_object().is_some_and(|fields| fields.len() == 1)
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

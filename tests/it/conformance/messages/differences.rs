//! The differences between what the emulator made of a line and what the server made of it.

use std::collections::HashMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::case::Case;
use super::markup;

/// The differences of a line, each as a text.
pub(super) fn of(case: &Case, answer: &Value) -> Vec<String> {
    let expect = &case.expect;
    let mut found = Vec::new();
    let mut compare = |name: &str, actual: Value, expected: Value| {
        let (actual, expected) = (without_transaction(&actual), without_transaction(&expected));
        if actual != expected {
            found.push(format!("{name} is {actual}, but was {expected}"));
        }
    };
    let messages = answer["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let all = |field: &str| -> Vec<&Value> {
        messages.iter().flat_map(|message| message[field].as_array().into_iter().flatten()).collect()
    };
    let records = messages.iter().map(|message| message["record"].clone()).filter(|record| !record.is_null()).collect();
    compare("messages", records, expect.messages.clone().into());
    compare("messageUpdates", all("updates").into_iter().cloned().collect(), expect.message_updates.clone().into());
    compare("jobStatuses", answer["jobStatuses"].clone(), expect.job_statuses.clone().into());
    compare("nextStepQueued", answer["nextStepQueued"].clone(), expect.next_step_queued.into());
    // The texts of errors may differ.
    compare("threw", answer["threw"].is_string().into(), expect.threw.is_some().into());

    let compiled_html = expect.compiled_html.as_ref().and_then(Value::as_str).unwrap_or_default();
    let has_styles = compiled_html.contains("<style") || compiled_html.contains("<link");
    let compiled = messages.iter().map(|message| &message["compiledHtml"]).find(|html| !html.is_null());
    compare_html(&mut compare, "compiledHtml", compiled, expect.compiled_html.as_ref(), false);
    let calls = all("provider");
    compare("the number of requests to providers", calls.len().into(), expect.provider.len().into());
    for (index, (call, expected)) in calls.iter().zip(&expect.provider).enumerate() {
        let (mut call, mut expected) = (call.as_object().cloned().unwrap_or_default(), expected.clone());
        // It is not recorded.
        call.remove("subscriber");
        let (html, expected_html) = (call.remove("html"), expected.remove("html"));
        compare_html(
            &mut compare,
            &format!("provider[{index}].html"),
            html.as_ref(),
            expected_html.as_ref(),
            has_styles,
        );
        compare(&format!("provider[{index}]"), call.into(), expected.into());
    }

    let details = answer["details"].as_array().cloned().unwrap_or_default();
    let mut ids = HashMap::new();
    let details: Vec<Value> = details
        .into_iter()
        .zip(expect.details.iter().map(Some).chain(std::iter::repeat(None)))
        .map(|(detail, expected)| comparable(detail, expected, &mut ids))
        .collect();
    compare("details", details.into(), expect.details.iter().cloned().map(Value::Object).collect());
    found
}

/// A value without the transaction id in addresses for replies, because the id of the recorded events is unknown.
fn without_transaction(value: &Value) -> Value {
    let address = Regex::new(r#"parse\+[^"@]*?-nv-e(=|&#x3D;)"#).unwrap();
    serde_json::from_str(&address.replace_all(&value.to_string(), "parse+ID-nv-e$1")).unwrap()
}

fn compare_html(
    compare: &mut impl FnMut(&str, Value, Value),
    name: &str,
    actual: Option<&Value>,
    expected: Option<&Value>,
    has_styles: bool,
) {
    let text = |html: Option<&Value>| html.and_then(Value::as_str).map(markup::padded);
    match expected {
        // The server's own markup was not recorded.
        Some(Value::Object(expected)) => {
            let mut shown = Map::new();
            for field in ["text", "links"] {
                shown.insert(field.to_owned(), expected[field].clone());
            }
            let html = actual.and_then(Value::as_str).unwrap_or_default();
            compare(name, markup::shown(html), shown.into());
        }
        // The server moves styles into attributes.
        Some(Value::String(expected)) if has_styles => {
            let html = actual.and_then(Value::as_str).unwrap_or_default();
            compare(name, markup::shown(html), markup::shown(expected));
        }
        _ => compare(name, text(actual).into(), expected.cloned().into_iter().find(Value::is_string).into()),
    }
}

/// A detail with the recorded id in place of each id, and with the recorded text in place of an error's.
fn comparable(mut detail: Value, expected: Option<&Map<String, Value>>, ids: &mut HashMap<String, String>) -> Value {
    if let (Some(raw), Some(expected)) = (detail.get_mut("raw"), expected.and_then(|expected| expected.get("raw"))) {
        adapt(raw, expected, ids);
    }
    detail
}

fn adapt(actual: &mut Value, expected: &Value, ids: &mut HashMap<String, String>) {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            for (field, value) in actual {
                match (&mut *value, expected.get(field)) {
                    (Value::String(text), Some(Value::String(recorded))) if field == "error" && !text.is_empty() => {
                        *text = recorded.clone();
                    }
                    (value, Some(recorded)) => adapt(value, recorded, ids),
                    (_, None) => {}
                }
            }
        }
        (Value::Array(actual), Value::Array(expected)) => {
            actual.iter_mut().zip(expected).for_each(|(actual, expected)| adapt(actual, expected, ids));
        }
        (Value::String(text), Value::String(recorded)) => replace_id(text, recorded, ids),
        _ => {}
    }
}

/// Replaces an id of the line with the recorded id. Each id has one recorded id.
fn replace_id(text: &mut String, recorded: &str, ids: &mut HashMap<String, String>) {
    let is_id = |word: &&str| word.len() == 24 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(recorded_id) = recorded.split(' ').find(is_id) else { return };
    let position = recorded.split(' ').position(|word| word == recorded_id);
    let Some(id) = position.and_then(|position| text.split(' ').nth(position)).map(str::to_owned) else { return };
    let known = ids.entry(id.clone()).or_insert_with(|| recorded_id.to_owned());
    *text = text.replace(&id, known);
}

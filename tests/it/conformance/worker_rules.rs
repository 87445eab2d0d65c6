//! The rules of the worker that need no state: conditions, delays, and sanitizing.
//!
//! `TELEFLOW_CASES` names a folder with other files in the same format. The last line that each test prints is
//! `conditions: N of M` or `delays: N of M`.

mod neighbors;

use http::Request;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use teleflow_emulator::Emulator;

use super::cases::{Case, cases, check_all};

/// A case. The emulator denies fields that it does not know.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "id")]
    _id: String,
    expect: Map<String, Value>,
    #[serde(flatten)]
    input: Map<String, Value>,
}

/// Sends a case to a path under `/__`.
fn evaluate(path: &str, input: &Map<String, Value>) -> Value {
    let emulator = Emulator::new().with_admin_paths(true);
    let body = serde_json::to_vec(input).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let response = runtime.block_on(emulator.answer(Request::post(path).body(body.into()).unwrap()));
    let answer = serde_json::from_slice(response.body()).unwrap();
    if response.status() == 200 { answer } else { json!({ "refused": answer }) }
}

/// Compares the fields of an answer with the expected ones. Of an error, only that there is one.
fn differences(expect: &Map<String, Value>, defaults: &[(&str, Value)], answer: &Value) -> Vec<String> {
    let mut expect = expect.clone();
    for (field, value) in defaults {
        expect.entry(*field).or_insert_with(|| value.clone());
    }
    let names = expect.keys().chain(answer.as_object().unwrap().keys());
    let differs = |name: &&String| {
        let (expected, got) = (expect.get(*name), answer.get(*name));
        if *name == "error" { expected.is_some() != got.is_some() } else { !is_same(expected, got) }
    };
    let mut differing: Vec<&String> = names.filter(differs).collect();
    differing.sort();
    differing.dedup();
    let shown = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    let line = |name: &String| format!("{name}: expected {}, got {}", shown(expect.get(name)), shown(answer.get(name)));
    differing.into_iter().map(line).collect()
}

/// Whether two values are the same to JavaScript, which has one type of number.
fn is_same(expected: Option<&Value>, got: Option<&Value>) -> bool {
    match (expected, got) {
        (Some(Value::Number(expected)), Some(Value::Number(got))) => expected.as_f64() == got.as_f64(),
        _ => expected == got,
    }
}

fn condition_differences(line: &Line) -> Vec<String> {
    let mut answer = evaluate("/__conditions", &line.input);
    if let Some(calls) = answer["webhookCalls"].as_array().map(Vec::len) {
        answer["webhookCalls"] = calls.into();
    }
    differences(&line.expect, &[("logged", json!([])), ("webhookCalls", json!(0))], &answer)
}

#[test]
fn conditions_pass_as_recorded() {
    let cases: Vec<Case<Line>> = cases("conditions.jsonl");
    check_all("conditions", &cases, condition_differences);
}

fn delay_differences(line: &Line) -> Vec<String> {
    let path = match line.input.keys().map(String::as_str).find(|field| matches!(*field, "steps" | "input")) {
        Some("steps") => "/__step-jobs",
        Some(_) => "/__sanitize",
        None => "/__delay",
    };
    differences(&line.expect, &[], &evaluate(path, &line.input))
}

#[test]
fn steps_wait_and_content_is_sanitized_as_recorded() {
    let cases: Vec<Case<Line>> = cases("delays.jsonl");
    check_all("delays", &cases, delay_differences);
}

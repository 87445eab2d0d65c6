//! Renders recorded templates, and compares with the texts of the server.

use serde::Deserialize;
use serde_json::Value;
use teleflow_template::render_json;

use super::cases::{cases, check_all};

/// A template with its context.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "desc", default)]
    _desc: String,
    #[serde(default)]
    template: Value,
    context: Value,
    expect: Expected,
}

/// The text, or the error. The words of the error may differ.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum Expected {
    Text(String),
    Error(String),
}

#[test]
fn templates_render_as_on_the_server() {
    check_all("render", &cases("render.jsonl"), differences);
}

fn differences(case: &Case) -> Vec<String> {
    let got =
        render_json(&case.template, &case.context).map(|rendered| rendered.text).map_err(|error| error.to_string());
    let is_same = match (&case.expect, &got) {
        (Expected::Text(expected), Ok(got)) => expected == got,
        (Expected::Error(_), Err(_)) => true,
        _ => false,
    };
    let expected = match &case.expect {
        Expected::Text(text) => format!("the text {text:?}"),
        Expected::Error(error) => format!("the error {error:?}"),
    };
    if is_same { Vec::new() } else { vec![format!("{}: expected {expected}, got {got:?}", case.template)] }
}

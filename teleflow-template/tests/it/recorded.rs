//! Templates that a server has rendered, with its output.

use serde_json::Value;
use teleflow_template::parse;

/// Returns whether the server failed to parse the template.
fn is_syntax_error(error: &str) -> bool {
    error.starts_with("Parse error on line") || error.starts_with("Invalid path") || error.contains(" doesn't match ")
}

#[test]
fn the_same_templates_are_accepted() {
    let (mut parsed, mut refused) = (0, 0);
    for line in include_str!("../../../tests/conformance/render.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(template) = case["template"].as_str() else { continue };
        let is_refused = case["expect"]["error"].as_str().is_some_and(is_syntax_error);
        assert_eq!(parse(template).is_err(), is_refused, "{}: {template}: {:?}", case["id"], parse(template));
        if is_refused { refused += 1 } else { parsed += 1 }
    }
    assert!(parsed > 350 && refused > 15, "{parsed} and {refused}");
}

//! The errors of malformed workflow files.

use serde_json::{Value, json};
use teleflow_catalog::files::Workflow;

fn error(file: &str) -> String {
    Workflow::from_json(file.as_bytes()).unwrap_err().to_string()
}

#[test]
fn each_error_has_the_path_of_the_value() {
    let good = json!({
        "format": 1, "trigger": "t", "name": "n", "active": true, "actor": { "steps": [] }, "tenant": null,
        "variables": { "items": { "kind": "array", "of": { "kind": "object", "of": { "sku": { "kind": "string" } } } } },
    });
    Workflow::from_json(good.to_string().as_bytes()).unwrap();
    for (pointer, value, message) in [
        ("/format", json!("1"), "`format` is not 1"),
        ("/format", json!(0), "`format` is not 1"),
        ("/trigger", json!(1), "`trigger` is not a string"),
        ("/name", json!(null), "`name` is not a string"),
        ("/active", json!("yes"), "`active` is neither `true` nor `false`"),
        ("/actor", json!([]), "`actor` is not an object"),
        ("/actor/steps", json!("x"), "`actor.steps` is not an array of strings"),
        ("/actor/steps", json!([1]), "`actor.steps` is not an array of strings"),
        ("/actor", json!({ "required": 1 }), "`actor.required` is neither `true` nor `false`"),
        ("/tenant", json!(true), "`tenant` is not an object"),
        ("/variables", json!([]), "`variables` is not an object"),
        ("/variables/items", json!(5), "`variables.items` is not an object"),
        ("/variables/items", json!({}), "`variables.items.kind` is missing"),
        ("/variables/items/kind", json!("list"), "`variables.items.kind` is \"list\", which is not a kind"),
        ("/variables/items/of", json!(1), "`variables.items.of` is not an object"),
        ("/variables/items/of/of", json!("x"), "`variables.items.of.of` is not an object"),
        ("/variables/items/of/of/sku/kind", json!(5), "`variables.items.of.of.sku.kind` is missing"),
        (
            "/variables/items/of/of/sku",
            json!({ "kind": "string", "required": 1 }),
            "`variables.items.of.of.sku.required` is neither `true` nor `false`",
        ),
        (
            "/variables/items/of/of/sku",
            json!({ "kind": "string", "exact": "x" }),
            "`variables.items.of.of.sku.exact` is neither `true` nor `false`",
        ),
        (
            "/variables/items/of/of/sku",
            json!({ "kind": "string", "steps": 1 }),
            "`variables.items.of.of.sku.steps` is not an array of strings",
        ),
    ] {
        let mut file = good.clone();
        *file.pointer_mut(pointer).unwrap() = value;
        assert_eq!(error(&file.to_string()), message);
    }
}

#[test]
fn a_newer_format_has_its_own_error() {
    let message = error("{\"format\": 2}");
    for part in ["`format` is 2", "newer `cargo teleflow`", "reads 1"] {
        assert!(message.contains(part), "no {part} in: {message}");
    }
}

#[test]
fn text_that_is_not_json_is_an_error() {
    for file in ["", "<<<<<<< HEAD\n", "{\"format\": 1", "\u{feff}{}", "{\"a\": 1e999}"] {
        let message = error(file);
        assert!(message.starts_with("it is not valid JSON: ") && message.contains("line 1"), "{message}");
    }
    for file in ["5", "[]", "null", "\"x\""] {
        assert_eq!(error(file), "expected a JSON object");
    }
    assert_eq!(error("{}"), "`format` is not 1");
    assert!(Workflow::from_json(b"{\"format\": 1, \"trigger\": \"\xff\"}").is_err());
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| {
        let inner = json!({ "kind": "string" });
        let nested = (1..depth).fold(inner, |inner, _| json!({ "kind": "array", "of": inner }));
        json!({ "active": true, "format": 1, "trigger": "t", "name": "", "variables": { "x": nested } })
    };
    let read = |file: &Value| Workflow::from_json(file.to_string().as_bytes());
    assert!(read(&nested(60)).is_ok());
    assert_eq!(read(&nested(61)).unwrap_err().to_string(), "its variables are nested too deeply");
    assert!(error(&"[".repeat(1_000_000)).starts_with("it is not valid JSON: recursion limit exceeded"));
}

//! Alternatives, and keywords that are not read.

use serde_json::{Value, json};

use super::super::hidden;
use super::{enforced, with, words, x};

const WHERE: &str = "the server checks this, but the compiler does not";

/// A discriminated union, as zod writes it.
fn union(key: &str) -> Value {
    let one = |kind: &str, own: &str| {
        json!({ "type": "object", "required": ["kind", own],
        "properties": { "kind": { "const": kind }, own: { "type": "string" } }, "additionalProperties": false })
    };
    json!({ key: [one("card", "number"), one("bank", "iban")] })
}

#[test]
fn alternatives_with_different_fields_are_any_and_cause_a_warning() {
    let warning = |at: &str| {
        format!(
            "the schema of workflow `t` has alternatives{at}: only some of them have or require `iban`, `number`; {WHERE}"
        )
    };
    for key in ["oneOf", "anyOf"] {
        let (workflow, warnings) = with(&x(&union(key)), true);
        assert_eq!((workflow.variable("x").map(words).as_deref(), warnings), (Some("any="), vec![warning(" at `x`")]));
        let (workflow, warnings) = with(&x(&json!({ "type": "array", "items": union(key) })), true);
        assert_eq!(workflow.variable("x[]").map(words).as_deref(), Some("any!="));
        assert_eq!(warnings, [warning(" at `x[]`")]);
        let (workflow, warnings) = with(&x(&json!({ "anyOf": [union(key), { "type": "null" }] })), true);
        assert_eq!((workflow.variable("x").map(words).as_deref(), warnings.len()), (Some("any?"), 1));

        // The payload cannot be of kind `any`.
        let (workflow, warnings) = with(&union(key), true);
        assert_eq!(warnings, [warning("")]);
        assert_eq!(workflow.variable("kind").map(words).as_deref(), Some(r#"string!=["card","bank"]"#));
        assert_eq!((workflow.variable("iban"), workflow.closed), (None, false));
        assert_eq!(hidden(&union(key)).into_iter().collect::<Vec<_>>(), ["iban", "number"]);

        // The server accepts everything.
        assert_eq!(with(&union(key), false).1, [""; 0]);
    }
    // All fields are declared, but not which of them a payload requires.
    let either = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
        "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] });
    let (workflow, warnings) = with(&x(&either), true);
    assert_eq!(workflow.variable("x.a").map(words).as_deref(), Some("string="));
    assert_eq!(
        warnings,
        [format!(
            "the schema of workflow `t` has alternatives at `x`: only some of them have or require `a`, `b`; {WHERE}"
        )]
    );
    // Alternatives with the same fields share them.
    let one =
        |kind: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "const": kind } } });
    enforced(&x(&json!({ "anyOf": [one("a"), one("b")] })), &[("x", "object="), ("x.kind", r#"string!=["a","b"]"#)]);
}

#[test]
fn unread_keywords_are_reported_once() {
    for (schema, names) in [
        (json!({ "if": {}, "then": { "required": ["x"] } }), "`if`"),
        (json!({ "properties": { "x": { "not": {} }, "y": { "not": {}, "contains": {} } } }), "`contains`, `not`"),
        (
            json!({ "dependentRequired": { "a": ["b"] }, "dependentSchemas": { "a": {} } }),
            "`dependentRequired`, `dependentSchemas`",
        ),
        (json!({ "minProperties": 1, "propertyNames": { "pattern": "x" } }), "`minProperties`, `propertyNames`"),
        (
            json!({ "additionalProperties": false, "patternProperties": { ".": {} }, "properties": { "x": { "$dynamicRef": "#x" } } }),
            "`$dynamicRef`, `patternProperties`",
        ),
        (json!({ "allOf": [{ "unevaluatedProperties": false }] }), "`unevaluatedProperties`"),
    ] {
        let (workflow, warnings) = with(&schema, true);
        assert_eq!(warnings, [format!("the schema of workflow `t` uses {names}; {WHERE}")]);
        assert!(!workflow.closed);
        assert_eq!(with(&schema, false).1, [""; 0]);
    }
    let harmless = json!({ "if": {}, "not": false, "minProperties": 0, "propertyNames": { "type": "string" }, "patternProperties": {}, "unevaluatedProperties": true });
    enforced(&harmless, &[]);
}

#[test]
fn closed_parts_of_a_schema_forbid_the_properties_of_other_parts() {
    let closed =
        json!({ "type": "object", "properties": { "a": { "type": "string" } }, "additionalProperties": false });
    for parts in [
        json!({ "allOf": [closed, { "properties": { "b": { "type": "string" } } }] }),
        json!({ "allOf": [{ "properties": { "b": { "type": "string" } } }, closed] }),
    ] {
        enforced(&x(&parts), &[("x", "object=]"), ("x.a", "string="), ("x.b", "")]);
        let mut needs = parts.clone();
        needs["required"] = json!(["b"]);
        assert_eq!(
            with(&x(&needs), true).1,
            ["the schema of workflow `t` requires `x.b` and forbids it, so the server rejects every payload"]
        );
    }
}

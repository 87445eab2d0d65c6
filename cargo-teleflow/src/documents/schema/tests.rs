//! Schemas as people and zod write them, and the variables that follow.

mod unions;

use serde_json::{Value, json};
use teleflow_catalog::{files::Type, files::Variable, files::Workflow};

use super::add;

fn workflow() -> Workflow {
    let read = |ty: Type| Variable { steps: vec!["email".to_owned()], ..Variable::rendered(ty) };
    let variables = [
        ("name", read(Type::String)),
        ("at", read(Type::Date)),
        ("order", read(Type::Object([("id".to_owned(), read(Type::String))].into()))),
        ("items", read(Type::Array(Some(Box::new(read(Type::String)))))),
    ];
    Workflow {
        trigger: "t".to_owned(),
        name: String::new(),
        active: true,
        actor: None,
        tenant: None,
        variables: variables.into_iter().map(|(name, variable)| (name.to_owned(), variable)).collect(),
        email_reads: Vec::new(),
        closed: false,
        schema: None,
    }
}

/// Adds the schema to a workflow. Returns the warnings, and asserts that the workflow file can be read.
#[track_caller]
fn with(schema: &Value, enforced: bool) -> (Workflow, Vec<String>) {
    let mut workflow = workflow();
    let warnings = add(&mut workflow, schema, enforced);
    assert_eq!(Workflow::from_json(workflow.to_json().as_bytes()).as_ref(), Ok(&workflow));
    (workflow, warnings)
}

/// `!`: required. `=`: exact. `?`: nullable. `]`: closed. Then the allowed values.
fn words(variable: &Variable) -> String {
    let mark = |is: bool, mark: &str| if is { mark.to_owned() } else { String::new() };
    let allowed = if variable.allowed.is_empty() { String::new() } else { json!(variable.allowed).to_string() };
    variable.ty.kind().as_str().to_owned()
        + &mark(variable.required, "!")
        + &mark(variable.exact, "=")
        + &mark(variable.nullable, "?")
        + &mark(variable.closed, "]")
        + &allowed
}

#[track_caller]
fn enforced(schema: &Value, expected: &[(&str, &str)]) {
    let (workflow, warnings) = with(schema, true);
    assert_eq!(warnings, [""; 0]);
    for (path, is) in expected {
        let found = workflow.variable(path).map(words);
        assert_eq!(found.as_deref(), (!is.is_empty()).then_some(*is), "{path} of {schema}");
    }
}

/// The schema of a payload with one property, `x`, of this schema.
fn x(schema: &Value) -> Value {
    json!({ "properties": { "x": schema } })
}

#[test]
fn properties_become_variables() {
    let schema = json!({
        "type": "object",
        "required": ["total", "at", "order", "nowhere"],
        "properties": {
            "name": {}, "total": { "type": "integer" }, "at": { "type": "string" }, "flag": { "type": "boolean" },
            "order": { "type": "object", "required": ["id"], "properties": { "id": { "type": "number" } } },
            "items": { "type": "array", "items": { "type": "object", "properties": { "sku": { "type": "string" } } } },
        },
    });
    for (path, loose, strict) in [
        ("name", "string", "string"),
        ("total", "integer", "integer!="),
        ("at", "date", "date!"),
        ("flag", "boolean", "boolean="),
        ("nowhere", "any", "any!?"),
        ("order", "object", "object!="),
        ("order.id", "number", "number!="),
        ("items", "array", "array="),
        ("items[]", "object", "object!="),
        ("items[].sku", "string", "string="),
    ] {
        for (is_enforced, expected) in [(false, loose), (true, strict)] {
            let (workflow, warnings) = with(&schema, is_enforced);
            assert_eq!(words(workflow.variable(path).expect(path)), expected, "{path}");
            assert_eq!(warnings, [""; 0]);
        }
    }
}

#[test]
fn all_ways_to_allow_null_are_read() {
    let string = json!({ "type": "string" });
    let nil = json!({ "type": "null" });
    for schema in [
        json!({ "type": ["string", "null"] }),
        json!({ "type": ["null", "string"] }),
        json!({ "type": "string", "nullable": true }),
        json!({ "anyOf": [string, nil] }),
        json!({ "oneOf": [nil, string] }),
        json!({ "anyOf": [string, { "const": null }] }),
        json!({ "anyOf": [string, { "enum": [null] }] }),
        json!({ "anyOf": [{ "$ref": "#/$defs/text" }, nil] }),
        json!({ "allOf": [{ "type": ["string", "number", "null"] }, { "type": ["string", "boolean", "null"] }] }),
        json!({ "allOf": [{ "$ref": "#/$defs/text" }], "nullable": true }),
        json!({ "anyOf": [{ "anyOf": [string, nil] }, nil] }),
    ] {
        let mut whole = x(&schema);
        whole["$defs"] = json!({ "text": { "type": "string" } });
        enforced(&whole, &[("x", "string=?")]);
        whole["required"] = json!(["x"]);
        enforced(&whole, &[("x", "string!=?")]);
    }
    enforced(&x(&json!({ "type": "string", "nullable": false })), &[("x", "string=")]);
    enforced(&x(&json!({ "type": ["integer", "null"] })), &[("x", "integer=?")]);
    enforced(&x(&nil), &[("x", "any?")]);
    let nullable = json!({ "anyOf": [{ "type": "object", "required": ["id"], "properties": { "id": string }, "additionalProperties": false }, nil] });
    enforced(&x(&nullable), &[("x", "object=?]"), ("x.id", "string!=")]);
    let items = json!({ "type": "array", "items": { "type": ["string", "null"] } });
    enforced(&x(&items), &[("x", "array="), ("x[]", "string=?")]);
}

#[test]
fn listed_values_are_kept_and_have_a_type() {
    for (schema, expected) in [
        (json!({ "enum": ["a", "b"] }), r#"string=["a","b"]"#),
        (json!({ "type": "string", "enum": ["a", 5] }), r#"string=["a"]"#),
        (json!({ "const": "a" }), r#"string=["a"]"#),
        (json!({ "enum": [1, 2.0] }), "integer=[1,2.0]"),
        (json!({ "enum": [1, 2.5] }), "number=[1,2.5]"),
        (json!({ "enum": [true] }), "boolean=[true]"),
        (json!({ "enum": ["a", null] }), r#"string=?["a"]"#),
        (json!({ "type": "string", "enum": ["a", null] }), r#"string=["a"]"#),
        (json!({ "type": "string", "nullable": true, "enum": ["a"] }), r#"string=["a"]"#),
        (json!({ "enum": ["a", 1] }), r#"any=["a",1]"#),
        (json!({ "anyOf": [{ "const": "a" }, { "const": "b" }, { "type": "null" }] }), r#"string=?["a","b"]"#),
        (json!({ "anyOf": [{ "const": "a" }, { "type": "string" }] }), "string="),
        (json!({ "allOf": [{ "enum": ["a", "b"] }, { "enum": ["b", "c"] }] }), r#"string=["b"]"#),
    ] {
        enforced(&x(&schema), &[("x", expected)]);
        // The server accepts others where it does not enforce the schema.
        let (workflow, _) = with(&x(&schema), false);
        assert_eq!(workflow.variable("x").map(|x| x.allowed.len()), Some(0), "{schema}");
    }
}

#[test]
fn several_types_are_any() {
    for (schema, expected) in [
        (json!({ "type": ["string", "number"] }), "any="),
        (json!({ "type": ["string", "number", "null"] }), "any?"),
        (json!({ "anyOf": [{ "type": "string" }, { "type": "array" }] }), "any="),
        (json!({ "anyOf": [{ "type": "integer" }, { "type": "number" }] }), "number="),
        (json!({ "type": "odd" }), "any?"),
        (json!({ "type": [] }), "any?"),
        (json!({ "anyOf": [] }), "any?"),
        (json!({ "anyOf": [{}, { "type": "string" }] }), "any?"),
        (json!(true), "any?"),
    ] {
        enforced(&x(&schema), &[("x", expected)]);
    }
}

#[test]
fn references_are_followed() {
    let address = json!({ "type": "object", "required": ["street"], "properties": { "street": { "type": "string" } } });
    // As zod writes a schema that is used twice.
    enforced(
        &json!({ "type": "object", "required": ["billing", "shipping"], "properties": {
            "billing": address, "shipping": { "$ref": "#/properties/billing" },
            "past": { "type": "array", "items": { "$ref": "#/properties/billing" } },
            "streets": { "type": "array", "items": { "$ref": "#/properties/billing/properties/street" } },
        } }),
        &[
            ("shipping", "object!="),
            ("shipping.street", "string!="),
            ("past[]", "object!="),
            ("past[].street", "string!="),
            ("streets[]", "string!="),
        ],
    );
    for key in ["definitions", "$defs"] {
        let mut schema =
            json!({ "$ref": format!("#/{key}/a~1b%20c"), "$schema": "http://json-schema.org/draft-07/schema#" });
        schema[key] = json!({ "a/b c": address });
        enforced(&schema, &[("street", "string!=")]);
    }
    enforced(
        &json!({ "allOf": [{ "$ref": "#/$defs/base" }, { "required": ["total", "id"], "properties": { "total": { "type": "number" }, "id": { "type": "integer" } } }],
            "$defs": { "base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "number" }, "note": { "type": "string" } } } } }),
        &[("id", "integer!="), ("note", "string="), ("total", "number!=")],
    );
}

#[test]
fn recursive_schemas_end() {
    let node = json!({ "type": "object", "required": ["label"], "properties": {
        "label": { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#/$defs/node" } },
    } });
    enforced(
        &json!({ "properties": { "tree": { "$ref": "#/$defs/node" } }, "$defs": { "node": node } }),
        &[("tree.label", "string!="), ("tree.children[]", "object!="), ("tree.children[].label", "")],
    );
    enforced(
        &json!({ "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "parent": { "$ref": "#" } } }),
        &[("id", "string!="), ("parent", "object="), ("parent.id", "")],
    );
    enforced(&json!({ "$ref": "#" }), &[]);
    enforced(
        &json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }),
        &[],
    );
}

#[test]
fn a_schema_that_expands_without_limit_causes_a_warning() {
    let mut definitions = json!({ "d0": { "type": "string" } });
    for level in 1..23 {
        let inner = json!({ "$ref": format!("#/$defs/d{}", level - 1) });
        definitions[format!("d{level}")] =
            json!({ "type": "object", "properties": { "a": inner, "b": inner, "c": inner } });
    }
    let schema = json!({ "properties": { "x": { "$ref": "#/$defs/d22" } }, "$defs": definitions });
    let (workflow, warnings) = with(&schema, true);
    assert_eq!(
        warnings,
        ["the schema of workflow `t` cannot be read: it is too large; what it requires there is not checked"]
    );
    assert!(workflow.to_json().len() < 8 * 1024 * 1024);
}

#[test]
fn unreadable_parts_cause_a_warning() {
    for (schema, path, warning) in [
        (
            x(&json!({ "$ref": "https://x.test/y.json" })),
            "x",
            "cannot be read at `x`: `$ref` `https://x.test/y.json` is not part of it; what it requires there is not checked",
        ),
        (
            x(&json!({ "$ref": "#/definitions/none" })),
            "x",
            "cannot be read at `x`: `$ref` `#/definitions/none` is not part of it; what it requires there is not checked",
        ),
        (
            json!({ "$ref": "order.json" }),
            "",
            "cannot be read: `$ref` `order.json` is not part of it; what it requires there is not checked",
        ),
        (
            x(&json!({ "allOf": [{ "type": "string" }, { "type": "number" }] })),
            "x",
            "accepts no value for `x`; fix the schema",
        ),
        (x(&json!({ "allOf": [{ "const": 1 }, { "const": 2 }] })), "x", "accepts no value for `x`; fix the schema"),
        (x(&json!({ "type": "string", "enum": [1] })), "x", "accepts no value for `x`; fix the schema"),
        (json!({ "type": "array" }), "", "accepts no object, so the server rejects every payload; fix the schema"),
        (
            json!({ "required": ["x"], "properties": { "name": {}, "order": {}, "items": {} }, "additionalProperties": false }),
            "",
            "requires `x` and forbids it, so the server rejects every payload",
        ),
    ] {
        let (workflow, warnings) = with(&schema, true);
        let expected: Vec<String> = vec![format!("the schema of workflow `t` {warning}")];
        let others = |one: &&String| !one.contains("forbids `at`");
        assert_eq!(warnings.iter().filter(others).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
        if !path.is_empty() {
            assert_eq!(workflow.variable(path).map(words).as_deref(), Some("any?"), "{schema}");
        }
    }
    let deep = (0..30).fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner }));
    let (_, warnings) = with(&x(&deep), true);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("it is nested deeper than 24 levels"), "{warnings:?}");
}

#[test]
fn a_field_that_a_schema_forbids_is_not_a_variable() {
    let schema = json!({
        "properties": { "order": { "type": "object", "properties": { "sku": {} }, "additionalProperties": false }, "at": {} },
        "additionalProperties": false,
    });
    let (workflow, warnings) = with(&schema, true);
    assert!(workflow.closed);
    assert_eq!(workflow.variables.keys().collect::<Vec<_>>(), ["at", "order"]);
    assert_eq!(words(&workflow.variables["order"]), "object=]");
    assert_eq!(workflow.variable("order.id"), None);
    let forbids = |path: &str| {
        format!(
            "the schema of workflow `t` forbids `{path}`, which step `email` reads; add it to the schema's `properties`"
        )
    };
    assert_eq!(warnings, [forbids("items"), forbids("name"), forbids("order.id")]);
    // A schema that is not enforced forbids nothing.
    let (workflow, warnings) = with(&schema, false);
    assert_eq!((workflow.closed, workflow.variables.len(), warnings.len()), (false, 4, 0));

    for open in [
        json!({ "additionalProperties": true }),
        json!({ "additionalProperties": { "type": "string" } }),
        json!({ "anyOf": [{ "additionalProperties": false }, {}] }),
    ] {
        let (workflow, warnings) = with(&open, true);
        assert_eq!((workflow.closed, workflow.variables.len(), warnings.len()), (false, 4, 0), "{open}");
    }
}

#[test]
fn properties_with_a_default_are_not_required() {
    enforced(
        &json!({ "required": ["x", "y"], "properties": { "x": { "type": "string", "default": "a" }, "y": { "type": "string" } } }),
        &[("x", "string="), ("y", "string!=")],
    );
    // The server sets no defaults inside alternatives.
    let alternative =
        json!({ "type": "object", "required": ["x"], "properties": { "x": { "type": "string", "default": "a" } } });
    enforced(&json!({ "anyOf": [alternative, alternative] }), &[("x", "string!=")]);
}

#[test]
fn tuples_and_maps_have_only_a_kind() {
    enforced(&x(&json!({ "type": "array", "prefixItems": [{ "type": "string" }] })), &[("x", "array="), ("x[]", "")]);
    enforced(&x(&json!({ "type": "array", "items": [{ "type": "string" }] })), &[("x", "array="), ("x[]", "")]);
    enforced(&x(&json!({ "type": "object", "additionalProperties": { "type": "string" } })), &[("x", "object=")]);
    // Without a type, the keywords for objects apply to objects only.
    enforced(
        &x(&json!({ "required": ["id"], "properties": { "id": { "type": "string" } } })),
        &[("x", "object"), ("x.id", "string!=")],
    );
}

#[test]
fn a_value_that_is_not_a_schema_changes_nothing() {
    for schema in [json!(null), json!(true), json!([]), json!("x")] {
        let mut changed = workflow();
        assert_eq!(add(&mut changed, &schema, true), [""; 0]);
        assert_eq!(changed, workflow());
    }
    for schema in [
        json!({}),
        json!({ "properties": [] }),
        json!({ "properties": { "x": 5 }, "required": "x" }),
        json!({ "$ref": 5, "allOf": {}, "anyOf": 1, "enum": "x", "items": null, "additionalProperties": null }),
    ] {
        assert_eq!(with(&schema, true).1, [""; 0], "{schema}");
    }
}

#[test]
fn many_references_to_a_large_definition_are_not_all_followed() {
    // These are fewer schemas than are read, but 5 GB to copy.
    let large = json!({ "properties": { "a": { "description": "x".repeat(1024 * 1024) } } });
    let many: serde_json::Map<String, Value> =
        (0..5_000).map(|number| (format!("p{number}"), json!({ "$ref": "#/definitions/large" }))).collect();
    let (_, warnings) = with(&json!({ "properties": many, "definitions": { "large": large } }), true);
    assert_eq!(
        warnings,
        ["the schema of workflow `t` cannot be read: it is too large; what it requires there is not checked"]
    );
}

#[test]
fn long_lists_of_values_are_compared_fast() {
    let values = |from: u32| json!({ "enum": (from..from + 40_000).collect::<Vec<_>>() });
    let started = std::time::Instant::now();
    let schema = json!({ "properties": {
        "both": { "allOf": [values(0), values(20_000)] }, "either": { "anyOf": [values(0), values(20_000)] } } });
    let (workflow, warnings) = with(&schema, true);
    assert_eq!(warnings, [""; 0]);
    let allowed = |name: &str| workflow.variables[name].allowed.len();
    assert_eq!((allowed("both"), allowed("either")), (20_000, 60_000));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

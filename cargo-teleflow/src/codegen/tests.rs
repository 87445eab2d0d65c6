//! Random documents become workflow files that can be read, and Rust that parses.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use teleflow_catalog::files::Workflow;

use super::source;
use crate::documents::interpret;

/// Texts of the server's documents and of the schemas of payloads.
const KEYS: [&str; 47] = [
    "name",
    "type",
    "active",
    "steps",
    "triggers",
    "variables",
    "reservedVariables",
    "identifier",
    "template",
    "content",
    "subject",
    "title",
    "metadata",
    "delayPath",
    "digestKey",
    "filters",
    "children",
    "on",
    "field",
    "required",
    "properties",
    "items",
    "cta",
    "data",
    "url",
    "action",
    "buttons",
    "variants",
    "constructor",
    "__proto__",
    "email",
    "x: u8 } fn f() {",
    "",
    "$ref",
    "$defs",
    "anyOf",
    "oneOf",
    "allOf",
    "enum",
    "const",
    "nullable",
    "default",
    "additionalProperties",
    "subscriber",
    "toString",
    "phone",
    "Self",
];
const TEXTS: [&str; 30] = [
    "String",
    "Array",
    "Boolean",
    "email",
    "delay",
    "scheduled",
    "digest",
    "actor",
    "tenant",
    "payload",
    "string",
    "number",
    "object",
    "array",
    "items.this.sku",
    "items",
    "items.length",
    "a.b.c",
    "a..b",
    "constructor.x",
    "{{#each items as |i|}}{{i.sku}}{{../a}}{{/each}}",
    "{{a}} {{#if b.c}}{{/if}}",
    "*/ \n\"} fn f() {",
    "\u{202e}",
    "integer",
    "null",
    "#",
    "#/properties/email",
    "#/$defs/name",
    "Self",
];

fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        4 => select(TEXTS.as_slice()).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    plain.prop_recursive(6, 60, 5, |inner| {
        let object = vec((select(KEYS.as_slice()).prop_map(str::to_owned), inner.clone()), 0..6);
        prop_oneof![vec(inner, 0..4).prop_map(Value::from), object.prop_map(|fields| fields.into_iter().collect())]
    })
}

fn variable() -> impl Strategy<Value = Value> {
    let name = prop_oneof![select(TEXTS.as_slice()).prop_map(str::to_owned), any::<String>()];
    (name, select(TEXTS.as_slice()), any::<bool>())
        .prop_map(|(name, ty, required)| serde_json::json!({ "name": name, "type": ty, "required": required }))
}

fn document() -> impl Strategy<Value = Value> {
    let step = (value(), vec(variable(), 0..4), value()).prop_map(|(content, variables, step)| {
        let template = serde_json::json!({ "type": "email", "content": content, "variables": variables });
        serde_json::json!({ "template": template, "metadata": step, "filters": [step] })
    });
    (vec(step, 0..4), vec(variable(), 0..6), value()).prop_map(|(steps, variables, odd)| {
        serde_json::json!({ "name": odd, "steps": steps, "triggers": [{ "variables": variables, "reservedVariables": odd }] })
    })
}

/// A plausible schema, with references into itself.
fn schema() -> impl Strategy<Value = Value> {
    use serde_json::json;

    const NAMES: [&str; 6] = ["id", "toString", "email", "self", "a b", "items"];
    let leaf = prop_oneof![
        select(["string", "integer", "number", "boolean", "null", "array", "object"].as_slice())
            .prop_map(|ty| json!({ "type": ty })),
        select(["string", "integer", "object"].as_slice()).prop_map(|ty| json!({ "type": [ty, "null"] })),
        vec(select(TEXTS.as_slice()), 0..4).prop_map(|values| json!({ "enum": values })),
        vec(0..9, 1..3).prop_map(|values| json!({ "type": "integer", "enum": values })),
        select(["#", "#/$defs/id", "#/properties/email", "other.json"].as_slice())
            .prop_map(|reference| json!({ "$ref": reference })),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let name = select(NAMES.as_slice());
        let properties = vec((name.clone(), inner.clone()), 0..4)
            .prop_map(|all| all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect::<Value>());
        let object = (properties, vec(name, 0..3), any::<bool>()).prop_map(|(properties, required, more)| {
            json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": more, "$defs": properties })
        });
        prop_oneof![
            3 => object,
            1 => inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            1 => (select(["anyOf", "oneOf", "allOf"].as_slice()), vec(inner, 0..3)).prop_map(|(key, all)| json!({ key: all })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_becomes_a_file_and_rust(
        trigger in any::<String>(), document in prop_oneof![value(), document()], schema in prop_oneof![value(), schema()], enforced in any::<bool>(),
    ) {
        let (mut workflow, _) = interpret(&trigger, &document);
        let _ = crate::documents::add_schema(&mut workflow, &schema, enforced);
        let read = Workflow::from_json(workflow.to_json().as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&workflow));
        let source = source(&[workflow]);
        prop_assert!(syn::parse_file(&source).is_ok(), "{}", source);
    }
}

//! Serialized names.

use super::{Case, case};

/// serde's rules, and what they make of `order_id` and of `v2`.
const RULES: [(&str, &str, &str); 8] = [
    ("lowercase", "order_id", "v2"),
    ("UPPERCASE", "ORDER_ID", "V2"),
    ("PascalCase", "OrderId", "V2"),
    ("camelCase", "orderId", "v2"),
    ("snake_case", "order_id", "v2"),
    ("SCREAMING_SNAKE_CASE", "ORDER_ID", "V2"),
    ("kebab-case", "order-id", "v2"),
    ("SCREAMING-KEBAB-CASE", "ORDER-ID", "V2"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = one_by_one();
    for (rule, order_id, v2) in RULES {
        let name = rule.to_ascii_lowercase().replace('-', "_");
        let name = if rule.starts_with('S') { format!("{name}_loud") } else { name };
        let other = if order_id == "orderId" { "kebab-case" } else { "camelCase" };
        let source = format!(
            "#[workflow]\n#[serde(rename_all = \"{rule}\")]\npub struct Sent {{ order_id: u8, v2: u8, inner: Inner }}\n\
             #[payload]\n#[serde(rename_all(serialize = \"{rule}\"))]\npub struct Inner {{ order_id: u8, v2: u8 }}\n"
        );
        let inner = if v2 == "V2" && rule != "PascalCase" { "INNER" } else { "inner" };
        let inner = if rule == "PascalCase" { "Inner" } else { inner };
        let kinds = format!(
            "{{ {order_id:?}: \"number\", {v2:?}: \"number\", {inner:?}: {{ {order_id:?}: \"number\", {v2:?}: \"number\" }} }}"
        );
        let value = "Sent { order_id: 1, v2: 2, inner: Inner { order_id: 1, v2: 2 } }";
        // Changes the rule of the inner struct only, so that one name differs.
        let (was, is) = (format!("serialize = \"{rule}\""), format!("serialize = \"{other}\""));
        let twins = [(was.as_str(), is.as_str())];
        let wrong_path = format!("{inner}.{order_id}");
        if v2 == "v2" {
            cases.push(case(&format!("rule_{name}"), &kinds, &source, value, &twins, &wrong_path));
        } else {
            // This rule changes `v2` too, so `rename` keeps it.
            let source = source.replace("v2: u8 }\n", &format!("#[serde(rename = {v2:?})] v2: u8 }}\n"));
            cases.push(case(&format!("rule_{name}"), &kinds, &source, value, &twins, &wrong_path));
        }
    }
    cases
}

fn one_by_one() -> Vec<Case> {
    vec![
        case(
            "rename",
            r#"{ "orderId": "number" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(rename = "orderId")] order_id: u8 }"#,
            "Sent { order_id: 1 }",
            &[(r#""orderId""#, r#""orderID""#)],
            "orderId",
        ),
        case(
            "rename_apart",
            r#"{ "orderId": "number" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(rename(serialize = "orderId", deserialize = "x"))] order_id: u8 }"#,
            "Sent { order_id: 1 }",
            &[(r#"serialize = "orderId", deserialize = "x""#, r#"serialize = "x", deserialize = "orderId""#)],
            "orderId",
        ),
        case(
            "rename_when_read",
            r#"{ "carrier": "string" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(rename(deserialize = "x"), alias = "y")] carrier: String }"#,
            "Sent { carrier: String::new() }",
            &[(r#"deserialize = "x""#, r#"serialize = "x""#)],
            "carrier",
        ),
        case(
            "rename_over_rule",
            r#"{ "order_id": "number" }"#,
            r#"#[workflow]
               #[serde(rename_all = "camelCase")]
               pub struct Sent { #[serde(rename = "order_id")] order_id: u8 }"#,
            "Sent { order_id: 1 }",
            &[(r#"#[serde(rename = "order_id")] "#, "")],
            "order_id",
        ),
        case(
            "rule_when_read",
            r#"{ "order_id": "number" }"#,
            r#"#[workflow]
               #[serde(rename_all(deserialize = "camelCase"))]
               pub struct Sent { order_id: u8 }"#,
            "Sent { order_id: 1 }",
            &[("deserialize", "serialize")],
            "order_id",
        ),
        case(
            "by_condition",
            r#"{ "orderId": "number" }"#,
            r#"#[workflow]
               pub struct Sent { #[cfg_attr(all(), serde(rename = "orderId"))] order_id: u8 }"#,
            "Sent { order_id: 1 }",
            &[("all()", "any()")],
            "orderId",
        ),
        case(
            "raw",
            r#"{ "type": "number", "in": { "fn": "number" } }"#,
            r"#[workflow]
              pub struct Sent { r#type: u8, r#in: In }
              #[payload]
              pub struct In { r#fn: u8 }",
            "Sent { r#type: 1, r#in: In { r#fn: 1 } }",
            &[("r#fn: u8", r#"#[serde(rename = "r#fn")] r#fn: u8"#)],
            "in.fn",
        ),
        case(
            "odd",
            r#"{ "a.b": "number", "ünï 🎩": { "{}": "number", "\"\\": "number", "": "number" } }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(rename = "a.b")] a: u8, #[serde(rename = "ünï 🎩")] b: B }
               #[payload]
               pub struct B { #[serde(rename = "{}")] a: u8, #[serde(rename = "\"\\")] b: u8, #[serde(rename = "")] c: u8 }"#,
            "Sent { a: 1, b: B { a: 1, b: 1, c: 1 } }",
            &[(r#""{}""#, r#""{{}}""#)],
            "ünï 🎩.{}",
        ),
        case(
            "skipped_when_read",
            r#"{ "a": "number", "b": { "c": "number" } }"#,
            r"#[workflow]
              pub struct Sent { #[serde(skip_deserializing, default)] a: u8, b: B }
              #[payload]
              pub struct B { #[serde(skip_deserializing)] c: u8 }",
            "Sent { a: 1, b: B { c: 1 } }",
            &[("skip_deserializing, default", "skip")],
            "a",
        ),
        case(
            "skipped_inside",
            r#"{ "b": { "c": "number" } }"#,
            r"#[workflow]
              pub struct Sent { b: B }
              #[payload]
              pub struct B { #[serde(skip_deserializing)] c: u8 }",
            "Sent { b: B { c: 1 } }",
            &[("skip_deserializing", "skip_serializing")],
            "b.c",
        ),
        case(
            "perhaps",
            r#"{ "a": "number" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(default = "one")] a: u8 }
               fn one() -> u8 { 1 }
               fn is(_: &u8) -> bool { true }"#,
            "Sent { a: 1 }",
            &[(r#"default = "one""#, r#"skip_serializing_if = "is""#)],
            "a",
        ),
        case(
            "perhaps_inside",
            r#"{ "b": [{ "a": "number" }] }"#,
            r"#[workflow]
              pub struct Sent { b: Vec<B> }
              #[payload]
              pub struct B { #[serde(default)] a: u8 }
              fn is(_: &u8) -> bool { true }",
            "Sent { b: vec![B { a: 1 }] }",
            &[("default", r#"skip_serializing_if = "is""#)],
            "b[].a",
        ),
        case(
            "tag",
            r#"{ "event": "string", "b": { "event": "string" } }"#,
            r#"#[workflow]
               #[serde(tag = "event")]
               pub struct Sent { b: B }
               #[payload]
               #[serde(tag = "event", rename = "x")]
               pub struct B { a: u8 }"#,
            "Sent { b: B { a: 1 } }",
            &[(r#"tag = "event", "#, "")],
            "b.event",
        ),
        case(
            "tag_of_all",
            r#"{ "event": "string" }"#,
            r#"#[workflow]
               #[serde(tag = "event")]
               pub struct Sent { a: u8 }"#,
            "Sent { a: 1 }",
            &[(r#"tag = "event""#, r#"tag = "Event""#)],
            "event",
        ),
        case(
            "flatten",
            r#"{ "a": "number", "b": "string" }"#,
            r"#[workflow]
              pub struct Sent { a: u8, #[serde(flatten)] rest: Rest, #[serde(flatten)] more: More }
              #[payload]
              pub struct Rest { c: u8 }
              #[payload]
              pub struct More { b: String }",
            "Sent { a: 1, rest: Rest { c: 1 }, more: More { b: String::new() } }",
            &[("b: String", "bb: String")],
            "b",
        ),
        case(
            "flatten_kind",
            r#"{ "b": { "c": "string" } }"#,
            r"#[workflow]
              pub struct Sent { #[serde(flatten)] rest: Rest }
              #[payload]
              pub struct Rest { pub b: B }
              #[payload]
              pub struct B { c: String }",
            r#"Sent { rest: Rest { b: B { c: "".into() } } }"#,
            &[("c: String", "c: Vec<u8>"), (r#""".into()"#, "Vec::new()")],
            "b.c",
        ),
        case(
            "flatten_optional",
            r#"{ "b": "number" }"#,
            r"#[workflow]
              pub struct Sent { #[serde(flatten)] rest: Rest }
              #[payload]
              pub struct Rest { b: u8 }",
            "Sent { rest: Rest { b: 1 } }",
            &[("rest: Rest }", "rest: Option<Rest> }"), ("rest: Rest { b: 1 }", "rest: None")],
            "b",
        ),
        case(
            "flatten_option",
            r#"{ "b": "number" }"#,
            r"#[workflow]
              pub struct Sent { #[serde(flatten)] rest: Rest }
              #[payload]
              pub struct Rest { b: u8 }
              fn is(_: &Rest) -> bool { true }",
            "Sent { rest: Rest { b: 1 } }",
            &[("flatten", r#"flatten, skip_serializing_if = "is""#)],
            "b",
        ),
        case(
            "flatten_skipped",
            r#"{ "b": "number" }"#,
            r"#[workflow]
              pub struct Sent { #[serde(flatten)] rest: Rest }
              #[payload]
              pub struct Rest { b: u8 }",
            "Sent { rest: Rest { b: 1 } }",
            &[("flatten", "flatten, skip")],
            "b",
        ),
        case(
            "flatten_map",
            r#"{ "a": "number", "b": "number" }"#,
            r"#[workflow]
              pub struct Sent { a: u8, #[serde(flatten)] rest: BTreeMap<&'static str, u8> }",
            r#"Sent { a: 1, rest: [("b", 1)].into() }"#,
            &[("a: u8", "a: Vec<u8>"), ("a: 1", "a: vec![]")],
            "a",
        ),
        case(
            "flatten_value",
            r#"{ "b": "number" }"#,
            r"#[workflow]
              pub struct Sent {
                  #[serde(flatten)] rest: serde_json::Value,
                  #[serde(flatten)] more: serde_json::Map<String, serde_json::Value>,
              }",
            r#"Sent { rest: serde_json::json!({ "b": 1 }), more: serde_json::Map::new() }"#,
            &[],
            "",
        ),
        case(
            "flatten_twice",
            r#"{ "c": "number", "d": { "c": "number" } }"#,
            r"#[workflow]
              pub struct Sent { #[serde(flatten)] a: A, d: A }
              #[payload]
              pub struct A { #[serde(flatten)] b: B }
              #[payload]
              pub struct B { c: u8 }",
            "Sent { a: A { b: B { c: 1 } }, d: A { b: B { c: 1 } } }",
            &[],
            "",
        ),
        case(
            "flatten_enum",
            r#"{ "t": "string", "c": "number" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(flatten)] a: A }
               #[payload]
               #[serde(tag = "t")]
               pub enum A { X { c: u8 }, Y { c: u8, d: u8 } }"#,
            "Sent { a: A::Y { c: 1, d: 1 } }",
            &[("Y { c: u8,", "Y {"), ("c: 1, ", "")],
            "c",
        ),
        case(
            "flatten_generic",
            r#"{ "b": "number", "c": "number" }"#,
            r"#[workflow]
              pub struct Sent<T> { c: u8, #[serde(flatten)] rest: T }
              #[payload]
              pub struct Rest { b: u8 }",
            "Sent { c: 1, rest: Rest { b: 1 } }",
            &[],
            "",
        ),
        case(
            "flatten_inside_a_pointer",
            r#"{ "b": "number" }"#,
            r"#[workflow]
              pub struct Sent<'a> { #[serde(flatten)] rest: &'a Box<Rest> }
              #[payload]
              pub struct Rest { b: u8 }",
            "Sent { rest: &Box::new(Rest { b: 1 }) }",
            &[("b: u8", r#"#[serde(rename = "B")] b: u8"#)],
            "b",
        ),
        case(
            "into",
            r#"{ "b": "number" }"#,
            r#"#[workflow]
               #[derive(Clone)]
               #[serde(into = "Wire")]
               pub struct Sent { a: u8 }
               #[payload]
               pub struct Wire { b: u8 }
               impl From<Sent> for Wire { fn from(sent: Sent) -> Self { Self { b: sent.a } } }"#,
            "Sent { a: 1 }",
            &[("Wire { b: u8 }", r#"Wire { #[serde(rename = "a")] b: u8 }"#)],
            "b",
        ),
        case(
            "macro_made",
            r#"{ "a": "string", "b": "number" }"#,
            r#"macro_rules! sent { ($($name:ident: $ty:ty as $wire:literal),*) => {
               #[workflow]
               pub struct Sent { $(#[serde(rename = $wire)] $name: $ty),* } } }
               sent!(x: String as "a", y: u8 as "b");"#,
            "Sent { x: String::new(), y: 1 }",
            &[(r#"as "b""#, r#"as "c""#)],
            "b",
        ),
        case(
            "generic",
            r#"{ "a": "string", "b": "number", "c": ["number"] }"#,
            r"#[workflow]
              pub struct Sent<'a, T, const N: usize> where T: Clone { a: &'a str, b: T, c: Row<N> }
              #[payload]
              pub struct Row<const N: usize>([u8; 2]);",
            r#"Sent { a: "", b: 1, c: Row::<2>([1, 1]) }"#,
            &[("a: &'a str", r#"#[serde(rename = "A")] a: &'a str"#)],
            "a",
        ),
    ]
}

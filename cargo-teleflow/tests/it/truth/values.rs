//! What serde writes under a name.

use super::{Case, case};

/// A case with one field: type and value, and those of the twin.
fn field(name: &str, wants: &str, fit: [&str; 2], unfit: [&str; 2], blamed: &str) -> Case {
    let source = "#[workflow]\npub struct Sent<'a> { field: TYPE, _a: std::marker::PhantomData<&'a ()> }";
    let value = "Sent { field: VALUE, _a: std::marker::PhantomData }";
    let mut case = case(name, &format!("{{ \"field\": {wants} }}"), &source.replace("TYPE", fit[0]), "", &[], blamed);
    case.value = value.replace("VALUE", fit[1]);
    if !unfit[0].is_empty() {
        let part = |was: &str, is: &str| (format!("field: {was},"), format!("field: {is},"));
        case.twin = vec![part(fit[0], unfit[0])];
        if fit[1] != unfit[1] {
            case.twin.push(part(fit[1], unfit[1]));
        }
    }
    case
}

/// One that has no twin.
const NONE: [&str; 2] = ["", ""];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = of_std();
    cases.extend(of_ones_own());
    cases
}

fn of_std() -> Vec<Case> {
    vec![
        field("text", "\"string\"", ["String", "String::new()"], ["u8", "1"], "field"),
        field("text_str", "\"string\"", ["&'a str", "\"\""], ["&'a u8", "&1"], "field"),
        field("text_char", "\"string\"", ["char", "'x'"], ["u8", "1"], "field"),
        field(
            "text_cow",
            "\"string\"",
            ["Cow<'a, str>", "Cow::Borrowed(\"\")"],
            ["Cow<'a, [u8]>", "Cow::Borrowed(&[1][..])"],
            "field",
        ),
        field("text_box", "\"string\"", ["Box<str>", "\"\".into()"], ["Box<[u8]>", "vec![].into()"], "field"),
        field(
            "text_path",
            "\"string\"",
            ["std::path::PathBuf", "\"a\".into()"],
            ["std::time::Duration", "std::time::Duration::ZERO"],
            "field",
        ),
        field(
            "text_ip",
            "\"string\"",
            ["std::net::Ipv4Addr", "[127, 0, 0, 1].into()"],
            ["[u8; 4]", "[127, 0, 0, 1]"],
            "field",
        ),
        field("number", "\"number\"", ["u8", "1"], ["&'a str", "\"1\""], "field"),
        field("number_float", "\"number\"", ["f64", "1.5"], ["bool", "true"], "field"),
        field(
            "number_not_zero",
            "\"number\"",
            ["std::num::NonZeroU8", "std::num::NonZeroU8::MIN"],
            ["Option<std::num::NonZeroU8>", "None"],
            "field",
        ),
        field(
            "number_wrapping",
            "\"number\"",
            ["std::num::Wrapping<u8>", "std::num::Wrapping(1)"],
            ["std::num::Wrapping<bool>", "std::num::Wrapping(true)"],
            "field",
        ),
        field("number_wide", "\"number\"", ["i128", "1"], ["char", "'1'"], "field"),
        field("flag", "\"boolean\"", ["bool", "true"], ["u8", "1"], "field"),
        field(
            "flag_cell",
            "\"boolean\"",
            ["std::cell::Cell<bool>", "std::cell::Cell::new(true)"],
            ["std::cell::Cell<Option<bool>>", "std::cell::Cell::new(None)"],
            "field",
        ),
        field(
            "flag_atomic",
            "\"boolean\"",
            ["std::sync::atomic::AtomicBool", "true.into()"],
            ["std::sync::Mutex<String>", "String::new().into()"],
            "field",
        ),
        field(
            "date",
            "\"date\"",
            ["DeliverAt", "DeliverAt::after(std::time::Duration::from_secs(60)).unwrap()"],
            ["Option<DeliverAt>", "None"],
            "field",
        ),
        field("list", "[\"number\"]", ["Vec<u8>", "vec![1]"], ["Vec<Option<u8>>", "vec![None]"], "field[]"),
        field(
            "list_of_lists",
            "[[\"string\"]]",
            ["Vec<Vec<&'a str>>", "vec![vec![\"\"]]"],
            ["Vec<Vec<u8>>", "vec![vec![1]]"],
            "field[][]",
        ),
        field("list_slice", "[\"number\"]", ["&'a [u8]", "&[1]"], ["&'a [&'a str]", "&[\"1\"]"], "field[]"),
        field(
            "list_deque",
            "[\"number\"]",
            ["VecDeque<u8>", "[1].into()"],
            ["VecDeque<bool>", "[true].into()"],
            "field[]",
        ),
        field(
            "list_set",
            "[\"number\"]",
            ["HashSet<u8>", "[1].into()"],
            ["HashMap<u8, u8>", "[(1, 1)].into()"],
            "field",
        ),
        field("list_tuple", "[\"number\"]", ["(u8, u8)", "(1, 2)"], ["Option<(u8, u8)>", "None"], "field"),
        field(
            "object",
            "\"object\"",
            ["BTreeMap<String, u8>", "BTreeMap::new()"],
            ["BTreeSet<String>", "BTreeSet::new()"],
            "field",
        ),
        field(
            "object_duration",
            "{ \"secs\": \"number\" }",
            ["std::time::Duration", "std::time::Duration::ZERO"],
            ["u8", "1"],
            "field",
        ),
        field(
            "object_time",
            "{ \"secs_since_epoch\": \"number\" }",
            ["std::time::SystemTime", "std::time::UNIX_EPOCH"],
            ["std::time::Duration", "std::time::Duration::ZERO"],
            "field.secs_since_epoch",
        ),
        field(
            "object_map",
            "{ \"a\": \"number\" }",
            ["HashMap<&'a str, u8>", "[(\"a\", 1)].into()"],
            ["&'a str", "\"\""],
            "field",
        ),
        field(
            "object_json",
            "{ \"a\": \"number\" }",
            ["serde_json::Map<String, serde_json::Value>", "[(\"a\".to_owned(), 1.into())].into_iter().collect()"],
            ["Vec<serde_json::Value>", "vec![]"],
            "field",
        ),
        field(
            "any_json",
            "{ \"a\": [\"string\"] }",
            ["serde_json::Value", "serde_json::json!({ \"a\": [\"b\"] })"],
            ["Option<serde_json::Value>", "None"],
            "field",
        ),
        field(
            "map_of_lists",
            "{ \"a\": [\"string\"] }",
            ["HashMap<&'a str, Vec<&'a str>>", "[(\"a\", vec![\"\"])].into()"],
            NONE,
            "",
        ),
        field("unit", "\"string\"", ["&'a &'a str", "&\"\""], ["()", "()"], "field"),
        field(
            "nested_option",
            "\"number\"",
            ["Box<u8>", "Box::new(1)"],
            ["Box<Option<u8>>", "Box::new(None)"],
            "field",
        ),
    ]
}

fn of_ones_own() -> Vec<Case> {
    vec![
        case(
            "newtype",
            r#"{ "a": "string", "b": ["string"] }"#,
            "#[workflow]\npub struct Sent { a: Sku, b: Vec<Sku> }\n#[payload]\npub struct Sku(String);",
            "Sent { a: Sku(String::new()), b: vec![] }",
            &[
                ("a: Sku,", "a: Count,"),
                ("Sku(String);", "Sku(String);\n#[payload]\npub struct Count(u8);"),
                ("a: Sku(String::new())", "a: Count(1)"),
            ],
            "a",
        ),
        case(
            "transparent",
            r#"{ "a": "string" }"#,
            "#[workflow]\npub struct Sent { a: Sku }\n#[payload]\n#[serde(transparent)]\npub struct Sku { text: String }",
            "Sent { a: Sku { text: String::new() } }",
            &[("#[serde(transparent)]", "")],
            "a",
        ),
        case(
            "transparent_object",
            r#"{ "a": { "text": "string" } }"#,
            "#[workflow]\npub struct Sent { a: Sku }\n#[payload]\npub struct Sku { text: String }",
            "Sent { a: Sku { text: String::new() } }",
            &[("pub struct Sku", "#[serde(transparent)]\npub struct Sku")],
            "a",
        ),
        case(
            "tuple_struct",
            r#"{ "a": ["number"] }"#,
            "#[workflow]\npub struct Sent { a: Pair }\n#[payload]\npub struct Pair(u8, u8);",
            "Sent { a: Pair(1, 2) }",
            &[("Pair(u8, u8)", "Pair(u8, #[serde(skip)] u8)"), ("u8, #", "String, #"), ("Pair(1", "Pair(\"\".into()")],
            "a[]",
        ),
        case(
            "unit_struct",
            r#"{ "a": "object" }"#,
            "#[workflow]\npub struct Sent { a: Empty }\n#[payload]\npub struct Empty {}",
            "Sent { a: Empty {} }",
            &[("Empty {}", "Empty"), ("struct Empty", "struct Empty;")],
            "a",
        ),
        case(
            "as_string",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            "#[workflow]\npub struct Sent { #[serde(with = \"teleflow::as_string\")] a: u64, b: B }\n\
             #[payload]\npub struct B { #[serde(serialize_with = \"teleflow::as_string::serialize\")] c: u64 }",
            "Sent { a: 1, b: B { c: 1 } }",
            &[("#[serde(serialize_with = \"teleflow::as_string::serialize\")] ", "")],
            "b.c",
        ),
        case(
            "as_string_for_a_number",
            r#"{ "a": "number" }"#,
            "#[workflow]\npub struct Sent { a: u64 }",
            "Sent { a: 1 }",
            &[("a: u64", "#[serde(with = \"teleflow::as_string\")] a: u64")],
            "a",
        ),
        case(
            "as_string_of_an_optional",
            r#"{ "a": "string" }"#,
            "#[workflow]\npub struct Sent { #[serde(with = \"teleflow::as_string\")] a: Shown }\npub type Shown = std::num::NonZeroU8;",
            "Sent { a: Shown::MIN }",
            &[],
            "",
        ),
        case(
            "with",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            "#[workflow]\npub struct Sent { #[serde(serialize_with = \"text\")] a: Vec<u8>, b: B }\n\
             #[payload]\npub struct B { #[serde(serialize_with = \"text\")] c: Vec<u8> }\n\
             fn text<S: Serializer>(_: &[u8], to: S) -> Result<S::Ok, S::Error> { to.serialize_str(\"\") }",
            "Sent { a: vec![], b: B { c: vec![] } }",
            &[],
            "",
        ),
        case(
            "with_and_kind",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            "#[workflow]\npub struct Sent { #[teleflow(kind = \"string\")] #[serde(serialize_with = \"text\")] a: Option<u8>, b: B }\n\
             #[payload]\npub struct B { #[teleflow(kind = \"string\")] #[serde(serialize_with = \"text\")] c: Option<u8> }\n\
             fn text<S: Serializer>(_: &Option<u8>, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(\"\") }",
            "Sent { a: None, b: B { c: None } }",
            &[],
            "",
        ),
        case(
            "by_hand",
            r#"{ "a": "string", "b": ["string"] }"#,
            "#[workflow]\npub struct Sent { a: Money, b: Vec<Money> }\n#[derive(TeleflowPayload)]\n#[teleflow(kind = \"string\")]\npub struct Money { cents: u8 }\n\
             impl Serialize for Money { fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(&self.cents) } }",
            "Sent { a: Money { cents: 1 }, b: vec![] }",
            &[
                ("#[teleflow(kind = \"string\")]", "#[teleflow(kind = \"number\")]"),
                ("collect_str(&self", "serialize_u8(self"),
                ("b: Vec<Money>", "b: Vec<String>"),
            ],
            "a",
        ),
        case(
            "into_a_text",
            r#"{ "a": "string" }"#,
            "#[workflow]\npub struct Sent { a: Money }\n#[payload]\n#[derive(Clone)]\n#[serde(into = \"Wire\")]\npub struct Money { cents: u8 }\n\
             type Wire = String;\nimpl From<Money> for Wire { fn from(of: Money) -> Self { Wire::from_utf8(vec![of.cents]).unwrap() } }",
            "Sent { a: Money { cents: 48 } }",
            &[
                ("type Wire = String;", "type Wire = Vec<u8>;"),
                ("Wire::from_utf8(vec![of.cents]).unwrap()", "vec![of.cents]"),
            ],
            "a",
        ),
        case(
            "generic_inside",
            r#"{ "a": { "id": "number", "more": { "sku": "string" } } }"#,
            "#[workflow]\npub struct Sent { a: With<Item> }\n#[payload]\npub struct With<T> { id: u8, more: T }\n#[payload]\npub struct Item { sku: String }",
            "Sent { a: With { id: 1, more: Item { sku: String::new() } } }",
            &[("sku: String }", "#[serde(rename = \"SKU\")] sku: String }")],
            "a.more.sku",
        ),
        case(
            "constant_inside",
            r#"{ "a": { "cells": [["number"]], "id": "string" } }"#,
            "#[workflow]\npub struct Sent { a: Grid<2> }\n#[payload]\npub struct Row<const N: usize>([u8; 2]);\n#[payload]\npub struct Grid<const N: usize> { cells: Vec<Row<N>>, id: &'static str }",
            "Sent { a: Grid { cells: vec![Row([1, 1])], id: \"\" } }",
            &[("id: &'static str", "id: bool"), ("id: \"\"", "id: true")],
            "a.id",
        ),
        case(
            "borrowed_inside",
            r#"{ "a": [{ "sku": "string", "of": { "x": "number" } }] }"#,
            "#[workflow]\nstruct Sent<'a> { a: &'a [Item<'a, 'a>] }\n#[payload]\nstruct Item<'a, 'b: 'a> { sku: Cow<'a, str>, of: &'b Of }\n#[payload]\nstruct Of { x: u8 }",
            "Sent { a: &[Item { sku: Cow::Borrowed(\"\"), of: &Of { x: 1 } }] }",
            &[("x: u8", "x: Option<u8>"), ("x: 1", "x: None")],
            "a[].of.x",
        ),
        case(
            "recursive",
            r#"{ "a": { "name": "string", "children": [{ "name": "string", "parent": { "name": "string" } }] } }"#,
            "#[workflow]\nstruct Sent { a: Node }\n#[payload]\nstruct Node { name: String, children: Vec<Child> }\n#[payload]\nstruct Child { name: String, parent: Box<Parent> }\n\
             #[payload]\nstruct Parent { name: String, of: Vec<Node>, also: Option<Box<Self>> }",
            "Sent { a: Node { name: String::new(), children: vec![Child { name: String::new(), parent: Box::new(Parent { name: String::new(), of: vec![], also: None }) }] } }",
            &[("Parent { name: String,", "Parent { #[serde(rename = \"Name\")] name: String,")],
            "a.children[].parent.name",
        ),
        case(
            "alias",
            r#"{ "a": "number", "b": ["string"] }"#,
            "#[workflow]\npub struct Sent { a: Id, b: Names }\npub type Id = u64;\npub type Names = Vec<Name>;\npub type Name = String;",
            "Sent { a: 1, b: vec![String::new()] }",
            &[
                ("type Name = String", "type Name = char"),
                ("String::new()", "'x'"),
                ("type Id = u64", "type Id = bool"),
                ("a: 1", "a: true"),
            ],
            "a",
        ),
        case(
            "inside_a_function",
            r#"{ "a": { "b": "number" } }"#,
            "fn sent() -> impl Serialize {\n#[payload]\nstruct A { b: u8 }\n#[workflow]\nstruct Sent { a: A }\nSent { a: A { b: 1 } } }",
            "sent()",
            &[("b: u8", "#[serde(rename = \"B\")] b: u8")],
            "a.b",
        ),
        case(
            "less_public",
            r#"{ "a": { "b": "object" } }"#,
            "#[workflow]\npub struct Sent { a: A }\n#[payload]\npub struct A { b: B }\n#[payload]\nstruct B { c: u8 }",
            "Sent { a: A { b: B { c: 1 } } }",
            &[("struct B { c: u8 }", "struct B(Vec<u8>);"), ("B { c: 1 }", "B(vec![])")],
            "a.b",
        ),
        case(
            "perhaps_and_optional",
            r#"{ "a": { "b": "number" } }"#,
            "#[workflow]\npub struct Sent { a: A }\n#[payload]\npub struct A { b: u8, #[serde(skip_serializing_if = \"Option::is_none\")] c: Option<u8> }",
            "Sent { a: A { b: 1, c: None } }",
            &[("b: u8, ", ""), ("b: 1, ", ""), ("is_none\"", "is_none\", rename = \"b\"")],
            "a.b",
        ),
        case(
            "elsewhere",
            r#"{ "a": { "b": "number" }, "c": { "b": "number" } }"#,
            "mod one { use super::*;\n#[payload]\npub struct A { pub(super) b: u8 } }\nmod two { use super::*;\n#[payload]\npub struct A { pub(super) b: u8 } }\n\
             #[workflow]\npub struct Sent { a: one::A, c: self::two::A }",
            "Sent { a: one::A { b: 1 }, c: two::A { b: 1 } }",
            &[("pub(super) b: u8 } }\nm", "#[serde(rename = \"x\")] pub(super) b: u8 } }\nm")],
            "a.b",
        ),
    ]
}

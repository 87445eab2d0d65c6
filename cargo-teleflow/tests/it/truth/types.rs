//! Custom types.

use super::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "newtype",
            r#"{ "a": "string", "b": ["string"] }"#,
            r"#[workflow]
              pub struct Sent { a: Sku, b: Vec<Sku> }
              #[payload]
              pub struct Sku(String);",
            "Sent { a: Sku(String::new()), b: vec![] }",
            &[
                ("a: Sku,", "a: Count,"),
                ("Sku(String);", "Sku(String); #[payload] pub struct Count(u8);"),
                ("a: Sku(String::new())", "a: Count(1)"),
            ],
            "a",
        ),
        case(
            "transparent",
            r#"{ "a": "string" }"#,
            r"#[workflow]
              pub struct Sent { a: Sku }
              #[payload]
              #[serde(transparent)]
              pub struct Sku { text: String }",
            "Sent { a: Sku { text: String::new() } }",
            &[("#[serde(transparent)]", "")],
            "a",
        ),
        case(
            "transparent_object",
            r#"{ "a": { "text": "string" } }"#,
            r"#[workflow]
              pub struct Sent { a: Sku }
              #[payload]
              pub struct Sku { text: String }",
            "Sent { a: Sku { text: String::new() } }",
            &[("pub struct Sku", "#[serde(transparent)] pub struct Sku")],
            "a",
        ),
        case(
            "tuple_struct",
            r#"{ "a": ["number"] }"#,
            r"#[workflow]
              pub struct Sent { a: Pair }
              #[payload]
              pub struct Pair(u8, u8);",
            "Sent { a: Pair(1, 2) }",
            &[("Pair(u8, u8)", "Pair(u8, #[serde(skip)] u8)"), ("u8, #", "String, #"), ("Pair(1", r#"Pair("".into()"#)],
            "a[]",
        ),
        case(
            "unit_struct",
            r#"{ "a": "object" }"#,
            r"#[workflow]
              pub struct Sent { a: Empty }
              #[payload]
              pub struct Empty {}",
            "Sent { a: Empty {} }",
            &[("Empty {}", "Empty"), ("struct Empty", "struct Empty;")],
            "a",
        ),
        case(
            "as_string",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(with = "teleflow::as_string")] a: u64, b: B }
               #[payload]
               pub struct B { #[serde(serialize_with = "teleflow::as_string::serialize")] c: u64 }"#,
            "Sent { a: 1, b: B { c: 1 } }",
            &[(r#"#[serde(serialize_with = "teleflow::as_string::serialize")] "#, "")],
            "b.c",
        ),
        case(
            "as_string_for_a_number",
            r#"{ "a": "number" }"#,
            r"#[workflow]
              pub struct Sent { a: u64 }",
            "Sent { a: 1 }",
            &[("a: u64", r#"#[serde(with = "teleflow::as_string")] a: u64"#)],
            "a",
        ),
        case(
            "as_string_of_an_optional",
            r#"{ "a": "string" }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(with = "teleflow::as_string")] a: Shown }
               pub type Shown = std::num::NonZeroU8;"#,
            "Sent { a: Shown::MIN }",
            &[],
            "",
        ),
        case(
            "with",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            r#"#[workflow]
               pub struct Sent { #[serde(serialize_with = "text")] a: Vec<u8>, b: B }
               #[payload]
               pub struct B { #[serde(serialize_with = "text")] c: Vec<u8> }
               fn text<S: Serializer>(_: &[u8], to: S) -> Result<S::Ok, S::Error> { to.serialize_str("") }"#,
            "Sent { a: vec![], b: B { c: vec![] } }",
            &[],
            "",
        ),
        case(
            "with_and_kind",
            r#"{ "a": "string", "b": { "c": "string" } }"#,
            r#"#[workflow]
               pub struct Sent { #[teleflow(kind = "string")] #[serde(serialize_with = "text")] a: Option<u8>, b: B }
               #[payload]
               pub struct B { #[teleflow(kind = "string")] #[serde(serialize_with = "text")] c: Option<u8> }
               fn text<S: Serializer>(_: &Option<u8>, to: S) -> Result<S::Ok, S::Error> { to.serialize_str("") }"#,
            "Sent { a: None, b: B { c: None } }",
            &[],
            "",
        ),
        case(
            "by_hand",
            r#"{ "a": "string", "b": ["string"] }"#,
            r#"#[workflow]
               pub struct Sent { a: Money, b: Vec<Money> }
               #[derive(TeleflowPayload)]
               #[teleflow(kind = "string")]
               pub struct Money { cents: u8 }
               impl Serialize for Money {
                   fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(&self.cents) }
               }"#,
            "Sent { a: Money { cents: 1 }, b: vec![] }",
            &[
                (r#"#[teleflow(kind = "string")]"#, r#"#[teleflow(kind = "number")]"#),
                ("collect_str(&self", "serialize_u8(self"),
                ("b: Vec<Money>", "b: Vec<String>"),
            ],
            "a",
        ),
        case(
            "into_a_text",
            r#"{ "a": "string" }"#,
            r#"#[workflow]
               pub struct Sent { a: Money }
               #[payload]
               #[derive(Clone)]
               #[serde(into = "Wire")]
               pub struct Money { cents: u8 }
               type Wire = String;
               impl From<Money> for Wire { fn from(of: Money) -> Self { Wire::from_utf8(vec![of.cents]).unwrap() } }"#,
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
            r"#[workflow]
              pub struct Sent { a: With<Item> }
              #[payload]
              pub struct With<T> { id: u8, more: T }
              #[payload]
              pub struct Item { sku: String }",
            "Sent { a: With { id: 1, more: Item { sku: String::new() } } }",
            &[("sku: String }", r#"#[serde(rename = "SKU")] sku: String }"#)],
            "a.more.sku",
        ),
        case(
            "constant_inside",
            r#"{ "a": { "cells": [["number"]], "id": "string" } }"#,
            r"#[workflow]
              pub struct Sent { a: Grid<2> }
              #[payload]
              pub struct Row<const N: usize>([u8; 2]);
              #[payload]
              pub struct Grid<const N: usize> { cells: Vec<Row<N>>, id: &'static str }",
            r#"Sent { a: Grid { cells: vec![Row([1, 1])], id: "" } }"#,
            &[("id: &'static str", "id: bool"), (r#"id: """#, "id: true")],
            "a.id",
        ),
        case(
            "borrowed_inside",
            r#"{ "a": [{ "sku": "string", "of": { "x": "number" } }] }"#,
            r"#[workflow]
              struct Sent<'a> { a: &'a [Item<'a, 'a>] }
              #[payload]
              struct Item<'a, 'b: 'a> { sku: Cow<'a, str>, of: &'b Of }
              #[payload]
              struct Of { x: u8 }",
            r#"Sent { a: &[Item { sku: Cow::Borrowed(""), of: &Of { x: 1 } }] }"#,
            &[("x: u8", "x: Option<u8>"), ("x: 1", "x: None")],
            "a[].of.x",
        ),
        case(
            "recursive",
            r#"{ "a": { "name": "string", "children": [{ "name": "string", "parent": { "name": "string" } }] } }"#,
            r"#[workflow]
              struct Sent { a: Node }
              #[payload]
              struct Node { name: String, children: Vec<Child> }
              #[payload]
              struct Child { name: String, parent: Box<Parent> }
              #[payload]
              struct Parent { name: String, of: Vec<Node>, also: Option<Box<Self>> }",
            "{
                let parent = Box::new(Parent { name: String::new(), of: vec![], also: None });
                Sent { a: Node { name: String::new(), children: vec![Child { name: String::new(), parent }] } }
            }",
            &[("Parent { name: String,", r#"Parent { #[serde(rename = "Name")] name: String,"#)],
            "a.children[].parent.name",
        ),
        case(
            "alias",
            r#"{ "a": "number", "b": ["string"] }"#,
            r"#[workflow]
              pub struct Sent { a: Id, b: Names }
              pub type Id = u64;
              pub type Names = Vec<Name>;
              pub type Name = String;",
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
            r"fn sent() -> impl Serialize {
              #[payload]
              struct A { b: u8 }
              #[workflow]
              struct Sent { a: A }
              Sent { a: A { b: 1 } } }",
            "sent()",
            &[("b: u8", r#"#[serde(rename = "B")] b: u8"#)],
            "a.b",
        ),
        case(
            "less_public",
            r#"{ "a": { "b": "object" } }"#,
            r"#[workflow]
              pub struct Sent { a: A }
              #[payload]
              pub struct A { b: B }
              #[payload]
              struct B { c: u8 }",
            "Sent { a: A { b: B { c: 1 } } }",
            &[("struct B { c: u8 }", "struct B(Vec<u8>);"), ("B { c: 1 }", "B(vec![])")],
            "a.b",
        ),
        case(
            "perhaps_and_optional",
            r#"{ "a": { "b": "number" } }"#,
            r#"#[workflow]
               pub struct Sent { a: A }
               #[payload]
               pub struct A { b: u8, #[serde(skip_serializing_if = "Option::is_none")] c: Option<u8> }"#,
            "Sent { a: A { b: 1, c: None } }",
            &[("b: u8, ", ""), ("b: 1, ", ""), (r#"is_none""#, r#"is_none", rename = "b""#)],
            "a.b",
        ),
        case(
            "elsewhere",
            r#"{ "a": { "b": "number" }, "c": { "b": "number" } }"#,
            r"mod one { use super::*;
              #[payload]
              pub struct A { pub(super) b: u8 /* 1 */ } }
              mod two { use super::*;
              #[payload]
              pub struct A { pub(super) b: u8 } }
              #[workflow]
              pub struct Sent { a: one::A, c: self::two::A }",
            "Sent { a: one::A { b: 1 }, c: two::A { b: 1 } }",
            &[("pub(super) b: u8 /* 1 */", r#"#[serde(rename = "x")] pub(super) b: u8"#)],
            "a.b",
        ),
    ]
}

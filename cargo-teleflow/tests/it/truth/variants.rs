//! Enums: the four representations of serde, and rules for all variants.

use super::{Case, case, json_kind};

/// A case with one enum under the name `by`.
fn by(name: &str, kinds: &str, source: &str, value: &str, twin: &[(&str, &str)], wrong_path: &str) -> Case {
    let source = format!("#[workflow]\npub struct Sent {{ by: By }}\n#[payload]\n{source}");
    case(
        name,
        &format!("{{ \"by\": {} }}", json_kind(kinds)),
        &source,
        &format!("Sent {{ by: {value} }}"),
        twin,
        wrong_path,
    )
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = with_a_name_around();
    cases.extend(with_a_tag());
    cases.extend(with_nothing());
    cases
}

fn with_a_name_around() -> Vec<Case> {
    vec![
        by(
            "names",
            "string",
            r#"#[serde(rename_all = "camelCase")] pub enum By { Post, Drone }"#,
            "By::Post",
            &[("Post, Drone", "Post(u8), Drone(u8)"), ("By::Post", "By::Post(1)")],
            "by",
        ),
        by(
            "names_skipped",
            "string",
            "pub enum By { Post, #[serde(skip)] Drone(u8) }",
            "By::Post",
            &[("Post, #[serde(skip)] Drone(u8)", "Drone(u8)"), ("By::Post", "By::Drone(1)")],
            "by",
        ),
        by(
            "one_variant",
            r#"{ "post": "object" }"#,
            r#"#[serde(rename_all = "lowercase")] pub enum By { Post { city: String } }"#,
            "By::Post { city: String::new() }",
            &[("lowercase", "UPPERCASE")],
            "by.post",
        ),
        by(
            "one_variant_renamed",
            r#"{ "mail": "number" }"#,
            r#"#[serde(rename_all = "lowercase")] pub enum By { #[serde(rename = "mail")] Post(u8) }"#,
            "By::Post(1)",
            &[("Post(u8)", "Post(u8, u8)"), ("Post(1)", "Post(1, 2)")],
            "by.mail",
        ),
        by(
            "one_variant_of_a_type",
            r#"{ "Post": { "city": "string" } }"#,
            r"pub enum By { Post(Post) }
              #[payload]
              pub struct Post { city: String }",
            "By::Post(Post { city: String::new() })",
            &[("city: String }", r#"#[serde(rename = "town")] city: String }"#)],
            "by.Post.city",
        ),
        by(
            "several_variants",
            r#"{ "Post": "number" }"#,
            "pub enum By { Post(u8) }",
            "By::Post(1)",
            &[("Post(u8)", "Post(u8), Drone(u8)"), ("By::Post", "By::Drone")],
            "by.Post",
        ),
        by(
            "in_a_variant_with",
            r#"{ "Post": "string" }"#,
            r#"pub enum By { #[serde(serialize_with = "text")] Post(u8) }
               fn text<S: Serializer>(_: &u8, to: S) -> Result<S::Ok, S::Error> { to.serialize_str("") }"#,
            "By::Post(1)",
            &[],
            "",
        ),
        by(
            "in_a_list",
            r#"["string"]"#,
            r"pub struct By(Vec<Size>);
              #[payload]
              pub enum Size { S, M }",
            "By(vec![Size::M])",
            &[
                ("M }", "M } impl Size { const fn n(self) -> u8 { self as u8 } }"),
                ("Vec<Size>", "Vec<u8>"),
                ("Size::M", "Size::M.n()"),
            ],
            "by[]",
        ),
    ]
}

fn with_a_tag() -> Vec<Case> {
    vec![
        by(
            "tagged",
            r#"{ "how": "string", "city": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { street: u8, city: String }, Drone { city: String } }"#,
            "By::Drone { city: String::new() }",
            &[("Drone { city: String }", r#"Drone { #[serde(rename = "town")] city: String }"#)],
            "by.city",
        ),
        by(
            "tagged_by_another",
            r#"{ "how": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { city: String }, Drone }"#,
            "By::Drone",
            &[(r#""how""#, r#""HOW""#)],
            "by.how",
        ),
        by(
            "tagged_and_unlike",
            r#"{ "city": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { city: String }, Drone { city: String } }"#,
            "By::Drone { city: String::new() }",
            &[("city: String }, Drone { city: String }", "city: u8 }, Drone { city: u8 }"), ("String::new()", "1")],
            "by.city",
        ),
        by(
            "tagged_rules",
            r#"{ "shipTo": "string" }"#,
            r#"#[serde(tag = "how", rename_all_fields = "camelCase")] pub enum By { Post { ship_to: String }, #[serde(rename_all = "camelCase")] Drone { ship_to: String } }"#,
            "By::Drone { ship_to: String::new() }",
            &[(r#"rename_all = "camelCase""#, r#"rename_all = "kebab-case""#)],
            "by.shipTo",
        ),
        by(
            "tagged_rule_of_variants",
            r#"{ "ship_to": "string" }"#,
            r#"#[serde(tag = "how", rename_all = "camelCase")] pub enum By { Post { ship_to: String } }"#,
            "By::Post { ship_to: String::new() }",
            &[("rename_all", "rename_all_fields")],
            "by.ship_to",
        ),
        by(
            "tagged_with_a_unit",
            r#"{ "how": "string", "city": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { city: String }, #[serde(skip)] Drone }"#,
            "By::Post { city: String::new() }",
            &[("#[serde(skip)] ", ""), ("By::Post { city: String::new() }", "By::Drone")],
            "by.city",
        ),
        by(
            "tagged_with_a_type",
            r#"{ "how": "string", "city": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post(Post), Drone { city: String } } #[payload] pub struct Post { city: String }"#,
            "By::Post(Post { city: String::new() })",
            &[],
            "",
        ),
        by(
            "tagged_rule_when_written",
            r#"{ "shipTo": "string" }"#,
            r#"#[serde(tag = "how", rename_all_fields(serialize = "camelCase"))] pub enum By { Post { ship_to: String } }"#,
            "By::Post { ship_to: String::new() }",
            &[("serialize", "deserialize")],
            "by.shipTo",
        ),
        by(
            "tagged_perhaps",
            r#"{ "city": "number" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { city: u8 }, Drone { #[serde(default)] city: u8 } } fn is(_: &u8) -> bool { true }"#,
            "By::Drone { city: 1 }",
            &[("default", r#"skip_serializing_if = "is""#)],
            "by.city",
        ),
        by(
            "tagged_and_flattened",
            r#"{ "how": "string", "city": "string" }"#,
            r#"#[serde(tag = "how")] pub enum By { Post { city: String }, Drone { #[serde(flatten)] to: Post } } #[payload] pub struct Post { city: String }"#,
            "By::Drone { to: Post { city: String::new() } }",
            &[],
            "",
        ),
        by(
            "beside",
            r#"{ "how": "string", "what": { "city": "string" } }"#,
            r#"#[serde(tag = "how", content = "what")] pub enum By { Post(Post), Drone(Post) } #[payload] pub struct Post { city: String }"#,
            "By::Drone(Post { city: String::new() })",
            &[(r#"content = "what""#, r#"content = "why""#)],
            "by.what",
        ),
        by(
            "beside_nothing",
            r#"{ "what": "object" }"#,
            r#"#[serde(tag = "how", content = "what")] pub enum By { Post { city: String }, Drone {} }"#,
            "By::Drone {}",
            &[("Drone {}", "Drone")],
            "by.what",
        ),
        by(
            "beside_a_list",
            r#"{ "what": "array" }"#,
            r#"#[serde(tag = "how", content = "what")] pub enum By { Post(u8, u8), Drone(u8, u8) }"#,
            "By::Drone(1, 2)",
            &[("Post(u8, u8), Drone(u8, u8)", "Post(u8), Drone(u8)"), ("(1, 2)", "(1)")],
            "by.what",
        ),
        by(
            "beside_one_deeper",
            r#"{ "what": { "city": "string" } }"#,
            r#"#[serde(tag = "how", content = "what")] pub enum By { Post(Post), Drone(Post) } #[payload] pub struct Post { city: String }"#,
            "By::Drone(Post { city: String::new() })",
            &[("city: String }", "city: Option<String> }"), ("String::new()", "None")],
            "by.what.city",
        ),
    ]
}

fn with_nothing() -> Vec<Case> {
    vec![
        by(
            "bare_texts",
            "string",
            "#[serde(untagged)] pub enum By { Post(String), Drone(String) }",
            "By::Drone(String::new())",
            &[("Post(String), Drone(String)", "Post(u8), Drone(u8)"), ("String::new()", "1")],
            "by",
        ),
        by(
            "bare_objects",
            r#"{ "city": "string" }"#,
            "#[serde(untagged)] pub enum By { Post { city: String, street: u8 }, Drone { city: String } }",
            "By::Drone { city: String::new() }",
            &[("Drone { city: String }", "Drone { #[serde(skip)] city: String }")],
            "by.city",
        ),
        by(
            "bare_lists",
            r#"["number"]"#,
            "#[serde(untagged)] pub enum By { Post(u8, u8), Drone(u8, u8, u8) }",
            "By::Post(1, 2)",
            &[("Post(u8, u8), Drone(u8, u8, u8)", "Post(bool, bool), Drone(bool, bool, bool)"), ("1, 2", "true, true")],
            "by[]",
        ),
        by(
            "bare_and_unlike",
            "string",
            "#[serde(untagged)] pub enum By { Post(String), Drone(u8) }",
            "By::Post(String::new())",
            &[],
            "",
        ),
        by(
            "bare_units",
            "string",
            "pub enum By { Post, Drone }",
            "By::Post",
            &[("pub enum", "#[serde(untagged)] pub enum")],
            "by",
        ),
        by(
            "one_bare_variant",
            "string",
            "pub enum By { Post, #[serde(untagged)] Other(String) }",
            "By::Other(String::new())",
            &[],
            "",
        ),
        by(
            "generic_variant",
            r#"{ "how": "string", "what": "object" }"#,
            r#"pub struct By(Of<Post>);
               #[payload]
               #[serde(tag = "how", content = "what")]
               pub enum Of<T> { Post(T) }
               #[payload]
               pub struct Post { city: String }"#,
            "By(Of::Post(Post { city: String::new() }))",
            &[(r#"tag = "how""#, r#"tag = "as""#)],
            "by.how",
        ),
        by(
            "optional_enum",
            "string",
            r"pub struct By(Size);
              #[payload]
              pub enum Size { S, M }",
            "By(Size::S)",
            &[("By(Size)", "By(Option<Size>)"), ("By(Size::S)", "By(None)")],
            "by",
        ),
    ]
}

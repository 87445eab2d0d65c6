//! What serde writes for enums: four forms, and what holds for every variant.

use super::{Case, case};

/// A case with one enum under the name `by`.
fn by(name: &str, wants: &str, source: &str, value: &str, twin: &[(&str, &str)], blamed: &str) -> Case {
    let source = format!("#[workflow]\npub struct Sent {{ by: By }}\n#[payload]\n{source}");
    case(name, &format!("{{ \"by\": {wants} }}"), &source, &format!("Sent {{ by: {value} }}"), twin, blamed)
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
            "\"string\"",
            "#[serde(rename_all = \"camelCase\")]\npub enum By { Post, Drone }",
            "By::Post",
            &[("Post, Drone", "Post(u8), Drone(u8)"), ("By::Post", "By::Post(1)")],
            "by",
        ),
        by(
            "names_skipped",
            "\"string\"",
            "pub enum By { Post, #[serde(skip)] Drone(u8) }",
            "By::Post",
            &[("Post, #[serde(skip)] Drone(u8)", "Drone(u8)"), ("By::Post", "By::Drone(1)")],
            "by",
        ),
        by(
            "one_variant",
            "{ \"post\": \"object\" }",
            "#[serde(rename_all = \"lowercase\")]\npub enum By { Post { city: String } }",
            "By::Post { city: String::new() }",
            &[("lowercase", "UPPERCASE")],
            "by.post",
        ),
        by(
            "one_variant_renamed",
            "{ \"mail\": \"number\" }",
            "#[serde(rename_all = \"lowercase\")]\npub enum By { #[serde(rename = \"mail\")] Post(u8) }",
            "By::Post(1)",
            &[("Post(u8)", "Post(u8, u8)"), ("Post(1)", "Post(1, 2)")],
            "by.mail",
        ),
        by(
            "one_variant_of_a_type",
            "{ \"Post\": { \"city\": \"string\" } }",
            "pub enum By { Post(Post) }\n#[payload]\npub struct Post { city: String }",
            "By::Post(Post { city: String::new() })",
            &[("city: String }", "#[serde(rename = \"town\")] city: String }")],
            "by.Post.city",
        ),
        by(
            "several_variants",
            "{ \"Post\": \"number\" }",
            "pub enum By { Post(u8) }",
            "By::Post(1)",
            &[("Post(u8)", "Post(u8), Drone(u8)"), ("By::Post", "By::Drone")],
            "by.Post",
        ),
        by(
            "in_a_variant_with",
            "{ \"Post\": \"string\" }",
            "pub enum By { #[serde(serialize_with = \"text\")] Post(u8) }\nfn text<S: Serializer>(_: &u8, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(\"\") }",
            "By::Post(1)",
            &[],
            "",
        ),
        by(
            "in_a_list",
            "[\"string\"]",
            "pub struct By(Vec<Size>);\n#[payload]\npub enum Size { S, M }",
            "By(vec![Size::M])",
            &[
                ("M }", "M }\nimpl Size { const fn n(self) -> u8 { self as u8 } }"),
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
            "{ \"how\": \"string\", \"city\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { street: u8, city: String }, Drone { city: String } }",
            "By::Drone { city: String::new() }",
            &[("Drone { city: String }", "Drone { #[serde(rename = \"town\")] city: String }")],
            "by.city",
        ),
        by(
            "tagged_by_another",
            "{ \"how\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { city: String }, Drone }",
            "By::Drone",
            &[("\"how\"", "\"HOW\"")],
            "by.how",
        ),
        by(
            "tagged_and_unlike",
            "{ \"city\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { city: String }, Drone { city: String } }",
            "By::Drone { city: String::new() }",
            &[("city: String }, Drone { city: String }", "city: u8 }, Drone { city: u8 }"), ("String::new()", "1")],
            "by.city",
        ),
        by(
            "tagged_rules",
            "{ \"shipTo\": \"string\" }",
            "#[serde(tag = \"how\", rename_all_fields = \"camelCase\")]\npub enum By { Post { ship_to: String }, #[serde(rename_all = \"camelCase\")] Drone { ship_to: String } }",
            "By::Drone { ship_to: String::new() }",
            &[("rename_all = \"camelCase\"", "rename_all = \"kebab-case\"")],
            "by.shipTo",
        ),
        by(
            "tagged_rule_of_variants",
            "{ \"ship_to\": \"string\" }",
            "#[serde(tag = \"how\", rename_all = \"camelCase\")]\npub enum By { Post { ship_to: String } }",
            "By::Post { ship_to: String::new() }",
            &[("rename_all", "rename_all_fields")],
            "by.ship_to",
        ),
        by(
            "tagged_with_a_unit",
            "{ \"how\": \"string\", \"city\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { city: String }, #[serde(skip)] Drone }",
            "By::Post { city: String::new() }",
            &[("#[serde(skip)] ", ""), ("By::Post { city: String::new() }", "By::Drone")],
            "by.city",
        ),
        by(
            "tagged_with_a_type",
            "{ \"how\": \"string\", \"city\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post(Post), Drone { city: String } }\n#[payload]\npub struct Post { city: String }",
            "By::Post(Post { city: String::new() })",
            &[],
            "",
        ),
        by(
            "tagged_rule_when_written",
            "{ \"shipTo\": \"string\" }",
            "#[serde(tag = \"how\", rename_all_fields(serialize = \"camelCase\"))]\npub enum By { Post { ship_to: String } }",
            "By::Post { ship_to: String::new() }",
            &[("serialize", "deserialize")],
            "by.shipTo",
        ),
        by(
            "tagged_perhaps",
            "{ \"city\": \"number\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { city: u8 }, Drone { #[serde(default)] city: u8 } }\nfn is(_: &u8) -> bool { true }",
            "By::Drone { city: 1 }",
            &[("default", "skip_serializing_if = \"is\"")],
            "by.city",
        ),
        by(
            "tagged_and_flattened",
            "{ \"how\": \"string\", \"city\": \"string\" }",
            "#[serde(tag = \"how\")]\npub enum By { Post { city: String }, Drone { #[serde(flatten)] to: Post } }\n#[payload]\npub struct Post { city: String }",
            "By::Drone { to: Post { city: String::new() } }",
            &[],
            "",
        ),
        by(
            "beside",
            "{ \"how\": \"string\", \"what\": { \"city\": \"string\" } }",
            "#[serde(tag = \"how\", content = \"what\")]\npub enum By { Post(Post), Drone(Post) }\n#[payload]\npub struct Post { city: String }",
            "By::Drone(Post { city: String::new() })",
            &[("content = \"what\"", "content = \"why\"")],
            "by.what",
        ),
        by(
            "beside_nothing",
            "{ \"what\": \"object\" }",
            "#[serde(tag = \"how\", content = \"what\")]\npub enum By { Post { city: String }, Drone {} }",
            "By::Drone {}",
            &[("Drone {}", "Drone")],
            "by.what",
        ),
        by(
            "beside_a_list",
            "{ \"what\": \"array\" }",
            "#[serde(tag = \"how\", content = \"what\")]\npub enum By { Post(u8, u8), Drone(u8, u8) }",
            "By::Drone(1, 2)",
            &[("Post(u8, u8), Drone(u8, u8)", "Post(u8), Drone(u8)"), ("(1, 2)", "(1)")],
            "by.what",
        ),
        by(
            "beside_one_deeper",
            "{ \"what\": { \"city\": \"string\" } }",
            "#[serde(tag = \"how\", content = \"what\")]\npub enum By { Post(Post), Drone(Post) }\n#[payload]\npub struct Post { city: String }",
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
            "\"string\"",
            "#[serde(untagged)]\npub enum By { Post(String), Drone(String) }",
            "By::Drone(String::new())",
            &[("Post(String), Drone(String)", "Post(u8), Drone(u8)"), ("String::new()", "1")],
            "by",
        ),
        by(
            "bare_objects",
            "{ \"city\": \"string\" }",
            "#[serde(untagged)]\npub enum By { Post { city: String, street: u8 }, Drone { city: String } }",
            "By::Drone { city: String::new() }",
            &[("Drone { city: String }", "Drone { #[serde(skip)] city: String }")],
            "by.city",
        ),
        by(
            "bare_lists",
            "[\"number\"]",
            "#[serde(untagged)]\npub enum By { Post(u8, u8), Drone(u8, u8, u8) }",
            "By::Post(1, 2)",
            &[("Post(u8, u8), Drone(u8, u8, u8)", "Post(bool, bool), Drone(bool, bool, bool)"), ("1, 2", "true, true")],
            "by[]",
        ),
        by(
            "bare_and_unlike",
            "\"string\"",
            "#[serde(untagged)]\npub enum By { Post(String), Drone(u8) }",
            "By::Post(String::new())",
            &[],
            "",
        ),
        by(
            "bare_units",
            "\"string\"",
            "pub enum By { Post, Drone }",
            "By::Post",
            &[("pub enum", "#[serde(untagged)]\npub enum")],
            "by",
        ),
        by(
            "one_bare_variant",
            "\"string\"",
            "pub enum By { Post, #[serde(untagged)] Other(String) }",
            "By::Other(String::new())",
            &[],
            "",
        ),
        by(
            "generic_variant",
            "{ \"how\": \"string\", \"what\": \"object\" }",
            "pub struct By(Of<Post>);\n#[payload]\n#[serde(tag = \"how\", content = \"what\")]\npub enum Of<T> { Post(T) }\n#[payload]\npub struct Post { city: String }",
            "By(Of::Post(Post { city: String::new() }))",
            &[("tag = \"how\"", "tag = \"as\"")],
            "by.how",
        ),
        by(
            "optional_enum",
            "\"string\"",
            "pub struct By(Size);\n#[payload]\npub enum Size { S, M }",
            "By(Size::S)",
            &[("By(Size)", "By(Option<Size>)"), ("By(Size::S)", "By(None)")],
            "by",
        ),
    ]
}

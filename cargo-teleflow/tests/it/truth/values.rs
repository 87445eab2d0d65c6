//! Types of the standard library, and a few others.

use super::{Case, case, json_kind};

/// A case with one field: type and value, and those of the twin.
fn field(name: &str, kinds: &str, matching: [&str; 2], mismatched: [&str; 2], wrong_path: &str) -> Case {
    let source = "#[workflow]\npub struct Sent<'a> { field: TYPE, _a: std::marker::PhantomData<&'a ()> }";
    let value = "Sent { field: VALUE, _a: std::marker::PhantomData }";
    let mut case = case(
        name,
        &format!("{{ \"field\": {} }}", json_kind(kinds)),
        &source.replace("TYPE", matching[0]),
        "",
        &[],
        wrong_path,
    );
    case.value = value.replace("VALUE", matching[1]);
    if !mismatched[0].is_empty() {
        let part = |was: &str, is: &str| (format!("field: {was},"), format!("field: {is},"));
        case.twin = vec![part(matching[0], mismatched[0])];
        if matching[1] != mismatched[1] {
            case.twin.push(part(matching[1], mismatched[1]));
        }
    }
    case
}

/// For a case without a twin.
const NONE: [&str; 2] = ["", ""];

pub(super) fn cases() -> Vec<Case> {
    vec![
        field("text", "string", ["String", "String::new()"], ["u8", "1"], "field"),
        field("text_str", "string", ["&'a str", r#""""#], ["&'a u8", "&1"], "field"),
        field("text_char", "string", ["char", "'x'"], ["u8", "1"], "field"),
        field(
            "text_cow",
            "string",
            ["Cow<'a, str>", r#"Cow::Borrowed("")"#],
            ["Cow<'a, [u8]>", "Cow::Borrowed(&[1][..])"],
            "field",
        ),
        field("text_box", "string", ["Box<str>", r#""".into()"#], ["Box<[u8]>", "vec![].into()"], "field"),
        field(
            "text_path",
            "string",
            ["std::path::PathBuf", r#""a".into()"#],
            ["std::time::Duration", "std::time::Duration::ZERO"],
            "field",
        ),
        field(
            "text_ip",
            "string",
            ["std::net::Ipv4Addr", "[127, 0, 0, 1].into()"],
            ["[u8; 4]", "[127, 0, 0, 1]"],
            "field",
        ),
        field("number", "number", ["u8", "1"], ["&'a str", r#""1""#], "field"),
        field("number_float", "number", ["f64", "1.5"], ["bool", "true"], "field"),
        field(
            "number_not_zero",
            "number",
            ["std::num::NonZeroU8", "std::num::NonZeroU8::MIN"],
            ["Option<std::num::NonZeroU8>", "None"],
            "field",
        ),
        field(
            "number_wrapping",
            "number",
            ["std::num::Wrapping<u8>", "std::num::Wrapping(1)"],
            ["std::num::Wrapping<bool>", "std::num::Wrapping(true)"],
            "field",
        ),
        field("number_wide", "number", ["i128", "1"], ["char", "'1'"], "field"),
        field("flag", "boolean", ["bool", "true"], ["u8", "1"], "field"),
        field(
            "flag_cell",
            "boolean",
            ["std::cell::Cell<bool>", "std::cell::Cell::new(true)"],
            ["std::cell::Cell<Option<bool>>", "std::cell::Cell::new(None)"],
            "field",
        ),
        field(
            "flag_atomic",
            "boolean",
            ["std::sync::atomic::AtomicBool", "true.into()"],
            ["std::sync::Mutex<String>", "String::new().into()"],
            "field",
        ),
        field(
            "date",
            "date",
            ["DeliverAt", "DeliverAt::after(std::time::Duration::from_secs(60)).unwrap()"],
            ["Option<DeliverAt>", "None"],
            "field",
        ),
        field("list", r#"["number"]"#, ["Vec<u8>", "vec![1]"], ["Vec<Option<u8>>", "vec![None]"], "field[]"),
        field(
            "list_of_lists",
            r#"[["string"]]"#,
            ["Vec<Vec<&'a str>>", r#"vec![vec![""]]"#],
            ["Vec<Vec<u8>>", "vec![vec![1]]"],
            "field[][]",
        ),
        field("list_slice", r#"["number"]"#, ["&'a [u8]", "&[1]"], ["&'a [&'a str]", r#"&["1"]"#], "field[]"),
        field(
            "list_deque",
            r#"["number"]"#,
            ["VecDeque<u8>", "[1].into()"],
            ["VecDeque<bool>", "[true].into()"],
            "field[]",
        ),
        field(
            "list_set",
            r#"["number"]"#,
            ["HashSet<u8>", "[1].into()"],
            ["HashMap<u8, u8>", "[(1, 1)].into()"],
            "field",
        ),
        field("list_tuple", r#"["number"]"#, ["(u8, u8)", "(1, 2)"], ["Option<(u8, u8)>", "None"], "field"),
        field(
            "object",
            "object",
            ["BTreeMap<String, u8>", "BTreeMap::new()"],
            ["BTreeSet<String>", "BTreeSet::new()"],
            "field",
        ),
        field(
            "object_duration",
            r#"{ "secs": "number" }"#,
            ["std::time::Duration", "std::time::Duration::ZERO"],
            ["u8", "1"],
            "field",
        ),
        field(
            "object_time",
            r#"{ "secs_since_epoch": "number" }"#,
            ["std::time::SystemTime", "std::time::UNIX_EPOCH"],
            ["std::time::Duration", "std::time::Duration::ZERO"],
            "field.secs_since_epoch",
        ),
        field(
            "object_map",
            r#"{ "a": "number" }"#,
            ["HashMap<&'a str, u8>", r#"[("a", 1)].into()"#],
            ["&'a str", r#""""#],
            "field",
        ),
        field(
            "object_json",
            r#"{ "a": "number" }"#,
            ["serde_json::Map<String, serde_json::Value>", r#"[("a".to_owned(), 1.into())].into_iter().collect()"#],
            ["Vec<serde_json::Value>", "vec![]"],
            "field",
        ),
        field(
            "any_json",
            r#"{ "a": ["string"] }"#,
            ["serde_json::Value", r#"serde_json::json!({ "a": ["b"] })"#],
            ["Option<serde_json::Value>", "None"],
            "field",
        ),
        field(
            "map_of_lists",
            r#"{ "a": ["string"] }"#,
            ["HashMap<&'a str, Vec<&'a str>>", r#"[("a", vec![""])].into()"#],
            NONE,
            "",
        ),
        field("unit", "string", ["&'a &'a str", r#"&"""#], ["()", "()"], "field"),
        field("nested_option", "number", ["Box<u8>", "Box::new(1)"], ["Box<Option<u8>>", "Box::new(None)"], "field"),
    ]
}

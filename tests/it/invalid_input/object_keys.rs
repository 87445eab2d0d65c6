//! Reserved keys, which the server does not keep, and duplicate keys.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};
use serde_json::json;
use serde_json::value::RawValue;
use teleflow::{Event, Overrides, Subscriber, Tenant};

use super::{assert_rejected, error_text};

/// Each reserved key, with the word by which its error describes the server's behaviour.
const RESERVED: [(&str, &str); 15] = [
    ("constructor", "500"),
    ("__proto__", "removes"),
    ("toString", "removes"),
    ("toLocaleString", "removes"),
    ("valueOf", "removes"),
    ("hasOwnProperty", "removes"),
    ("isPrototypeOf", "removes"),
    ("propertyIsEnumerable", "removes"),
    ("__defineGetter__", "removes"),
    ("__defineSetter__", "removes"),
    ("__lookupGetter__", "removes"),
    ("__lookupSetter__", "removes"),
    ("_bsontype", "loses"),
    ("a\0b", "loses"),
    ("\0", "loses"),
];

/// The key as error messages print it.
fn escaped(key: &str) -> String {
    key.replace('\0', "\\u{0}")
}

#[test]
fn reserved_keys_are_rejected_at_any_depth() {
    for (key, effect) in RESERVED {
        let path = escaped(key);
        assert_rejected(json!({(key): 1}), &format!("payload.{path}"));
        assert_rejected(json!({"a": [{"b": {(key): null}}]}), &format!("payload.a[0].b.{path}"));
        let text = error_text(BTreeMap::from([(key, 1)])).unwrap();
        assert!(text.contains("reserved key") && text.contains(effect) && text.contains("rename"), "{text}");
        let raw = RawValue::from_string(json!({"a": {(key): 1}}).to_string()).unwrap();
        assert_rejected(BTreeMap::from([("raw", raw)]), &format!("payload.raw.a.{path}"));
        assert_eq!(error_text(json!({"a": key, "list": [key]})), None, "{key:?}");
    }
    assert_rejected(BTreeMap::from([('\0', 1)]), "payload.\\u{0}");
    for fine in ["$set", "a.b", "", "_id", "__v", "$ref", "toJSON", "then", "prototype", "tostring"] {
        assert_eq!(error_text(json!({(fine): 1, "in": {(fine): 1}})), None, "{fine}");
    }
}

#[test]
fn reserved_keys_are_rejected_in_data_and_overrides_too() {
    for (key, _) in RESERVED {
        let data = json!({"a": [{(key): 1}]});
        let event = || Event::untyped("welcome", json!({}));
        let path = format!("a[0].{}`", escaped(key));
        let subscriber = Subscriber::new("ada").data(&data);
        let errors = [
            (event().to(subscriber.clone()).into_request(), format!("`data.{path}")),
            (event().to("ada").actor(subscriber).into_request(), format!("`data.{path}")),
            (event().to("ada").tenant(Tenant::new("acme").data(&data)).into_request(), format!("`tenant.data.{path}")),
            (
                event().to("ada").overrides(Overrides::new().provider("fcm", &data)).into_request(),
                format!("`overrides.fcm.{path}"),
            ),
            (
                event().to("ada").overrides(Overrides::new().provider(key, json!({}))).into_request(),
                format!("`overrides.{}`", escaped(key)),
            ),
        ];
        for (result, word) in errors {
            let text = result.expect_err(&word).to_string();
            assert!(text.contains(&word), "no {word} in: {text}");
        }
    }
}

#[test]
fn reserved_keys_are_rejected_as_names_of_fields_and_variants() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        ValueOf(u8),
        ToString { x: u8 },
        HasOwnProperty(u8, u8),
        Plain { constructor: u8 },
        IsPrototypeOf,
    }
    let list = |kind| BTreeMap::from([("list", [kind])]);
    assert_rejected(list(Kind::ValueOf(1)), "payload.list[0].valueOf");
    assert_rejected(list(Kind::ToString { x: 1 }), "payload.list[0].toString");
    assert_rejected(list(Kind::HasOwnProperty(1, 2)), "payload.list[0].hasOwnProperty");
    assert_rejected(list(Kind::Plain { constructor: 1 }), "payload.list[0].plain.constructor");
    assert_eq!(error_text(list(Kind::IsPrototypeOf)), None);
    assert_rejected(BTreeMap::from([(Kind::IsPrototypeOf.to_key(), 1)]), "payload.isPrototypeOf");

    impl Kind {
        fn to_key(&self) -> String {
            serde_json::to_value(self).unwrap().as_str().unwrap().to_owned()
        }
    }
}

#[derive(Serialize)]
struct Name {
    id: u8,
    name: &'static str,
}

const NAME: Name = Name { id: 1, name: "Ada" };

#[test]
fn a_duplicate_key_from_flatten_or_a_tag_is_rejected() {
    #[derive(Serialize)]
    struct Outer<T> {
        name: &'static str,
        #[serde(flatten)]
        inner: T,
    }
    #[derive(Serialize)]
    #[serde(tag = "id")]
    enum Tagged {
        Name(Name),
    }
    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Deep {
        Inner(Tagged),
    }
    #[derive(Serialize)]
    struct TwoMaps {
        #[serde(flatten)]
        one: HashMap<String, u8>,
        #[serde(flatten)]
        two: HashMap<String, u8>,
    }
    let map = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), 1)).collect::<HashMap<String, u8>>();

    assert_rejected(Outer { name: "x", inner: NAME }, "payload.name");
    assert_rejected(Outer { name: "x", inner: Some(NAME) }, "payload.name");
    assert_rejected(Outer { name: "x", inner: map(&["a", "name"]) }, "payload.name");
    assert_rejected(Outer { name: "x", inner: Outer { name: "y", inner: map(&[]) } }, "payload.name");
    assert_rejected(BTreeMap::from([("list", [Outer { name: "x", inner: NAME }])]), "payload.list[0].name");
    assert_rejected(TwoMaps { one: map(&["a", "b"]), two: map(&["c", "b"]) }, "payload.b");
    assert_rejected(Tagged::Name(NAME), "payload.id");
    assert_rejected(Deep::Inner(Tagged::Name(NAME)), "payload.id");
    let text = error_text(Outer { name: "x", inner: NAME }).unwrap();
    assert!(text.contains("twice") && text.contains("rename"), "{text}");

    assert_eq!(error_text(Outer { name: "x", inner: map(&["a", "Name"]) }), None);
    assert_eq!(error_text(TwoMaps { one: map(&["a", "b"]), two: map(&["c", "d"]) }), None);
    assert_eq!(error_text(json!({"name": {"name": [{"name": 1}, {"name": 1}]}})), None);
}

/// Serializes these keys, as a struct if `is_struct`, or else as a map.
struct Keys {
    keys: &'static [&'static str],
    is_struct: bool,
}

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_struct {
            let mut fields = serializer.serialize_struct("Keys", self.keys.len())?;
            for name in self.keys {
                fields.serialize_field(name, &1)?;
            }
            return fields.end();
        }
        let mut map = serializer.serialize_map(None)?;
        for key in self.keys {
            map.serialize_entry(key, &json!({"a": {"b": 1, "a": 2}}))?;
        }
        map.end()
    }
}

#[test]
fn a_duplicate_key_is_found_at_any_position_in_maps_structs_and_raw_json() {
    const MANY: [&str; 40] = [
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7",
        "b8", "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5",
        "d6", "d7", "d8", "a0",
    ];
    for is_struct in [false, true] {
        for (keys, duplicate) in [
            (&["a", "a"][..], "a"),
            (&["b", "a", "b"], "b"),
            (&["a", "b", "b"], "b"),
            (&["c", "b", "a", "b"], "b"),
            (&["", ""], ""),
            (&MANY, "a0"),
        ] {
            assert_rejected(Keys { keys, is_struct }, &format!("payload.{duplicate}"));
        }
        assert_eq!(error_text(Keys { keys: MANY.split_last().unwrap().1, is_struct }), None);
        assert_eq!(error_text(Keys { keys: &["c", "a", "b", "ab", "aa"], is_struct }), None);
    }
    // In JSON, the number 7 and the string "7" are the same key.
    struct Mixed;
    impl Serialize for Mixed {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("7", &1)?;
            map.serialize_entry(&7_u8, &1)?;
            map.end()
        }
    }
    assert_rejected(Mixed, "payload.7");
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    assert_rejected(raw(r#"{"a": 1, "b": {"x": 1, "c": 2, "\u0078": 3}}"#), "payload.b.x");
    assert_rejected(BTreeMap::from([("raw", raw(r#"[{"a": 1, "a": 2}]"#))]), "payload.raw[0].a");
    assert_eq!(error_text(raw(r#"{"b": {"b": [{"a": 1}, {"a": 1}]}, "a": 1}"#)), None);
}

/// Names that `serde_json` uses internally for numbers and raw JSON, here as ordinary keys.
const NUMBER: &str = "$serde_json::private::Number";
const RAW: &str = "$serde_json::private::RawValue";

#[test]
fn an_object_with_a_private_key_of_serde_json_is_checked_like_any_other() {
    let raw = |text: String| RawValue::from_string(text).unwrap();
    for name in [NUMBER, RAW] {
        let inside = format!(r#"{{"{name}":{{"constructor":1}}}}"#);
        assert_rejected(raw(inside.clone()), &format!("payload.{name}.constructor"));
        assert_rejected(BTreeMap::from([("a", raw(inside))]), &format!("payload.a.{name}.constructor"));
        for text in ["\"1\"", "\"x\"", "1", "[]", "{}"] {
            assert_rejected(raw(format!(r#"{{"{name}":{text},"constructor":1}}"#)), "payload.constructor");
            assert_rejected(raw(format!(r#"{{"a":1,"{name}":{text},"toString":1}}"#)), "payload.toString");
            assert_rejected(raw(format!(r#"{{"{name}":{text},"{name}":1}}"#)), &format!("payload.{name}"));
        }
        assert_rejected(raw(format!(r#"{{"{name}":9007199254740993}}"#)), &format!("payload.{name}"));
        assert_rejected(raw(format!(r#"{{"a":{{"{name}":[9007199254740993]}}}}"#)), &format!("payload.a.{name}[0]"));
        // The keys of the inner objects are not those of the outer one.
        for text in ["\"1\"", "\"x\"", "{}"] {
            let objects = format!(r#"{{"z":1,"b":{{"b":1,"{name}":{text}}},"c":{{"{name}":{text}}},"a":1}}"#);
            assert_eq!(error_text(raw(objects)), None, "{name} {text}");
        }
        let deep = |levels| format!("{}1{}", format!(r#"{{"{name}":"#).repeat(levels), "}".repeat(levels));
        assert_eq!(error_text(raw(deep(100))), None, "{name}");
        assert!(error_text(raw(deep(101))).is_some_and(|text| text.contains("deeper")), "{name}");
    }
}

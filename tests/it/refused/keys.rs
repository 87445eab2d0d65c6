//! Keys that the server does not keep, and keys that an object has twice.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};
use serde_json::json;
use serde_json::value::RawValue;
use teleflow::{Event, Overrides, Subscriber, Tenant};

use super::{complaint, refused};

/// Each with the word that tells what becomes of it.
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

/// The key as a message shows it.
fn shown(key: &str) -> String {
    key.replace('\0', "\\u{0}")
}

#[test]
fn reserved_keys_are_refused_at_any_depth() {
    for (key, becomes) in RESERVED {
        let path = shown(key);
        refused(json!({(key): 1}), &format!("payload.{path}"));
        refused(json!({"a": [{"b": {(key): null}}]}), &format!("payload.a[0].b.{path}"));
        let text = complaint(BTreeMap::from([(key, 1)])).unwrap();
        assert!(text.contains("reserved key") && text.contains(becomes) && text.contains("rename"), "{text}");
        let raw = RawValue::from_string(json!({"a": {(key): 1}}).to_string()).unwrap();
        refused(BTreeMap::from([("raw", raw)]), &format!("payload.raw.a.{path}"));
        assert_eq!(complaint(json!({"a": key, "list": [key]})), None, "{key:?}");
    }
    refused(BTreeMap::from([('\0', 1)]), "payload.\\u{0}");
    for fine in ["$set", "a.b", "", "_id", "__v", "$ref", "toJSON", "then", "prototype", "tostring"] {
        assert_eq!(complaint(json!({(fine): 1, "in": {(fine): 1}})), None, "{fine}");
    }
}

#[test]
fn reserved_keys_are_refused_in_data_and_overrides_too() {
    for (key, _) in RESERVED {
        let data = json!({"a": [{(key): 1}]});
        let event = || Event::untyped("welcome", json!({}));
        let path = format!("a[0].{}`", shown(key));
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
                format!("`overrides.{}`", shown(key)),
            ),
        ];
        for (result, word) in errors {
            let text = result.expect_err(&word).to_string();
            assert!(text.contains(&word), "no {word} in: {text}");
        }
    }
}

#[test]
fn reserved_keys_are_refused_as_names_of_fields_and_variants() {
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
    refused(list(Kind::ValueOf(1)), "payload.list[0].valueOf");
    refused(list(Kind::ToString { x: 1 }), "payload.list[0].toString");
    refused(list(Kind::HasOwnProperty(1, 2)), "payload.list[0].hasOwnProperty");
    refused(list(Kind::Plain { constructor: 1 }), "payload.list[0].plain.constructor");
    assert_eq!(complaint(list(Kind::IsPrototypeOf)), None);
    refused(BTreeMap::from([(Kind::IsPrototypeOf.to_key(), 1)]), "payload.isPrototypeOf");

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
fn a_key_that_an_object_has_twice_is_refused() {
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

    refused(Outer { name: "x", inner: NAME }, "payload.name");
    refused(Outer { name: "x", inner: Some(NAME) }, "payload.name");
    refused(Outer { name: "x", inner: map(&["a", "name"]) }, "payload.name");
    refused(Outer { name: "x", inner: Outer { name: "y", inner: map(&[]) } }, "payload.name");
    refused(BTreeMap::from([("list", [Outer { name: "x", inner: NAME }])]), "payload.list[0].name");
    refused(TwoMaps { one: map(&["a", "b"]), two: map(&["c", "b"]) }, "payload.b");
    refused(Tagged::Name(NAME), "payload.id");
    refused(Deep::Inner(Tagged::Name(NAME)), "payload.id");
    let text = complaint(Outer { name: "x", inner: NAME }).unwrap();
    assert!(text.contains("twice") && text.contains("rename"), "{text}");

    assert_eq!(complaint(Outer { name: "x", inner: map(&["a", "Name"]) }), None);
    assert_eq!(complaint(TwoMaps { one: map(&["a", "b"]), two: map(&["c", "d"]) }), None);
    assert_eq!(complaint(json!({"name": {"name": [{"name": 1}, {"name": 1}]}})), None);
}

/// A `Serialize` that writes what it is told.
struct Pairs(&'static [&'static str], bool);

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.1 {
            let mut fields = serializer.serialize_struct("Pairs", self.0.len())?;
            for name in self.0 {
                fields.serialize_field(name, &1)?;
            }
            return fields.end();
        }
        let mut map = serializer.serialize_map(None)?;
        for key in self.0 {
            map.serialize_entry(key, &json!({"a": {"b": 1, "a": 2}}))?;
        }
        map.end()
    }
}

#[test]
fn a_key_is_found_twice_wherever_it_is_and_however_it_is_written() {
    const MANY: [&str; 40] = [
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7",
        "b8", "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5",
        "d6", "d7", "d8", "a0",
    ];
    for is_struct in [false, true] {
        for (keys, twice) in [
            (&["a", "a"][..], "a"),
            (&["b", "a", "b"], "b"),
            (&["a", "b", "b"], "b"),
            (&["c", "b", "a", "b"], "b"),
            (&["", ""], ""),
            (&MANY, "a0"),
        ] {
            refused(Pairs(keys, is_struct), &format!("payload.{twice}"));
        }
        assert_eq!(complaint(Pairs(MANY.split_last().unwrap().1, is_struct)), None);
        assert_eq!(complaint(Pairs(&["c", "a", "b", "ab", "aa"], is_struct)), None);
    }
    // A number and a text are the same key in JSON.
    struct Mixed;
    impl Serialize for Mixed {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("7", &1)?;
            map.serialize_entry(&7_u8, &1)?;
            map.end()
        }
    }
    refused(Mixed, "payload.7");
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    refused(raw(r#"{"a": 1, "b": {"x": 1, "c": 2, "\u0078": 3}}"#), "payload.b.x");
    refused(BTreeMap::from([("raw", raw(r#"[{"a": 1, "a": 2}]"#))]), "payload.raw[0].a");
    assert_eq!(complaint(raw(r#"{"b": {"b": [{"a": 1}, {"a": 1}]}, "a": 1}"#)), None);
}

/// The name with which `serde_json` marks a number of any size, here as a key of the application's.
const NUMBER: &str = "$serde_json::private::Number";
const RAW: &str = "$serde_json::private::RawValue";

#[test]
fn an_object_with_a_private_key_of_serde_json_is_checked_like_any_other() {
    let raw = |text: String| RawValue::from_string(text).unwrap();
    for mark in [NUMBER, RAW] {
        let inside = format!(r#"{{"{mark}":{{"constructor":1}}}}"#);
        refused(raw(inside.clone()), &format!("payload.{mark}.constructor"));
        refused(BTreeMap::from([("a", raw(inside))]), &format!("payload.a.{mark}.constructor"));
        for text in ["\"1\"", "\"x\"", "1", "[]", "{}"] {
            refused(raw(format!(r#"{{"{mark}":{text},"constructor":1}}"#)), "payload.constructor");
            refused(raw(format!(r#"{{"a":1,"{mark}":{text},"toString":1}}"#)), "payload.toString");
            refused(raw(format!(r#"{{"{mark}":{text},"{mark}":1}}"#)), &format!("payload.{mark}"));
        }
        refused(raw(format!(r#"{{"{mark}":9007199254740993}}"#)), &format!("payload.{mark}"));
        refused(raw(format!(r#"{{"a":{{"{mark}":[9007199254740993]}}}}"#)), &format!("payload.a.{mark}[0]"));
        // The keys of the inner objects are not those of the outer one.
        for text in ["\"1\"", "\"x\"", "{}"] {
            let objects = format!(r#"{{"z":1,"b":{{"b":1,"{mark}":{text}}},"c":{{"{mark}":{text}}},"a":1}}"#);
            assert_eq!(complaint(raw(objects)), None, "{mark} {text}");
        }
        let deep = |levels| format!("{}1{}", format!(r#"{{"{mark}":"#).repeat(levels), "}".repeat(levels));
        assert_eq!(complaint(raw(deep(100))), None, "{mark}");
        assert!(complaint(raw(deep(101))).is_some_and(|text| text.contains("deeper")), "{mark}");
    }
}

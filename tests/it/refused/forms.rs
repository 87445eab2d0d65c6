//! Forms in which serde writes what the server cannot take: variants, maps, raw JSON, numbers of any size.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use teleflow::{Broadcast, EmailOverrides, ErrorKind, Event, Overrides, Subscriber, Tenant};

use super::{complaint, refused};

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

#[test]
fn variants_are_objects_whose_name_is_a_key() {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Constructor {
            a: u8,
        },
        #[serde(rename = "__proto__")]
        Tuple(u8, u8),
        Fine {
            big: u64,
        },
        Pair(u8, f64),
        #[serde(rename = "constructor")]
        Unit,
    }
    refused(Kind::Constructor { a: 1 }, "payload.constructor");
    refused(Kind::Tuple(1, 2), "payload.__proto__");
    refused(Kind::Fine { big: u64::MAX }, "payload.fine.big");
    refused(json!({"a": 1}).as_object().map(|_| Kind::Pair(1, f64::NAN)), "payload.pair[1]");
    assert_eq!(complaint(Kind::Pair(1, 0.5)), None);
    // Alone it is a text; as a key it is a name.
    assert_eq!(complaint(BTreeMap::from([("kind", Kind::Unit)])), None);
}

#[test]
fn keys_of_maps_are_looked_at_whatever_they_are_made_of() {
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "lowercase")]
    enum Key {
        Constructor,
    }
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Newtype(&'static str);
    refused(BTreeMap::from([(Key::Constructor, 1)]), "payload.constructor");
    refused(BTreeMap::from([(Newtype("__proto__"), 1)]), "payload.__proto__");
    assert_eq!(complaint(BTreeMap::from([(u64::MAX, 1)])), None, "keys are texts, so their size does no harm");
    let text = complaint(BTreeMap::from([(vec![1], 1)])).expect("a list is no key");
    assert!(text.contains("key"), "{text}");
}

#[test]
fn integers_are_measured_in_lists_tuples_and_newtypes() {
    #[derive(Serialize)]
    struct Cents(i64);
    const PAST: i64 = (1 << 53) + 1;
    refused(BTreeMap::from([("a", vec![Cents(1), Cents(-PAST)])]), "payload.a[1]");
    refused(BTreeMap::from([("a", (1, "x", Some(PAST)))]), "payload.a[2]");
    refused(BTreeMap::from([("a", BTreeMap::from([("b", i128::from(PAST))]))]), "payload.a.b");
    refused(BTreeMap::from([("a", u128::from(PAST.unsigned_abs()))]), "payload.a");
    assert_eq!(complaint(BTreeMap::from([("a", i128::from(PAST - 1))])), None);
    assert_eq!(complaint(BTreeMap::from([("a", 1e300)])), None, "a float is as exact there as here");
}

#[test]
fn raw_json_follows_the_same_rules_at_any_depth() {
    assert_eq!(complaint(raw(r#"{"a": 1}"#)), None);
    for no_object in ["[]", "1", "null", "\"text\""] {
        refused(raw(no_object), "payload");
    }
    refused(raw(r#"{"a": {"__proto__": 1}}"#), "payload.a.__proto__");
    for number in
        ["9007199254740993", "-9007199254740993", "18446744073709551616", "-9223372036854775809", &"9".repeat(60)]
    {
        let text = complaint(json!({"fine": 1}).as_object().map(|_| BTreeMap::from([("n", raw(number))])));
        let text = text.unwrap_or_else(|| panic!("{number} is not refused"));
        assert!(text.contains("2^53") && text.contains("`payload.n"), "{text}");
        let inside = BTreeMap::from([("n", raw(&format!(r#"{{"list": [1, {number}]}}"#)))]);
        assert!(complaint(inside).is_some(), "{number} is not refused");
    }
    for fine in [
        "9007199254740992",
        "1e300",
        "1.5",
        r#""99999999999999999999""#,
        r#"{"99999999999999999999": 1}"#,
        r#""\"99999999999999999999""#,
    ] {
        assert_eq!(complaint(BTreeMap::from([("n", raw(fine))])), None, "{fine}");
    }
    let deep = "[".repeat(100) + &"]".repeat(100);
    assert!(complaint(BTreeMap::from([("n", raw(&deep))])).is_some(), "101 levels, with the object around it");
    assert_eq!(complaint(BTreeMap::from([("n", raw(&deep[1..199]))])), None);
}

#[test]
fn the_value_is_never_told() {
    let secret = 9_876_543_210_987_654_321_u64;
    let data = || json!({"pin": secret});
    let event = || Event::untyped("welcome", json!({}));
    let errors = [
        Event::untyped("welcome", data()).to("ada").into_request(),
        event().to(Subscriber::new("ada").data(data())).into_request(),
        event().to("ada").actor(Subscriber::new("ben").data(data())).into_request(),
        event().to("ada").tenant(Tenant::new("acme").data(data())).into_request(),
        event().to("ada").overrides(Overrides::new().provider("fcm", data())).into_request(),
        event().to("ada").overrides(Overrides::new().email(EmailOverrides::new().custom_data(data()))).into_request(),
        Broadcast::untyped("welcome", data()).into_request(),
        Broadcast::untyped("welcome", json!({})).actor(Subscriber::new("ben").data(data())).into_request(),
        Event::untyped("welcome", raw(&format!(r#"{{"pin": {secret}}}"#))).to("ada").into_request(),
    ];
    for (number, result) in errors.into_iter().enumerate() {
        let error = result.expect_err(&format!("number {number}"));
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
        let told = format!("{error} {error:?}");
        assert!(told.contains("pin") || told.contains("customData"), "number {number}: {told}");
        assert!(!told.contains(&secret.to_string()), "number {number}: {told}");
    }
}

#[test]
fn what_a_serialize_says_itself_is_passed_on_in_one_line() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the disk\nis full"))
        }
    }
    let text = complaint(BTreeMap::from([("a", [Fails])])).expect("it fails");
    assert!(text.contains("`payload.a[0]`") && text.contains("the disk\\nis full"), "{text}");
}

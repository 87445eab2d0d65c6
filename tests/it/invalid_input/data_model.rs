//! Checks over serde's data model: variants, maps, raw JSON, integers of any size, failing `Serialize` implementations.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;
use teleflow::{Broadcast, EmailOverrides, ErrorKind, Event, Overrides, Subscriber, Tenant};

use super::{assert_rejected, error_text};

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

#[test]
fn the_name_of_a_variant_with_data_is_checked_as_a_key() {
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
    assert_rejected(Kind::Constructor { a: 1 }, "payload.constructor");
    assert_rejected(Kind::Tuple(1, 2), "payload.__proto__");
    assert_rejected(Kind::Fine { big: u64::MAX }, "payload.fine.big");
    assert_rejected(json!({"a": 1}).as_object().map(|_| Kind::Pair(1, f64::NAN)), "payload.pair[1]");
    assert_eq!(error_text(Kind::Pair(1, 0.5)), None);
    // A unit variant is a string, not a key.
    assert_eq!(error_text(BTreeMap::from([("kind", Kind::Unit)])), None);
}

#[test]
fn map_keys_of_every_type_are_checked() {
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "lowercase")]
    enum Key {
        Constructor,
    }
    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    struct Newtype(&'static str);
    assert_rejected(BTreeMap::from([(Key::Constructor, 1)]), "payload.constructor");
    assert_rejected(BTreeMap::from([(Newtype("__proto__"), 1)]), "payload.__proto__");
    assert_eq!(error_text(BTreeMap::from([(u64::MAX, 1)])), None, "keys are strings, so large integers stay exact");
    let text = error_text(BTreeMap::from([(vec![1], 1)])).expect("a list is not a valid key");
    assert!(text.contains("key"), "{text}");
}

#[test]
fn integers_are_checked_in_lists_tuples_maps_and_newtypes() {
    #[derive(Serialize)]
    struct Cents(i64);
    const TOO_LARGE: i64 = (1 << 53) + 1;
    assert_rejected(BTreeMap::from([("a", vec![Cents(1), Cents(-TOO_LARGE)])]), "payload.a[1]");
    assert_rejected(BTreeMap::from([("a", (1, "x", Some(TOO_LARGE)))]), "payload.a[2]");
    assert_rejected(BTreeMap::from([("a", BTreeMap::from([("b", i128::from(TOO_LARGE))]))]), "payload.a.b");
    assert_rejected(BTreeMap::from([("a", u128::from(TOO_LARGE.unsigned_abs()))]), "payload.a");
    assert_eq!(error_text(BTreeMap::from([("a", i128::from(TOO_LARGE - 1))])), None);
    assert_eq!(error_text(BTreeMap::from([("a", 1e300)])), None, "the server reads the same float");
}

#[test]
fn raw_json_follows_the_same_rules_at_any_depth() {
    assert_eq!(error_text(raw(r#"{"a": 1}"#)), None);
    for not_an_object in ["[]", "1", "null", "\"text\""] {
        assert_rejected(raw(not_an_object), "payload");
    }
    assert_rejected(raw(r#"{"a": {"__proto__": 1}}"#), "payload.a.__proto__");
    for number in
        ["9007199254740993", "-9007199254740993", "18446744073709551616", "-9223372036854775809", &"9".repeat(60)]
    {
        let text = error_text(json!({"fine": 1}).as_object().map(|_| BTreeMap::from([("n", raw(number))])));
        let text = text.unwrap_or_else(|| panic!("{number} is not rejected"));
        assert!(text.contains("2^53") && text.contains("`payload.n"), "{text}");
        let inside = BTreeMap::from([("n", raw(&format!(r#"{{"list": [1, {number}]}}"#)))]);
        assert!(error_text(inside).is_some(), "{number} is not rejected");
    }
    for fine in [
        "9007199254740992",
        "1e300",
        "1.5",
        r#""99999999999999999999""#,
        r#"{"99999999999999999999": 1}"#,
        r#""\"99999999999999999999""#,
    ] {
        assert_eq!(error_text(BTreeMap::from([("n", raw(fine))])), None, "{fine}");
    }
    let deep = "[".repeat(100) + &"]".repeat(100);
    assert!(error_text(BTreeMap::from([("n", raw(&deep))])).is_some(), "101 levels, with the object around it");
    assert_eq!(error_text(BTreeMap::from([("n", raw(&deep[1..199]))])), None);
}

#[test]
fn errors_never_print_the_value() {
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
        let printed = format!("{error} {error:?}");
        assert!(printed.contains("pin") || printed.contains("customData"), "number {number}: {printed}");
        assert!(!printed.contains(&secret.to_string()), "number {number}: {printed}");
    }
}

#[test]
fn the_message_of_a_failing_serialize_is_printed_on_one_line() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("the disk\nis full"))
        }
    }
    let text = error_text(BTreeMap::from([("a", [Fails])])).expect("it fails");
    assert!(text.contains("`payload.a[0]`") && text.contains("the disk\\nis full"), "{text}");
}

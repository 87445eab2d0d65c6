//! What is refused before anything is sent, and how it is told.

mod addresses;
mod forms;
mod keys;
mod shadowed;
mod whole;
mod overrides;
mod recipients;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;
use teleflow::{ErrorKind, Event, Overrides, Recipients, Subscriber, Tenant, Topic};

/// The complaint about a payload.
fn complaint(payload: impl Serialize) -> Option<String> {
    let error = Event::untyped("welcome", payload).to("ada").into_request().err()?;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
    Some(error.to_string())
}

fn refused(payload: impl Serialize, path: &str) {
    let text = complaint(payload).unwrap_or_else(|| panic!("{path} is not refused"));
    assert!(text.contains(&format!("`{path}`")), "no `{path}` in: {text}");
}

#[test]
fn a_payload_is_an_object() {
    #[derive(Serialize)]
    struct Unit;
    refused(json!([]), "payload");
    refused("text", "payload");
    refused(7, "payload");
    refused(7.5, "payload");
    refused(None::<u8>, "payload");
    refused((), "payload");
    refused(Unit, "payload");
    refused((1, 2), "payload");
    assert_eq!(complaint(json!({})), None);
    assert_eq!(complaint(Some(BTreeMap::from([("a", 1)]))), None);
}

#[test]
fn keys_that_the_server_cannot_take_are_named() {
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Constructor(u8),
    }
    #[derive(Serialize)]
    struct Flat {
        #[serde(flatten)]
        rest: HashMap<String, u8>,
    }
    refused(json!({"constructor": 1}), "payload.constructor");
    refused(json!({"a": [{"b": {"__proto__": 1}}]}), "payload.a[0].b.__proto__");
    refused(BTreeMap::from([("kind", Kind::Constructor(1))]), "payload.kind.constructor");
    refused(Flat { rest: HashMap::from([(String::from("__proto__"), 1)]) }, "payload.__proto__");
    assert_eq!(complaint(json!({"a": "constructor", "constructors": "__proto__"})), None);
}

#[test]
fn integers_that_the_server_rounds_are_named() {
    const EDGE: i64 = 1 << 53;
    for fit in [EDGE, -EDGE, 0] {
        assert_eq!(complaint(json!({"n": fit})), None);
    }
    refused(json!({"items": [{}, {"price": EDGE + 1}]}), "payload.items[1].price");
    refused(json!({"n": -EDGE - 1}), "payload.n");
    refused(BTreeMap::from([("n", u64::MAX)]), "payload.n");
    refused(BTreeMap::from([("n", i128::MIN)]), "payload.n");
    refused(BTreeMap::from([("n", u128::MAX)]), "payload.n");

    #[derive(Serialize)]
    struct Order {
        #[serde(with = "teleflow::as_string")]
        id: u64,
    }
    assert_eq!(complaint(Order { id: u64::MAX }), None);
    let text = complaint(json!({"secret": u64::MAX})).unwrap();
    assert!(!text.contains(&u64::MAX.to_string()), "the value is told: {text}");
}

#[test]
fn numbers_that_json_cannot_hold_are_named() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        refused(BTreeMap::from([("x", vec![1.0, value])]), "payload.x[1]");
    }
    refused(BTreeMap::from([("x", f32::NAN)]), "payload.x");
    assert_eq!(complaint(BTreeMap::from([("x", f64::MAX)])), None);
}

#[test]
fn nesting_has_an_end() {
    let nested = |levels: usize| (1..levels).fold(json!({}), |inner, _| json!({"a": inner}));
    assert_eq!(complaint(nested(100)), None);
    assert!(complaint(nested(101)).unwrap().contains("nested"));
}

#[test]
fn json_that_is_written_already_is_looked_at_too() {
    let raw =
        |text: &str| BTreeMap::from([("raw", serde_json::value::RawValue::from_string(text.to_owned()).unwrap())]);
    refused(raw(r#"{"constructor": 1}"#), "payload.raw.constructor");
    refused(raw("[18446744073709551615]"), "payload.raw[0]");
    assert_eq!(complaint(raw(r#"{"a": [1, "x"]}"#)), None);
}

#[test]
fn recipients_tenants_and_overrides_are_looked_at_too() {
    let event = || Event::untyped("welcome", json!({}));
    let nobody: [&str; 0] = [];
    let big = json!({"n": u64::MAX});
    let errors = [
        (event().to(nobody).into_request(), "empty"),
        (event().to(Recipients::new()).into_request(), "empty"),
        (event().to("").into_request(), "recipient 1"),
        (event().to(["ada", " "]).into_request(), "recipient 2"),
        (event().to(Topic::new("")).into_request(), "topic key"),
        (event().to(Subscriber::new("ada").data(big.clone())).into_request(), "`data.n`"),
        (event().to(Subscriber::new("ada").data("text")).into_request(), "`data`"),
        (event().to("ada").actor("").into_request(), "actor"),
        (event().to("ada").tenant(" ").into_request(), "tenant"),
        (event().to("ada").tenant(Tenant::new("acme").data(big.clone())).into_request(), "`tenant.data.n`"),
        (event().to("ada").overrides(Overrides::new().provider("fcm", big)).into_request(), "`overrides.fcm.n`"),
        (event().to("ada").overrides(Overrides::new().provider("push", json!({}))).into_request(), "push"),
        (event().to("ada").overrides(Overrides::new().provider("__proto__", json!({}))).into_request(), "__proto__"),
        (Event::untyped("", json!({})).to("ada").into_request(), "trigger"),
        (Event::untyped(" a", json!({})).to("ada").into_request(), "trigger"),
        (Event::untyped("a\nb", json!({})).to("ada").into_request(), "trigger"),
    ];
    for (result, word) in errors {
        let error = result.expect_err(word);
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(word), "no {word} in: {error}");
    }
}

//! Input that is rejected before anything is sent, and the errors that say why.

mod addresses;
mod broken_serialize;
mod data_model;
mod object_keys;
mod overrides;
mod recipients;
mod shadowed_variables;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;
use teleflow::{ErrorKind, Event, Overrides, Recipients, Subscriber, Tenant, Topic};

/// The error for a payload that is rejected.
fn error_text(payload: impl Serialize) -> Option<String> {
    let error = Event::untyped("welcome", payload).to("ada").into_request().err()?;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
    Some(error.to_string())
}

fn assert_rejected(payload: impl Serialize, path: &str) {
    let text = error_text(payload).unwrap_or_else(|| panic!("{path} is not rejected"));
    assert!(text.contains(&format!("`{path}`")), "no `{path}` in: {text}");
}

#[test]
fn a_payload_must_be_an_object() {
    #[derive(Serialize)]
    struct Unit;
    assert_rejected(json!([]), "payload");
    assert_rejected("text", "payload");
    assert_rejected(7, "payload");
    assert_rejected(7.5, "payload");
    assert_rejected(None::<u8>, "payload");
    assert_rejected((), "payload");
    assert_rejected(Unit, "payload");
    assert_rejected((1, 2), "payload");
    assert_eq!(error_text(json!({})), None);
    assert_eq!(error_text(Some(BTreeMap::from([("a", 1)]))), None);
}

#[test]
fn the_error_names_the_path_of_a_reserved_key() {
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
    assert_rejected(json!({"constructor": 1}), "payload.constructor");
    assert_rejected(json!({"a": [{"b": {"__proto__": 1}}]}), "payload.a[0].b.__proto__");
    assert_rejected(BTreeMap::from([("kind", Kind::Constructor(1))]), "payload.kind.constructor");
    assert_rejected(Flat { rest: HashMap::from([(String::from("__proto__"), 1)]) }, "payload.__proto__");
    assert_eq!(error_text(json!({"a": "constructor", "constructors": "__proto__"})), None);
}

#[test]
fn the_error_names_the_path_of_an_integer_beyond_2_53() {
    const EDGE: i64 = 1 << 53;
    for exact in [EDGE, -EDGE, 0] {
        assert_eq!(error_text(json!({"n": exact})), None);
    }
    assert_rejected(json!({"items": [{}, {"price": EDGE + 1}]}), "payload.items[1].price");
    assert_rejected(json!({"n": -EDGE - 1}), "payload.n");
    assert_rejected(BTreeMap::from([("n", u64::MAX)]), "payload.n");
    assert_rejected(BTreeMap::from([("n", i128::MIN)]), "payload.n");
    assert_rejected(BTreeMap::from([("n", u128::MAX)]), "payload.n");

    #[derive(Serialize)]
    struct Order {
        #[serde(with = "teleflow::as_string")]
        id: u64,
    }
    assert_eq!(error_text(Order { id: u64::MAX }), None);
    let text = error_text(json!({"secret": u64::MAX})).unwrap();
    assert!(!text.contains(&u64::MAX.to_string()), "the value is printed: {text}");
}

#[test]
fn the_error_names_the_path_of_nan_and_infinity() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_rejected(BTreeMap::from([("x", vec![1.0, value])]), "payload.x[1]");
    }
    assert_rejected(BTreeMap::from([("x", f32::NAN)]), "payload.x");
    assert_eq!(error_text(BTreeMap::from([("x", f64::MAX)])), None);
}

#[test]
fn more_than_100_levels_of_nesting_are_rejected() {
    let nested = |levels: usize| (1..levels).fold(json!({}), |inner, _| json!({"a": inner}));
    assert_eq!(error_text(nested(100)), None);
    assert!(error_text(nested(101)).unwrap().contains("nested"));
}

#[test]
fn raw_json_is_checked_too() {
    let raw =
        |text: &str| BTreeMap::from([("raw", serde_json::value::RawValue::from_string(text.to_owned()).unwrap())]);
    assert_rejected(raw(r#"{"constructor": 1}"#), "payload.raw.constructor");
    assert_rejected(raw("[18446744073709551615]"), "payload.raw[0]");
    assert_eq!(error_text(raw(r#"{"a": [1, "x"]}"#)), None);
}

#[test]
fn recipients_tenants_overrides_and_triggers_are_checked_too() {
    let event = || Event::untyped("welcome", json!({}));
    let no_recipients: [&str; 0] = [];
    let big = json!({"n": u64::MAX});
    let errors = [
        (event().to(no_recipients).into_request(), "empty"),
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

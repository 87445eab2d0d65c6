//! Random payloads: each is sent as serde_json serializes it, or rejected.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};
use teleflow::{ErrorKind, Event};

use super::try_cases;
use crate::support::STRIPPED_KEYS;

/// Reserved keys that the server does not strip: it answers 500, or loses the value.
const OTHER_RESERVED_KEYS: [&str; 2] = ["constructor", "_bsontype"];

fn is_reserved(key: &str) -> bool {
    STRIPPED_KEYS.contains(&key) || OTHER_RESERVED_KEYS.contains(&key)
}

/// Variables at the top level of a payload that the server uses as addresses.
const ADDRESSES: [&str; 3] = ["email", "phone", "webhookUrl"];

fn value() -> impl Strategy<Value = Value> {
    let integer = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3_i64..=3).prop_map(|n| Value::from((1_i64 << 53) + n)),
        (-3_i64..=3).prop_map(|n| Value::from(-(1_i64 << 53) + n)),
        any::<i32>().prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        integer,
        ".{0,40}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        20 => ".{0,12}",
        1 => proptest::sample::select([&STRIPPED_KEYS[..], &OTHER_RESERVED_KEYS].concat()).prop_map(String::from),
        1 => proptest::sample::select(&ADDRESSES[..]).prop_map(String::from),
    ];
    leaf.prop_recursive(8, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Whether the server reads the value unchanged. Independent of the library's own check.
fn is_accepted(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().all(|(key, value)| !is_reserved(key) && !key.contains('\0') && is_accepted(value))
        }
        Value::Array(items) => items.iter().all(is_accepted),
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            magnitude.is_none_or(|magnitude| magnitude <= 9_007_199_254_740_992)
        }
        _ => true,
    }
}

#[test]
fn a_payload_is_sent_as_serde_json_serializes_it_or_rejected() {
    try_cases(&value(), |value| {
        let request = Event::untyped("welcome", value).to("ada").transaction_id("t").into_request();
        let has_address =
            value.as_object().is_some_and(|fields| ADDRESSES.iter().any(|name| fields.contains_key(*name)));
        if value.is_object() && is_accepted(value) && !has_address {
            let body = String::from_utf8(request.unwrap().body().to_vec()).unwrap();
            let expected = format!(r#"{{"name":"welcome","to":"ada","payload":{value},"transactionId":"t"}}"#);
            assert_eq!(body, expected);
        } else {
            let error = request.expect_err(&value.to_string());
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
            assert!(error.to_string().contains("payload"), "{error}");
        }
    });
}

//! Payloads of any form: sent as they are, or refused.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};
use teleflow::{ErrorKind, Event};

use super::try_cases;
use crate::support::STRIPPED_KEYS;

/// Reserved keys that the server does not only strip.
const OTHERS: [&str; 2] = ["constructor", "_bsontype"];

fn is_reserved(key: &str) -> bool {
    STRIPPED_KEYS.contains(&key) || OTHERS.contains(&key)
}

/// At the top of a payload, the server sends there.
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
        1 => proptest::sample::select([&STRIPPED_KEYS[..], &OTHERS].concat()).prop_map(String::from),
        1 => proptest::sample::select(&ADDRESSES[..]).prop_map(String::from),
    ];
    leaf.prop_recursive(8, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Whether the server takes it as it is, told in another way than the library tells it.
fn is_fit(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().all(|(key, value)| !is_reserved(key) && !key.contains('\0') && is_fit(value))
        }
        Value::Array(items) => items.iter().all(is_fit),
        Value::Number(number) => {
            let magnitude = number.as_i64().map(i64::unsigned_abs).or_else(|| number.as_u64());
            magnitude.is_none_or(|magnitude| magnitude <= 9_007_199_254_740_992)
        }
        _ => true,
    }
}

#[test]
fn a_payload_is_sent_as_serde_json_writes_it_or_refused() {
    try_cases(&value(), |value| {
        let request = Event::untyped("welcome", value).to("ada").transaction_id("t").into_request();
        let has_address =
            value.as_object().is_some_and(|fields| ADDRESSES.iter().any(|name| fields.contains_key(*name)));
        if value.is_object() && is_fit(value) && !has_address {
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

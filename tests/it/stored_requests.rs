//! Stored requests: a request survives serialization, and nothing that the library did not serialize is accepted.

use serde_json::{Value, json};
use teleflow::{Broadcast, Client, Event, Overrides, Request, Subscriber, Tenant, Topic, bulk};
use teleflow_emulator::{Emulator, Workflow};

mod versions;

fn event(id: &str) -> Event<teleflow::Untyped<Value>, &'static str> {
    Event::untyped("welcome", json!({"plan": "gold", "deep": [[[1]]]})).to("ada").transaction_id(id)
}

fn stored(request: teleflow::Result<Request>) -> Value {
    serde_json::to_value(request.unwrap()).unwrap()
}

fn single() -> Value {
    stored(event("t-1").into_request())
}

fn broadcast() -> Value {
    stored(Broadcast::untyped("welcome", json!({})).transaction_id("t-1").into_request())
}

fn pair() -> Value {
    stored(bulk![event("t-1"), event("t-2")].into_request())
}

fn restore(stored: &Value) -> Result<Request, String> {
    serde_json::from_str(&stored.to_string()).map_err(|error| error.to_string())
}

/// The stored request with another value at this JSON pointer.
fn with_value(mut stored: Value, pointer: &str, value: impl Into<Value>) -> Value {
    *stored.pointer_mut(pointer).expect(pointer) = value.into();
    stored
}

#[test]
fn a_stored_request_is_restored_unchanged() {
    for id in ["t-1", "käse/100%", " in blanks ", "\"quoted\\\"", "\u{1f600}"] {
        for request in [
            event(id).into_request(),
            Broadcast::untyped("wel\"come", json!({})).transaction_id(id).into_request(),
            bulk![event(id), event("t-2"), event(id)].into_request(),
        ] {
            let request = request.unwrap();
            assert_eq!(restore(&stored(Ok(request.clone()))).unwrap(), request);
        }
    }
}

#[test]
fn blank_ids_and_ids_with_control_characters_are_rejected() {
    for bad in ["a\nb", "a\u{1b}[31m", "\0", "", " \t "] {
        for (stored, pointer) in [(single(), "/events/0"), (broadcast(), "/events/0"), (pair(), "/events/1")] {
            for id in ["trigger", "transaction_id"] {
                let error = restore(&with_value(stored.clone(), &format!("{pointer}/{id}"), bad)).expect_err(bad);
                assert!(error.contains(&id.replace('_', " ")), "{error}");
                assert!(!error.chars().any(char::is_control), "{error:?}");
            }
        }
    }
    let cancel =
        json!({"endpoint": "cancel", "body": "", "idempotency_key": null, "events": [{"transaction_id": "a\nb"}]});
    assert!(restore(&cancel).unwrap_err().contains("transaction id"));
}

#[test]
fn an_idempotency_key_that_is_not_a_valid_header_value_is_rejected() {
    for bad in ["", " ", "a b", "a\r\nX-Other: 1", "k\u{e9}y", "\u{7f}", &"k".repeat(256)] {
        assert!(
            restore(&with_value(single(), "/idempotency_key", bad)).unwrap_err().contains("idempotency key"),
            "{bad:?}"
        );
    }
    let longest = "k".repeat(255);
    assert_eq!(
        restore(&with_value(single(), "/idempotency_key", longest.as_str())).unwrap().idempotency_key(),
        Some(&*longest)
    );
}

#[test]
fn parts_that_contradict_each_other_are_rejected() {
    let body = |stored: &Value| stored["body"].as_str().unwrap().to_owned();
    for odd in [
        with_value(single(), "/endpoint", "bulk"),
        with_value(pair(), "/endpoint", "trigger"),
        with_value(pair(), "/endpoint", "broadcast"),
        with_value(single(), "/endpoint", "other"),
        with_value(single(), "/events", json!([])),
        with_value(pair(), "/events", pair()["events"][0].clone()),
        with_value(single(), "/events/0", json!({"transaction_id": "t-1"})),
        with_value(single(), "/events/0/transaction_id", "t-2"),
        with_value(single(), "/events/0/trigger", "other"),
        with_value(pair(), "/events/1/transaction_id", "t-1"),
        with_value(single(), "/body", ""),
        with_value(single(), "/body", "[]"),
        with_value(single(), "/body", body(&single()) + "{}"),
        with_value(single(), "/body", body(&pair())),
        with_value(single(), "/body", body(&single()).replace("t-1", "t-2")),
        with_value(pair(), "/body", body(&pair()).replace("t-2", "t-3")),
    ] {
        assert!(restore(&odd).is_err(), "{odd}");
    }
}

/// The stored request with `from` replaced by `to` in its body.
fn with_body(stored: Value, from: &str, to: &str) -> Value {
    let body = stored["body"].as_str().unwrap();
    assert!(body.contains(from), "no {from} in {body}");
    let body = body.replacen(from, to, 1);
    with_value(stored, "/body", body)
}

#[test]
fn an_event_is_not_restored_as_a_broadcast_nor_a_broadcast_as_an_event() {
    for odd in [with_value(single(), "/endpoint", "broadcast"), with_value(broadcast(), "/endpoint", "trigger")] {
        let error = restore(&odd).unwrap_err();
        assert!(error.contains("does not match"), "{error}");
    }
}

#[test]
fn a_body_must_have_the_recipients_that_its_endpoint_requires() {
    let to = r#""to":"ada","#;
    for stored in [single(), pair()] {
        for odd in [
            "",
            r#""to":null,"#,
            r#""to":5,"#,
            r#""to":[],"#,
            r#""to":[ ],"#,
            r#""to":"ada","to":"eve","#,
            r#""to":"ada","\u0074o":"eve","#,
            r#""To":"ada","#,
        ] {
            assert!(restore(&with_body(stored.clone(), to, odd)).is_err(), "{odd}");
        }
    }
    for odd in [r#"{"to":"ada","#, r#"{"to":null,"#, r#"{"to":[],"#] {
        assert!(restore(&with_body(broadcast(), "{", odd)).is_err(), "{odd}");
    }
}

#[test]
fn a_body_with_a_duplicate_unknown_or_malformed_field_is_rejected() {
    let payload = r#""payload":{"plan":"gold","deep":[[[1]]]}"#;
    for odd in [
        r#""payload":null"#,
        r#""payload":[1]"#,
        r#""payload":"x""#,
        r#""payload":{},"payload":{}"#,
        r#""x":{}"#,
        r#""payload":{},"actor":null"#,
        r#""payload":{},"tenant":"acme""#,
        r#""payload":{},"overrides":{},"overrides":{}"#,
        r#""payload":{},"name":"welcome""#,
        r#""payload":{},"transactionId":"t-1""#,
        r#""payload":{},"bridgeUrl":"https://example.com""#,
        r#""payload":{},"events":[]"#,
    ] {
        for stored in [single(), pair()] {
            assert!(restore(&with_body(stored, payload, odd)).is_err(), "{odd}");
        }
    }
    assert!(restore(&with_body(pair(), "{", r#"{"to":"ada","#)).is_err());
}

#[test]
fn every_part_of_an_event_is_restored() {
    let people = ["ada", "ben"].map(|id| Subscriber::new(id).email("a@example.com"));
    let full = || {
        let overrides = Overrides::new().layout("christmas");
        event("t-1").actor("eve").tenant(Tenant::new("acme").name("Acme")).overrides(overrides)
    };
    let to = Event::untyped("welcome", json!({"to": 1, "name": null})).to(people).into_request();
    let topic = Event::untyped("welcome", json!({})).to(Topic::new("staff")).into_request();
    let everybody = Broadcast::untyped("welcome", json!({"to": "ada"})).actor("eve").tenant("acme").into_request();
    for request in [full().into_request(), to, topic, everybody, bulk![full(), event("t-2")].into_request()] {
        let request = request.unwrap();
        assert_eq!(restore(&stored(Ok(request.clone()))).unwrap(), request);
    }
}

#[tokio::test]
async fn a_manipulated_cancellation_does_not_reach_another_path() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let cancel = |id: &str| {
        restore(&json!({"endpoint": "cancel", "body": "", "idempotency_key": null, "events": [{"transaction_id": id}]}))
    };
    for bad in ["", ".", "..", "a\nb"] {
        assert!(cancel(bad).is_err(), "{bad:?}");
    }
    let request = cancel("../bulk?x#y").unwrap();
    assert_eq!((request.path(), request.idempotency_key()), ("/v1/events/trigger/..%2Fbulk%3Fx%23y", None));
    assert!(request.body().is_empty());
    let _ = client.send(request).await;
    assert!(emulator.jobs().is_empty());
}

#[test]
fn a_restored_request_has_the_same_idempotency_key() {
    let event = || Event::untyped("welcome", serde_json::json!({"é": "\u{1F600}"})).to("ada");
    for request in [event().into_request().unwrap(), bulk![event(), event()].into_request().unwrap()] {
        let stored = serde_json::to_string(&request).unwrap();
        let restored: Request = serde_json::from_str(&stored).unwrap();
        assert_eq!(restored, request);
        assert_eq!(restored.idempotency_key(), request.idempotency_key());
    }
}

#[test]
fn json_that_is_not_a_stored_request_is_an_error() {
    let texts = [
        "{}",
        r#"{"endpoint":"nowhere","body":"{}","idempotency_key":null,"events":[]}"#,
        r#"{"endpoint":"trigger","body":"{}","idempotency_key":null,"events":[]}"#,
        r#"{"endpoint":"cancel","body":"","idempotency_key":null,"events":[{"transaction_id":".."}]}"#,
    ];
    for text in texts {
        assert!(serde_json::from_str::<Request>(text).is_err(), "{text}");
    }
}

#[test]
fn a_stored_cancellation_has_the_method_and_path_of_its_endpoint() {
    let cancel = |fields: &str| {
        let text = format!(
            r#"{{"version":1,"endpoint":"cancel","idempotency_key":null,"events":[{{"transaction_id":"a/../b"}}],{fields}}}"#
        );
        serde_json::from_str::<Request>(&text)
    };
    let request = cancel(r#""body":"""#).unwrap();
    assert_eq!((request.method(), request.path()), ("DELETE", "/v1/events/trigger/a%2F..%2Fb"));
    assert_eq!((request.idempotency_key(), request.body().len()), (None, 0));
    for odd in [
        r#""body":"x""#,
        r#""body":"","method":"POST""#,
        r#""body":"","path":"/v1/admin""#,
        r#""body":"","headers":{"x-other":"1"}"#,
        r#""body":"","idempotency_key":"k""#,
    ] {
        assert!(cancel(odd).is_err(), "{odd}");
    }
}

#[test]
fn a_field_or_a_key_that_this_library_does_not_write_is_rejected() {
    for stored in [single(), broadcast(), pair()] {
        for field in ["path", "method", "headers", "Version", "key"] {
            let mut odd = stored.clone();
            odd[field] = json!("/v1/admin");
            assert!(restore(&odd).unwrap_err().contains(field), "{odd}");
            let mut odd = stored.clone();
            odd["events"][0][field] = json!("x");
            assert!(restore(&odd).is_err(), "{odd}");
        }
        assert!(restore(&with_value(stored.clone(), "/idempotency_key", Value::Null)).is_err());
        let mut without_key = stored.clone();
        without_key.as_object_mut().unwrap().remove("idempotency_key");
        assert!(restore(&without_key).is_err());
        let twice = stored.to_string().replacen('{', r#"{"endpoint":"cancel","#, 1);
        assert!(serde_json::from_str::<Request>(&twice).unwrap_err().to_string().contains("duplicate"));
    }
    let mut cancel = serde_json::from_str::<Value>(include_str!("../stored/version_1/cancel.json")).unwrap();
    cancel["events"][0]["trigger"] = json!("welcome");
    assert!(restore(&cancel).is_err());
}

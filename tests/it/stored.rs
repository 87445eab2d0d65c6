//! Stored requests: what is written is read back, and nothing else is.

use serde_json::{Value, json};
use teleflow::{Broadcast, Client, Event, Overrides, Request, Subscriber, Tenant, Topic, bulk};
use teleflow_emulator::{Emulator, Workflow};

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

fn read(stored: &Value) -> Result<Request, String> {
    serde_json::from_str(&stored.to_string()).map_err(|error| error.to_string())
}

/// The stored request with another value in this place.
fn with(mut stored: Value, pointer: &str, value: impl Into<Value>) -> Value {
    *stored.pointer_mut(pointer).expect(pointer) = value.into();
    stored
}

#[test]
fn what_is_written_is_read_back() {
    for id in ["t-1", "käse/100%", " in blanks ", "\"quoted\\\"", "\u{1f600}"] {
        for request in [
            event(id).into_request(),
            Broadcast::untyped("wel\"come", json!({})).transaction_id(id).into_request(),
            bulk![event(id), event("t-2"), event(id)].into_request(),
        ] {
            let request = request.unwrap();
            assert_eq!(read(&stored(Ok(request.clone()))).unwrap(), request);
        }
    }
}

#[test]
fn ids_with_control_characters_are_refused() {
    for bad in ["a\nb", "a\u{1b}[31m", "\0", "", " \t "] {
        for (stored, pointer) in [(single(), "/events/0"), (broadcast(), "/events/0"), (pair(), "/events/1")] {
            for id in ["trigger", "transaction_id"] {
                let error = read(&with(stored.clone(), &format!("{pointer}/{id}"), bad)).expect_err(bad);
                assert!(error.contains(&id.replace('_', " ")), "{error}");
                assert!(!error.chars().any(char::is_control), "{error:?}");
            }
        }
    }
    let cancel =
        json!({"endpoint": "cancel", "body": "", "idempotency_key": null, "events": [{"transaction_id": "a\nb"}]});
    assert!(read(&cancel).unwrap_err().contains("transaction id"));
}

#[test]
fn a_key_that_cannot_stand_in_a_header_is_refused() {
    for bad in ["", " ", "a b", "a\r\nX-Other: 1", "k\u{e9}y", "\u{7f}", &"k".repeat(256)] {
        assert!(read(&with(single(), "/idempotency_key", bad)).unwrap_err().contains("idempotency key"), "{bad:?}");
    }
    let longest = "k".repeat(255);
    assert_eq!(read(&with(single(), "/idempotency_key", longest.as_str())).unwrap().idempotency_key(), Some(&*longest));
}

#[test]
fn parts_that_do_not_fit_each_other_are_refused() {
    let body = |stored: &Value| stored["body"].as_str().unwrap().to_owned();
    for odd in [
        with(single(), "/endpoint", "bulk"),
        with(pair(), "/endpoint", "trigger"),
        with(pair(), "/endpoint", "broadcast"),
        with(single(), "/endpoint", "other"),
        with(single(), "/events", json!([])),
        with(pair(), "/events", pair()["events"][0].clone()),
        with(single(), "/events/0", json!({"transaction_id": "t-1"})),
        with(single(), "/events/0/transaction_id", "t-2"),
        with(single(), "/events/0/trigger", "other"),
        with(pair(), "/events/1/transaction_id", "t-1"),
        with(single(), "/body", ""),
        with(single(), "/body", "[]"),
        with(single(), "/body", body(&single()) + "{}"),
        with(single(), "/body", body(&pair())),
        with(single(), "/body", body(&single()).replace("t-1", "t-2")),
        with(pair(), "/body", body(&pair()).replace("t-2", "t-3")),
    ] {
        assert!(read(&odd).is_err(), "{odd}");
    }
}

/// The stored request with this change in its body.
fn with_body(stored: Value, from: &str, to: &str) -> Value {
    let body = stored["body"].as_str().unwrap();
    assert!(body.contains(from), "no {from} in {body}");
    let body = body.replacen(from, to, 1);
    with(stored, "/body", body)
}

#[test]
fn an_event_does_not_become_a_broadcast_nor_a_broadcast_an_event() {
    for odd in [with(single(), "/endpoint", "broadcast"), with(broadcast(), "/endpoint", "trigger")] {
        let error = read(&odd).unwrap_err();
        assert!(error.contains("does not match"), "{error}");
    }
}

#[test]
fn a_body_has_the_recipients_that_its_endpoint_needs_and_no_others() {
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
            assert!(read(&with_body(stored.clone(), to, odd)).is_err(), "{odd}");
        }
    }
    for odd in [r#"{"to":"ada","#, r#"{"to":null,"#, r#"{"to":[],"#] {
        assert!(read(&with_body(broadcast(), "{", odd)).is_err(), "{odd}");
    }
}

#[test]
fn a_body_has_each_part_once_and_no_part_that_is_never_written() {
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
            assert!(read(&with_body(stored, payload, odd)).is_err(), "{odd}");
        }
    }
    assert!(read(&with_body(pair(), "{", r#"{"to":"ada","#)).is_err());
}

#[test]
fn every_part_that_is_written_is_read_back() {
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
        assert_eq!(read(&stored(Ok(request.clone()))).unwrap(), request);
    }
}

#[tokio::test]
async fn a_cancellation_that_was_written_by_hand_reaches_no_other_path() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let cancel = |id: &str| {
        read(&json!({"endpoint": "cancel", "body": "x", "idempotency_key": "k", "events": [{"transaction_id": id}]}))
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

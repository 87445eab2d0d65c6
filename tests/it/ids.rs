//! Transaction ids: minted, derived, given; and requests that are stored.

mod derived;

use std::collections::HashSet;

use serde::Serialize;
use teleflow::{ErrorKind, Event, Request, TeleflowWorkflow, TransactionId, bulk};

fn id(request: teleflow::Result<Request>) -> String {
    request.unwrap().transaction_ids().next().unwrap().to_string()
}

#[test]
fn an_id_that_is_given_wins_and_a_blank_one_is_refused() {
    #[derive(Clone, Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "order-{order}")]
    struct OrderShipped<'a> {
        order: &'a str,
    }
    let order = OrderShipped { order: "A-7" };
    assert_eq!(id(order.clone().to("ada").transaction_id("mine").into_request()), "mine");
    for blank in ["", " ", "a\nb"] {
        let error = order.clone().to("ada").transaction_id(blank).into_request().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{blank:?}");
    }
    for never in ["", ".", ".."] {
        let client = teleflow::Client::new("key").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(client.cancel(&TransactionId::from(never))).unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{never:?}");
    }
}

#[test]
fn minted_ids_are_random_and_stand_in_the_body() {
    let event = || Event::untyped("welcome", serde_json::json!({})).to("ada");
    let request = bulk![event(), event(), event()].into_request().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    let ids: HashSet<_> = request.transaction_ids().map(TransactionId::as_str).collect();
    assert_eq!(ids.len(), 3);
    for id in ids {
        assert!(body.contains(&format!(r#""transactionId":"{id}""#)));
        assert_eq!(id.as_bytes()[14], b'4', "{id} is no UUID v4");
    }
}

#[test]
fn a_stored_request_comes_back_as_it_was() {
    let event = || Event::untyped("welcome", serde_json::json!({"é": "\u{1F600}"})).to("ada");
    for request in [event().into_request().unwrap(), bulk![event(), event()].into_request().unwrap()] {
        let stored = serde_json::to_string(&request).unwrap();
        let restored: Request = serde_json::from_str(&stored).unwrap();
        assert_eq!(restored, request);
        assert_eq!(restored.idempotency_key(), request.idempotency_key());
    }
}

#[test]
fn a_stored_request_that_is_none_is_an_error() {
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
fn a_stored_cancellation_cannot_be_turned_elsewhere() {
    // Path and method follow from the endpoint: a store that was tampered with cannot name them.
    let text = r#"{"endpoint":"cancel","method":"POST","path":"/v1/admin","body":"x","idempotency_key":"k",
        "events":[{"transaction_id":"a/../b"}]}"#;
    let request: Request = serde_json::from_str(text).unwrap();
    assert_eq!((request.method(), request.path()), ("DELETE", "/v1/events/trigger/a%2F..%2Fb"));
    assert_eq!((request.idempotency_key(), request.body().len()), (None, 0));
}

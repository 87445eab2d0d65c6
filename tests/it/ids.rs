//! Transaction ids: minted, derived, given; and requests that are stored.

use std::collections::HashSet;

use serde::Serialize;
use teleflow::{ErrorKind, Event, IntoRecipients, Request, TeleflowWorkflow, Topic, TransactionId, bulk};

#[derive(Clone, Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-shipped", transaction_id = "order-{order}")]
struct OrderShipped<'a> {
    order: &'a str,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "order-paid", transaction_id = "order-{order}")]
struct OrderPaid<'a> {
    order: &'a str,
}

fn id(request: teleflow::Result<Request>) -> String {
    request.unwrap().transaction_ids().next().unwrap().to_string()
}

fn shipped(order: &str, to: impl IntoRecipients) -> String {
    id(OrderShipped { order }.to(to).into_request())
}

#[test]
fn a_derived_id_follows_from_trigger_text_and_recipients() {
    // Fixed for all time: another value would send what was sent already again.
    assert_eq!(shipped("A-7", "ada"), "9373a287-6cdb-54d1-86ea-2e027039d438");
    assert_eq!(shipped("A-7", ["ben", "ada", "ben"]), shipped("A-7", vec!["ada", "ben"]));
    let different = [
        shipped("A-7", "ada"),
        shipped("A-8", "ada"),
        shipped("A-7", "ben"),
        shipped("A-7", ["ada", "ben"]),
        shipped("A-7", Topic::new("ada")),
        id(OrderPaid { order: "A-7" }.to("ada").into_request()),
        id(OrderShipped { order: "A-7" }.broadcast().into_request()),
    ];
    assert_eq!(different.iter().collect::<HashSet<_>>().len(), different.len(), "{different:?}");
    assert!(different.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'5'));
}

#[test]
fn an_id_that_is_given_wins_and_a_blank_one_is_refused() {
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
fn derived_ids_are_fixed_for_lists_topics_and_broadcasts_too() {
    // As the one above: fixed for all time. UUIDs v5 of the trigger, the text, and each recipient in sorted order.
    let root = uuid::Uuid::from_u128(0x6f1c_35d8_9a0e_4c62_b7d4_52e8_0f3b_91ac);
    let expected = |recipients: &[&str]| {
        let names = ["order-shipped", "order-A-7"].iter().chain(recipients);
        names.fold(root, |id, name| uuid::Uuid::new_v5(&id, name.as_bytes())).to_string()
    };
    assert_eq!(shipped("A-7", ["ben", "ada"]), expected(&["subscriber:ada", "subscriber:ben"]));
    let mut mixed: teleflow::Recipients = ["ada"].into_iter().collect();
    mixed.push(Topic::new("staff"));
    mixed.push(teleflow::Subscriber::new("ada").email("ada@example.com"));
    assert_eq!(shipped("A-7", mixed), expected(&["subscriber:ada", "topic:staff"]));
    assert_eq!(id(OrderShipped { order: "A-7" }.broadcast().into_request()), expected(&[]));
}

#[test]
fn derived_ids_are_those_of_the_event_wherever_it_goes() {
    let alone = shipped("A-7", "ada");
    let order = || OrderShipped { order: "A-7" }.to("ada");
    let in_bulk = bulk![order(), order()].into_request().unwrap();
    assert!(in_bulk.transaction_ids().all(|id| id.as_str() == alone));
    let client = teleflow::Client::new("key").unwrap();
    assert_eq!(order().send(&client).transaction_id().as_str(), alone);
    // Actor, tenant and overrides are no part of what makes two events one.
    assert_eq!(id(order().actor("ben").tenant("acme").into_request()), alone);
}

#[test]
fn a_template_that_comes_out_blank_is_refused() {
    #[derive(Serialize, TeleflowWorkflow)]
    #[teleflow(trigger = "order-shipped", transaction_id = "{key}")]
    struct Blank<'a> {
        key: &'a str,
    }
    for blank in ["", " ", "\t\n"] {
        let error = Blank { key: blank }.to("ada").into_request().unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{blank:?}");
        assert_eq!(id(Blank { key: blank }.to("ada").transaction_id("mine").into_request()), "mine");
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

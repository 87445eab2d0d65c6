//! Bulks over real sockets: what each request contains, and responses that do not match their events.

use std::collections::HashSet;

use serde_json::{Value, json};
use teleflow::{Bulk, ErrorKind, Event, Fate};

use super::numbered;
use crate::support::Server;

/// The body of the response to a bulk of this many events, all of them queued.
fn queued(events: usize) -> String {
    json!({"data": vec![json!({"acknowledged": true, "status": "processed"}); events]}).to_string()
}

#[tokio::test]
async fn each_request_has_its_own_idempotency_key_and_each_event_its_transaction_id() {
    let server = Server::status(201, "", &queued(100));
    let report = (0..300).map(numbered).collect::<Bulk>().send(&server.client()).await;
    assert!(report.all_queued());
    let requests = server.requests();
    let (mut keys, mut ids) = (HashSet::new(), Vec::new());
    for request in &requests {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /v1/events/trigger/bulk HTTP/1.1\r\n"), "{head}");
        keys.insert(
            head.lines().find(|line| line.starts_with("idempotency-key: ")).expect("an idempotency key").to_owned(),
        );
        let body: Value = serde_json::from_str(body).unwrap();
        ids.extend(body["events"].as_array().unwrap().iter().map(|event| event["transactionId"].clone()));
    }
    assert_eq!((requests.len(), keys.len()), (3, 3));
    assert_eq!(ids, (0..300).map(|n| json!(format!("t-{n}"))).collect::<Vec<_>>());
    let reported_ids: Vec<_> = report.receipts().map(|(_, receipt)| json!(receipt.transaction_id())).collect();
    assert_eq!(reported_ids, ids);
}

#[tokio::test]
async fn invalid_events_are_not_sent_and_keep_their_positions() {
    let server = Server::status(201, "", &queued(2));
    let bad = |payload: Value| Event::untyped("welcome", payload).to("ada");
    let mut bulk = Bulk::new();
    bulk.push(bad(json!([])));
    bulk.push(numbered(1));
    bulk.push(bad(json!({"big": u64::MAX})));
    bulk.push(Event::untyped("welcome", json!({})).to(" "));
    bulk.push(numbered(4));
    bulk.push(Event::untyped("", json!({})).to("ada"));
    assert_eq!(bulk.len(), 6);
    let report = bulk.send(&server.client()).await;
    let invalid: Vec<usize> = report.errors().map(|(position, _)| position).collect();
    assert_eq!(invalid, [0, 2, 3, 5]);
    for (_, error) in report.errors() {
        assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Invalid, Fate::NotQueued, 0), "{error}");
        assert!(error.to_string().contains("bulk"), "{error}");
    }
    let body = server.requests().pop().unwrap();
    assert!(body.contains(r#"{"events":[{"name":"welcome","to":"ada","payload":{"n":1},"#), "{body}");
    assert!(!body.contains("big") && server.requests().len() == 1, "{body}");
}

#[tokio::test]
async fn a_bulk_of_invalid_events_sends_nothing() {
    let server = Server::status(201, "", &queued(1));
    let bulk: Bulk = (0..3).map(|n| Event::untyped("welcome", n).to("ada")).collect();
    assert_eq!(bulk.send(&server.client()).await.errors().count(), 3);
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_response_that_is_not_a_list_leaves_every_fate_unknown() {
    for body in [r#"{"data":{"status":"processed"}}"#, r#"{"data":null}"#, "not JSON", "{}", "", "true"] {
        let report = (0..3).map(numbered).collect::<Bulk>().send(&Server::status(201, "", body).client()).await;
        assert_eq!(report.errors().count(), 3, "{body}");
        for (position, error) in report.errors() {
            assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{body}");
            assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{position}"));
        }
    }
}

#[tokio::test]
async fn a_malformed_result_does_not_affect_the_others() {
    let results = json!([null, {"status": "processed"}, {"status": 7}, [], {"status": "error"}]);
    let body = json!({"data": results}).to_string();
    let report = (0..5).map(numbered).collect::<Bulk>().send(&Server::status(201, "", &body).client()).await;
    let kinds: Vec<_> =
        report.iter().map(|result| result.as_ref().map(|_| ()).map_err(|error| (error.kind(), error.fate()))).collect();
    let unknown = Err((ErrorKind::Decode, Fate::Unknown));
    assert_eq!(kinds, [unknown, Ok(()), unknown, unknown, Err((ErrorKind::Validation, Fate::NotQueued))]);
}

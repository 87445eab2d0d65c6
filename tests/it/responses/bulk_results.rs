//! Results of a bulk: each event gets its own result, or none.

use serde_json::{Value, json};
use teleflow::{Bulk, ErrorKind, Fate};

use super::event;
use crate::support::Server;

fn queued(id: &str) -> Value {
    json!({"acknowledged": true, "status": "processed", "transactionId": id})
}

fn refused() -> Value {
    json!({"acknowledged": true, "status": "error", "error": ["is odd"]})
}

fn refused_with_id(id: &str) -> Value {
    json!({"acknowledged": true, "status": "error", "error": ["is odd"], "event": {"transactionId": id}})
}

/// The fate of each event after a response with these results: `+` queued, `-` refused, `?` unknown.
async fn fates(ids: &[&str], results: &[Value]) -> String {
    let body = json!({"data": results}).to_string();
    let bulk: Bulk = ids.iter().map(|id| event(id)).collect();
    // A stored bulk stays a bulk, even of one event.
    let report = Server::status(201, "", &body).client().send(bulk.into_request().unwrap()).await;
    let symbol = |(position, result): (usize, &teleflow::Result<teleflow::Receipt>)| match result {
        Ok(receipt) => {
            assert_eq!(receipt.transaction_id().as_str(), ids[position]);
            '+'
        }
        Err(error) => {
            assert_eq!(error.transaction_id().unwrap().as_str(), ids[position], "{error}");
            match (error.kind(), error.fate()) {
                (ErrorKind::Validation, Fate::NotQueued) => '-',
                (ErrorKind::Decode, Fate::Unknown) => '?',
                other => panic!("{other:?}: {error}"),
            }
        }
    };
    report.iter().enumerate().map(symbol).collect()
}

#[tokio::test]
async fn results_without_ids_are_matched_by_position_if_their_number_is_right() {
    let without_id = json!({"acknowledged": true, "status": "processed"});
    assert_eq!(fates(&["a", "b", "c"], &[without_id.clone(), without_id.clone(), refused()]).await, "++-");
    assert_eq!(fates(&["a", "b", "c"], &[queued("a"), refused(), without_id]).await, "+-+");
    assert_eq!(fates(&["a", "b"], &[refused_with_id("a"), queued("b")]).await, "-+");
}

#[tokio::test]
async fn a_missing_result_does_not_shift_the_others() {
    assert_eq!(fates(&["a", "b", "c"], &[queued("a"), queued("c")]).await, "+?+");
    assert_eq!(fates(&["a", "b", "c"], &[queued("b"), queued("c")]).await, "?++");
    assert_eq!(fates(&["a", "b", "c"], &[queued("a"), refused()]).await, "+??");
    assert_eq!(fates(&["a", "b", "c"], &[queued("a"), refused_with_id("c")]).await, "+?-");
    assert_eq!(fates(&["a", "b", "c"], &[]).await, "???");
}

#[tokio::test]
async fn results_in_another_order_are_matched_by_id() {
    assert_eq!(fates(&["a", "b", "c"], &[queued("b"), refused_with_id("a"), queued("c")]).await, "-++");
    // A result without an id may belong to any event.
    assert_eq!(fates(&["a", "b", "c", "d"], &[queued("b"), queued("a"), refused(), queued("d")]).await, "++?+");
}

#[tokio::test]
async fn a_result_for_an_event_that_was_not_sent_is_ignored() {
    assert_eq!(fates(&["a", "b"], &[queued("a"), queued("x")]).await, "+?");
    assert_eq!(fates(&["a", "b"], &[queued("x"), queued("y")]).await, "??");
    assert_eq!(fates(&["a"], &[queued("x"), queued("a")]).await, "+");
    assert_eq!(fates(&["a", "b"], &[queued("a"), queued("b"), refused()]).await, "++");
    assert_eq!(fates(&["a", "b"], &[refused(), refused(), refused()]).await, "??");
}

#[tokio::test]
async fn events_with_the_same_id_get_results_only_if_each_has_one() {
    assert_eq!(fates(&["a", "a", "b"], &[queued("a"), refused(), queued("b")]).await, "+-+");
    assert_eq!(fates(&["a", "a", "b"], &[queued("b"), queued("a"), refused_with_id("a")]).await, "??+");
    assert_eq!(fates(&["a", "a", "b"], &[queued("a"), queued("a"), queued("b"), refused()]).await, "??+");
    assert_eq!(fates(&["a", "a", "b"], &[queued("a"), queued("b")]).await, "??+");
    assert_eq!(fates(&["a", "b"], &[queued("a"), refused_with_id("a"), queued("b")]).await, "?+");
}

#[tokio::test]
async fn the_error_names_the_number_of_results_and_of_events() {
    let body = json!({"data": [queued("a"), queued("c")]}).to_string();
    let bulk: Bulk = ["a", "b", "c"].map(event).into_iter().collect();
    let report = bulk.send(&Server::status(201, "", &body).client()).await;
    let text = report.get(1).unwrap().as_ref().unwrap_err().to_string();
    assert!(text.contains("2 results for 3 events"), "{text}");
}

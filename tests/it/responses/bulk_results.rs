//! The results of a bulk: each event gets its own, or none.

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

fn refused_and_named(id: &str) -> Value {
    json!({"acknowledged": true, "status": "error", "error": ["is odd"], "event": {"transactionId": id}})
}

/// What the client makes of these results for events with these ids: `+` queued, `-` refused, `?` unknown.
async fn outcome(ids: &[&str], results: &[Value]) -> String {
    let body = json!({"data": results}).to_string();
    let bulk: Bulk = ids.iter().map(|id| event(id)).collect();
    let report = bulk.send(&Server::status(201, "", &body).client()).await;
    let of = |(position, result): (usize, &teleflow::Result<teleflow::Receipt>)| match result {
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
    report.iter().enumerate().map(of).collect()
}

#[tokio::test]
async fn results_without_ids_count_by_position_where_their_number_is_right() {
    let unnamed = json!({"acknowledged": true, "status": "processed"});
    assert_eq!(outcome(&["a", "b", "c"], &[unnamed.clone(), unnamed.clone(), refused()]).await, "++-");
    assert_eq!(outcome(&["a", "b", "c"], &[queued("a"), refused(), unnamed]).await, "+-+");
    assert_eq!(outcome(&["a", "b"], &[refused_and_named("a"), queued("b")]).await, "-+");
}

#[tokio::test]
async fn a_result_that_is_missing_does_not_shift_the_others() {
    assert_eq!(outcome(&["a", "b", "c"], &[queued("a"), queued("c")]).await, "+?+");
    assert_eq!(outcome(&["a", "b", "c"], &[queued("b"), queued("c")]).await, "?++");
    assert_eq!(outcome(&["a", "b", "c"], &[queued("a"), refused()]).await, "+??");
    assert_eq!(outcome(&["a", "b", "c"], &[queued("a"), refused_and_named("c")]).await, "+?-");
    assert_eq!(outcome(&["a", "b", "c"], &[]).await, "???");
}

#[tokio::test]
async fn results_in_another_order_are_found_by_their_ids() {
    assert_eq!(outcome(&["a", "b", "c"], &[queued("b"), refused_and_named("a"), queued("c")]).await, "-++");
    // One that names nobody may be anybody's.
    assert_eq!(outcome(&["a", "b", "c", "d"], &[queued("b"), queued("a"), refused(), queued("d")]).await, "++?+");
}

#[tokio::test]
async fn a_result_of_an_event_that_was_not_sent_counts_for_nobody() {
    assert_eq!(outcome(&["a", "b"], &[queued("a"), queued("x")]).await, "+?");
    assert_eq!(outcome(&["a", "b"], &[queued("x"), queued("y")]).await, "??");
    assert_eq!(outcome(&["a"], &[queued("x"), queued("a")]).await, "+");
    assert_eq!(outcome(&["a", "b"], &[queued("a"), queued("b"), refused()]).await, "++");
    assert_eq!(outcome(&["a", "b"], &[refused(), refused(), refused()]).await, "??");
}

#[tokio::test]
async fn events_with_one_id_get_results_only_where_each_has_one() {
    assert_eq!(outcome(&["a", "a", "b"], &[queued("a"), refused(), queued("b")]).await, "+-+");
    assert_eq!(outcome(&["a", "a", "b"], &[queued("b"), queued("a"), refused_and_named("a")]).await, "??+");
    assert_eq!(outcome(&["a", "a", "b"], &[queued("a"), queued("a"), queued("b"), refused()]).await, "??+");
    assert_eq!(outcome(&["a", "a", "b"], &[queued("a"), queued("b")]).await, "??+");
    assert_eq!(outcome(&["a", "b"], &[queued("a"), refused_and_named("a"), queued("b")]).await, "?+");
}

#[tokio::test]
async fn a_bulk_that_is_answered_wrongly_says_how() {
    let body = json!({"data": [queued("a"), queued("c")]}).to_string();
    let bulk: Bulk = ["a", "b", "c"].map(event).into_iter().collect();
    let report = bulk.send(&Server::status(201, "", &body).client()).await;
    let text = report.get(1).unwrap().as_ref().unwrap_err().to_string();
    assert!(text.contains("2 results for 3 events"), "{text}");
}

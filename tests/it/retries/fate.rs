//! Fate, attempts and HTTP status of a result, over all requests that were sent for its event.

use teleflow::{Bulk, Cancellation, Error, ErrorKind, Fate, Request, Status};

use super::bulk_and_broadcast::FREE_POLICY;
use super::script::{Script, Step};
use super::{event, numbered};
use crate::support::Server;

/// The response to a bulk on a plan whose burst is below the cost of a bulk.
fn bulk_above_the_burst() -> Step {
    Step::status(429).header("ratelimit-policy", FREE_POLICY).header("retry-after", "3")
}

fn bulk(events: u32) -> Bulk {
    (0..events).map(numbered).collect()
}

/// Responses to a single event, each with the kind of its error.
fn failing_responses() -> Vec<(Step, ErrorKind)> {
    vec![
        (Step::status(401), ErrorKind::Unauthorized),
        (Step::status(400), ErrorKind::Validation),
        (Step::status(429).header("retry-after", "3600"), ErrorKind::RateLimited),
        (Step::queued().body(r#"{"data":{"acknowledged":true,"status":"trigger_not_active"}}"#), ErrorKind::Dropped),
        (Step::queued().body(r#"{"data":{"status":"error","error":["no"]}}"#), ErrorKind::Validation),
    ]
}

#[tokio::test(start_paused = true)]
async fn attempts_and_fate_of_a_bulk_count_for_its_events_that_are_sent_alone() {
    let lost_responses = [Step::ConnectionReset, Step::NoResponse, Step::status(500), Step::status(408)];
    for lost in lost_responses {
        for (single, kind) in failing_responses() {
            let script = Script::new([lost.clone(), bulk_above_the_burst(), single]);
            let report = bulk(3).send(&script.client()).await;
            for (position, error) in report.errors() {
                let sent_alone = position == 0 || kind != ErrorKind::Unauthorized;
                assert_eq!((error.kind(), error.fate()), (kind, Fate::Unknown), "{error}");
                assert_eq!(error.attempts(), if sent_alone { 3 } else { 2 }, "{error}");
                assert_eq!(error.to_string().contains("was not sent again, because"), !sent_alone, "{error}");
            }
            assert_eq!(report.errors().count(), 3);
        }
    }
    let script = Script::new([Step::ConnectionReset, bulk_above_the_burst(), Step::queued()]);
    let report = bulk(3).send(&script.client()).await;
    assert!(report.receipts().all(|(_, receipt)| receipt.attempts() == 3) && report.all_queued(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn a_bulk_that_was_never_queued_leaves_no_fate_unknown() {
    for (single, kind) in failing_responses() {
        let script = Script::new([Step::ConnectionRefused, bulk_above_the_burst(), single]);
        let report = bulk(3).send(&script.client()).await;
        for (_, error) in report.errors() {
            assert_eq!((error.kind(), error.fate()), (kind, Fate::NotQueued), "{error}");
        }
        assert_eq!(report.errors().count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_and_fate_of_a_stored_bulk_count_for_its_events_too() {
    let script = Script::new([Step::ConnectionReset, bulk_above_the_burst(), Step::status(400)]);
    let report = script.client().send(bulk(2).into_request().unwrap()).await;
    for (_, error) in report.errors() {
        assert_eq!(
            (error.kind(), error.fate(), error.attempts()),
            (ErrorKind::Validation, Fate::Unknown, 3),
            "{error}"
        );
    }
    assert_eq!(report.errors().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_error_of_an_event_that_was_not_sent_names_the_earlier_refusal() {
    let script = Script::new([Step::status(401).body(r#"{"message":"API Key not found"}"#)]);
    let report = bulk(250).send(&script.client()).await;
    assert_eq!(script.attempt_count(), 1);
    for (position, error) in report.errors() {
        let sent = position < 100;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Unauthorized, Fate::NotQueued), "{error}");
        assert_eq!((error.http_status(), error.attempts()), if sent { (Some(401), 1) } else { (None, 0) }, "{error}");
        let text = error.to_string();
        assert_eq!(text.contains("was not sent, because an earlier request was refused"), !sent, "{text}");
        assert!(text.contains("API Key not found") && !text.contains("answered 401") || sent, "{text}");
        assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{position}"));
    }
    assert_eq!(report.errors().count(), 250);
}

#[tokio::test]
async fn a_response_that_is_too_large_has_a_status_and_a_fate() {
    let body = " ".repeat(9 << 20);
    for (status, fate) in [(201, Fate::Unknown), (500, Fate::Unknown), (400, Fate::NotQueued), (401, Fate::NotQueued)] {
        let server = Server::status(status, "", &body);
        let client = server.builder().timeout(std::time::Duration::from_secs(20)).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        let actual = (error.kind(), error.http_status(), error.fate(), error.attempts());
        assert_eq!(actual, (ErrorKind::Decode, Some(status), fate, 1), "{error}");
    }
}

fn cancel(id: &str) -> Request {
    serde_json::from_value(serde_json::json!({
        "endpoint": "cancel", "body": "", "idempotency_key": null, "events": [{"transaction_id": id}],
    }))
    .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_stored_cancellation_reports_its_result() {
    let no = || Step::status(200).body(r#"{"data":false}"#);
    let yes = || Step::status(200).body(r#"{"data":true}"#);
    let table = [
        (vec![yes()], Cancellation::Cancelled),
        (vec![no()], Cancellation::NothingPending),
        (vec![Step::ConnectionReset, no()], Cancellation::Unknown),
        (vec![Step::ConnectionRefused, no()], Cancellation::NothingPending),
    ];
    for (steps, expected) in table {
        let script = Script::new(steps.clone());
        let report = script.client().send(cancel("t-1")).await;
        assert!(!report.all_queued(), "a cancellation queues nothing");
        let receipt = report.into_result().unwrap().pop().unwrap();
        assert_eq!(receipt.cancellation(), Some(expected));
        assert_ne!(receipt.status(), &Status::Processed);
        assert_eq!((receipt.http_status(), receipt.transaction_id().as_str()), (200, "t-1"));
        assert_eq!(receipt.attempts() as usize, steps.len());
        assert_eq!(script.attempts()[0].path, "/v1/events/trigger/t-1");
    }
    let script = Script::new([Step::status(401)]);
    let error: Error = script.client().send(cancel("t-1")).await.into_result().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 1));

    let queued = Script::new([Step::queued()]).client().send(event().into_request().unwrap()).await;
    assert_eq!(queued.into_result().unwrap()[0].cancellation(), None);
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_request_that_the_http_client_rejects_has_no_attempts() {
    let server = Server::status(201, "", "{}");
    let https_only = reqwest::Client::builder()
        .tls_backend_preconfigured(crate::support::tls_config())
        .https_only(true)
        .build()
        .unwrap();
    let client = teleflow::Client::builder().api_key("test-key").base_url(&server.url);
    let client = client.http_client(https_only).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    let actual = (error.kind(), error.fate(), error.attempts(), error.http_status());
    assert_eq!(actual, (ErrorKind::Invalid, Fate::NotQueued, 0, None), "{error}");
    for (_, error) in bulk(2).send(&client).await.errors() {
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0), "{error}");
    }
    assert!(server.requests().is_empty());
}

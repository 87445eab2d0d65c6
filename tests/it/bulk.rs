//! Bulks: how they are cut, and whose result is whose.

mod sockets;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Bulk, Client, ErrorKind, Event, Fate, Request, RetryPolicy};

/// Answers each request of a bulk with the next status, each event by its number, and keeps the bodies.
#[derive(Clone, Default)]
struct Numbers {
    statuses: Arc<Mutex<Vec<u16>>>,
    bodies: Arc<Mutex<Vec<Value>>>,
    /// Leaves out the last result of each request.
    short: bool,
}

impl Transport for Numbers {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let mut statuses = self.statuses.lock().unwrap();
        let status = if statuses.is_empty() { 201 } else { statuses.remove(0) };
        let result = |event: &Value| match event["payload"]["n"].as_u64().unwrap() {
            n if n % 50 == 49 => json!({"acknowledged": true, "status": "error", "error": ["workflow_not_found"]}),
            n if n % 50 == 48 => json!({"acknowledged": true, "status": "error", "error": [format!("refused {n}")]}),
            _ => json!({"acknowledged": true, "status": "processed", "transactionId": event["transactionId"]}),
        };
        let mut results: Vec<Value> = body["events"].as_array().unwrap().iter().map(result).collect();
        if self.short {
            results.pop();
        }
        self.bodies.lock().unwrap().push(body);
        Box::pin(async move { Ok(Response::new(status, Default::default(), json!({"data": results}).to_string())) })
    }
}

impl Numbers {
    async fn send(&self, bulk: Bulk) -> teleflow::BulkReport {
        let client = Client::builder().transport(self.clone()).retry(RetryPolicy::none()).build().unwrap();
        bulk.send(&client).await
    }

    fn sizes(&self) -> Vec<usize> {
        self.bodies.lock().unwrap().iter().map(|body| body["events"].as_array().unwrap().len()).collect()
    }
}

fn numbered(n: usize) -> Event<teleflow::Untyped<Value>, &'static str> {
    Event::untyped("welcome", json!({"n": n})).to("ada").transaction_id(format!("t-{n}"))
}

#[tokio::test]
async fn results_stand_where_their_events_were_pushed() {
    let numbers = Numbers::default();
    let mut bulk: Bulk = (0..250).map(numbered).collect();
    bulk.push(Event::untyped("welcome", "no object").to("ada").transaction_id("bad"));
    bulk.extend((250..260).map(numbered));
    let report = numbers.send(bulk).await;
    assert_eq!(numbers.sizes(), [100, 100, 60]);
    assert_eq!(report.len(), 261);
    for (position, result) in report.iter().enumerate() {
        let n = if position > 250 { position - 1 } else { position };
        match result {
            Ok(receipt) => assert_eq!(receipt.transaction_id().as_str(), format!("t-{n}")),
            Err(error) if position == 250 => assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0)),
            Err(error) if n % 50 == 49 => assert_eq!(error.kind(), ErrorKind::WorkflowNotFound),
            Err(error) => {
                assert_eq!((n % 50, error.kind(), error.fate()), (48, ErrorKind::Validation, Fate::NotQueued));
                assert_eq!(error.messages().collect::<Vec<_>>(), [format!("refused {n}")]);
                assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{n}"));
            }
        }
    }
    assert_eq!(report.errors().count(), 11);
}

#[tokio::test]
async fn a_result_that_is_missing_leaves_it_open() {
    let report = Numbers { short: true, ..Numbers::default() }.send((0..3).map(numbered).collect()).await;
    let error = report.get(2).unwrap().as_ref().unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
    assert!(report.get(1).unwrap().is_ok());
}

#[tokio::test]
async fn after_a_refusal_that_all_would_share_the_rest_is_not_sent() {
    for (status, requests) in [(401, 1), (403, 1), (402, 1), (404, 1), (307, 1), (500, 3), (413, 3), (429, 3)] {
        let numbers = Numbers::default();
        numbers.statuses.lock().unwrap().push(status);
        let report = numbers.send((0..250).map(numbered).collect()).await;
        assert_eq!(numbers.sizes().len(), requests, "{status}");
        let last = report.get(240).unwrap();
        if requests == 1 {
            let error = last.as_ref().unwrap_err();
            assert_eq!((error.attempts(), error.fate()), (0, Fate::NotQueued), "{error}");
            assert_eq!(report.get(0).unwrap().as_ref().unwrap_err().attempts(), 1);
        } else {
            assert!(last.is_ok(), "{status}");
        }
    }
}

#[tokio::test]
async fn requests_are_kept_to_four_mebibytes() {
    let padded = |n: usize, bytes: usize| {
        Event::untyped("welcome", json!({"n": n, "pad": "x".repeat(bytes)})).to("ada").transaction_id(format!("t-{n}"))
    };
    let mut bulk: Bulk = (0..9).map(|n| padded(n, 1024 * 1024)).collect();
    // Too large for a request with others: it gets one of its own.
    bulk.push(padded(9, 5 * 1024 * 1024));
    bulk.push(padded(10, 10));
    let numbers = Numbers::default();
    assert!(numbers.send(bulk).await.all_queued());
    assert_eq!(numbers.sizes(), [3, 3, 3, 1, 1]);
}

#[tokio::test]
async fn a_bulk_of_nothing_sends_nothing() {
    let numbers = Numbers::default();
    assert!(numbers.send(Bulk::new()).await.is_empty());
    assert!(numbers.sizes().is_empty());
    assert_eq!(Bulk::new().into_request().unwrap_err().kind(), ErrorKind::Invalid);
}

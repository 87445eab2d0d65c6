//! Bulks: how events are split into requests, and which event gets which result.

pub(crate) mod paced;
mod plan;
mod rate_limit;
mod report;
mod sockets;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Bulk, Client, ErrorKind, Event, Fate, Request, RetryPolicy};

/// Responds to each request with the next status and to each event according to its number, and records the bodies.
#[derive(Clone, Default)]
struct BulkServer {
    statuses: Arc<Mutex<Vec<u16>>>,
    bodies: Arc<Mutex<Vec<Value>>>,
    /// Omits the last result of each response.
    omit_last_result: bool,
}

impl Transport for BulkServer {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let mut statuses = self.statuses.lock().unwrap();
        let status = if statuses.is_empty() { 201 } else { statuses.remove(0) };
        let result = |event: &Value| match event["payload"]["n"].as_u64().unwrap() {
            n if n % 50 == 49 => json!({"acknowledged": true, "status": "error", "error": ["workflow_not_found"]}),
            n if n % 50 == 48 => json!({"acknowledged": true, "status": "error", "error": [format!("refused {n}")]}),
            _ => json!({"acknowledged": true, "status": "processed", "transactionId": event["transactionId"]}),
        };
        let data = match body["events"].as_array() {
            Some(events) => {
                let mut results: Vec<Value> = events.iter().map(result).collect();
                if self.omit_last_result {
                    results.pop();
                }
                json!({"data": results})
            }
            None => json!({"data": result(&body)}),
        };
        self.bodies.lock().unwrap().push(body);
        Box::pin(async move { Ok(Response::new(status, Default::default(), data.to_string())) })
    }
}

impl BulkServer {
    async fn send(&self, bulk: Bulk) -> teleflow::BulkReport {
        let client = Client::builder().transport(self.clone()).retry(RetryPolicy::none()).build().unwrap();
        bulk.send(&client).await
    }

    fn sizes(&self) -> Vec<usize> {
        self.bodies.lock().unwrap().iter().map(|body| body["events"].as_array().map_or(1, Vec::len)).collect()
    }
}

fn numbered(n: usize) -> Event<teleflow::Untyped<Value>, &'static str> {
    Event::untyped("welcome", json!({"n": n})).to("ada").transaction_id(format!("t-{n}"))
}

#[tokio::test]
async fn results_are_in_the_order_in_which_the_events_were_pushed() {
    let server = BulkServer::default();
    let mut bulk: Bulk = (0..250).map(numbered).collect();
    bulk.push(Event::untyped("welcome", "not an object").to("ada").transaction_id("bad"));
    bulk.extend((250..260).map(numbered));
    let report = server.send(bulk).await;
    assert_eq!(server.sizes(), [100, 100, 60]);
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
async fn a_missing_result_leaves_the_fate_unknown() {
    let report =
        BulkServer { omit_last_result: true, ..BulkServer::default() }.send((0..3).map(numbered).collect()).await;
    let error = report.get(2).unwrap().as_ref().unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
    assert!(report.get(1).unwrap().is_ok());
}

#[tokio::test]
async fn a_refusal_that_every_request_would_get_ends_the_bulk() {
    for (status, requests) in [(401, 1), (403, 1), (402, 1), (404, 1), (307, 1), (500, 3), (413, 3), (429, 3)] {
        let server = BulkServer::default();
        server.statuses.lock().unwrap().push(status);
        let report = server.send((0..250).map(numbered).collect()).await;
        assert_eq!(server.sizes().len(), requests, "{status}");
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
async fn a_request_has_at_most_four_mebibytes_of_events() {
    let padded = |n: usize, bytes: usize| {
        Event::untyped("welcome", json!({"n": n, "pad": "x".repeat(bytes)})).to("ada").transaction_id(format!("t-{n}"))
    };
    let mut bulk: Bulk = (0..9).map(|n| padded(n, 1024 * 1024)).collect();
    // An event above the limit gets a request to itself.
    bulk.push(padded(9, 5 * 1024 * 1024));
    bulk.push(padded(10, 10));
    let server = BulkServer::default();
    assert!(server.send(bulk).await.all_queued());
    assert_eq!(server.sizes(), [3, 3, 3, 1, 1]);
}

#[tokio::test]
async fn an_empty_bulk_sends_nothing() {
    let server = BulkServer::default();
    assert!(server.send(Bulk::new()).await.is_empty());
    assert!(server.sizes().is_empty());
    assert_eq!(Bulk::new().into_request().unwrap_err().kind(), ErrorKind::Invalid);
}

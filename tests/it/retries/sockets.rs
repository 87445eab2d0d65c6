//! Retries over real sockets, against an emulator that injects faults.

use std::time::Duration;

use teleflow::{Client, ErrorKind, Fate, RetryPolicy};
use teleflow_emulator::{Emulator, EmulatorServer, Fault, Reply, Workflow};

use super::event;
use crate::support::Server;

const TIMEOUT: Duration = Duration::from_millis(500);

async fn emulator_and_client() -> (Emulator, EmulatorServer, Client) {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).idempotency(true);
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let client = Client::builder().api_key("test-key").base_url(server.url()).timeout(TIMEOUT).build().unwrap();
    (emulator, server, client)
}

#[tokio::test]
async fn a_temporary_fault_is_retried_and_the_event_is_queued_once() {
    let faults = [
        Fault::RefuseConnections(Duration::from_millis(20)),
        Fault::CloseBefore,
        Fault::CloseAfter,
        Fault::HalfBody,
        Fault::DelayAfter(TIMEOUT * 2),
        Fault::Reply(Reply::new(408)),
        Fault::Reply(Reply::new(429).header("retry-after", "1")),
        Fault::Reply(Reply::new(502)),
        Fault::ReplyAfter(Reply::new(503)),
        Fault::Reply(Reply::new(503).retry_after_date(Duration::from_secs(1), 86_400)),
    ];
    for fault in faults {
        let (emulator, _server, client) = emulator_and_client().await;
        emulator.faults().next(fault.clone());
        let receipt = event().send(&client).await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert!(receipt.attempts() >= 2, "{fault:?}");
        assert_eq!(emulator.jobs().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn the_response_to_an_interrupted_attempt_is_replayed() {
    let (emulator, _server, client) = emulator_and_client().await;
    emulator.faults().next(Fault::CloseAfter);
    let receipt = event().send(&client).await.unwrap();
    assert!(receipt.replayed(), "the server queued the event in the first attempt");
}

#[tokio::test]
async fn a_failure_in_the_servers_cache_is_retried_under_a_new_key() {
    let (emulator, _server, client) = emulator_and_client().await;
    emulator.fail_queue(true);
    let recovering = emulator.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        recovering.fail_queue(false);
    });
    let receipt = event().send(&client).await.unwrap();
    assert!(receipt.attempts() >= 2 && !receipt.replayed());
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn a_permanent_fault_fails_at_once() {
    let table = [
        (Fault::Reply(Reply::redirect("http://127.0.0.1:1/")), ErrorKind::Rejected, Fate::NotQueued),
        (Fault::GarbageBody, ErrorKind::Decode, Fate::Unknown),
        (Fault::HugeBody, ErrorKind::Decode, Fate::Unknown),
        (Fault::ReplyAfter(Reply::new(501)), ErrorKind::Server, Fate::Unknown),
    ];
    for (fault, kind, fate) in table {
        let (emulator, _server, client) = emulator_and_client().await;
        emulator.faults().next(fault.clone());
        let error = event().send(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.fate(), error.attempts()), (kind, fate, 1), "{fault:?}: {error}");
    }
}

#[tokio::test]
async fn a_future_that_is_dropped_while_the_server_fails_sends_nothing_more() {
    let (emulator, _server, client) = emulator_and_client().await;
    emulator.faults().next(Fault::CloseBefore).next(Fault::CloseBefore).next(Fault::CloseBefore);
    let sending = event().send(&client);
    assert!(tokio::time::timeout(Duration::ZERO, sending).await.is_err());
    let faults_before = emulator.faults().injected();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(
        emulator.faults().injected() <= faults_before + 1,
        "the request was sent again after the future was dropped"
    );
    assert!(emulator.jobs().is_empty());
}

#[tokio::test]
async fn the_status_counts_even_if_the_body_is_truncated() {
    use std::io::Write as _;

    let table = [
        (400, ErrorKind::Rejected, Fate::NotQueued, 1),
        (401, ErrorKind::Unauthorized, Fate::NotQueued, 1),
        (422, ErrorKind::Rejected, Fate::NotQueued, 1),
        (408, ErrorKind::Timeout, Fate::Unknown, 2),
        (429, ErrorKind::RateLimited, Fate::NotQueued, 2),
        (503, ErrorKind::Server, Fate::Unknown, 2),
        (501, ErrorKind::Server, Fate::Unknown, 1),
    ];
    for (status, kind, fate, attempts) in table {
        let server = Server::with_handler(move |connection| {
            let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: 100\r\nconnection: close\r\n\r\n");
            let _ = connection.write_all((head + r#"{"message":["#).as_bytes());
        });
        let client = server.builder().retry(RetryPolicy::default().max_attempts(2)).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.fate(), error.http_status()), (kind, fate, Some(status)), "{error}");
        assert_eq!((error.attempts(), server.requests().len()), (attempts, attempts as usize), "{status}");
    }
}

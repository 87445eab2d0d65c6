//! Answers that are long, and answers that end too early.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use teleflow::{ErrorKind, Fate, TransactionId};

use super::{error_of, event};
use crate::support::Server;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn no_more_is_taken_of_an_endless_answer_than_is_kept() {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let server = Server::doing(move |connection| {
        // Without a length: it ends with the connection.
        let _ = connection.write_all(b"HTTP/1.1 201 Created\r\nconnection: close\r\n\r\n");
        while connection.write_all(&[b' '; 65_536]).is_ok() {
            counter.fetch_add(65_536, Ordering::Relaxed);
        }
    });
    let client = server.builder().timeout(Duration::from_secs(30)).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
    // What was not kept may stand in the buffers of the system.
    let taken = taken.load(Ordering::Relaxed);
    assert!((7 * MIB..32 * MIB).contains(&taken), "{taken} bytes were taken");
}

#[tokio::test]
async fn an_answer_of_some_mebibytes_is_read() {
    let body = serde_json::json!({"data": {"status": "processed", "padding": "x".repeat(7 * MIB)}}).to_string();
    let client = Server::status(201, "", &body).builder().timeout(Duration::from_secs(30)).build().unwrap();
    event().send(&client).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_ends_too_early_leaves_it_open() {
    for half in [
        "HTTP/1.1 201 Created\r\ncontent-length: 70\r\n",
        "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n1f\r\n{\"data\":{\"status\":\"processed\"}}\r\n",
        "no HTTP at all\r\n\r\n",
    ] {
        let error = error_of(&Server::answering(half)).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown), "{half}");
    }
}

#[tokio::test]
async fn a_cancellation_that_goes_unanswered_names_its_id_and_no_trigger() {
    let error = Server::answering("").client().cancel(&TransactionId::from("t-9")).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown));
    assert_eq!((error.transaction_id(), error.trigger()), (Some(&TransactionId::from("t-9")), None));
    assert!(error.to_string().contains("t-9"), "{error}");
}

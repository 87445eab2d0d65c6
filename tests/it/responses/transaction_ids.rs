//! A response counts only for the event whose transaction id it has.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use teleflow::{Broadcast, Cancellation, Error, ErrorKind, Fate};

use super::{event, received};
use crate::support::Server;

fn assert_names_another_event(error: &Error) {
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
    assert_eq!(error.transaction_id().unwrap().as_str(), "t-1");
}

#[tokio::test]
async fn a_response_that_names_another_event_is_not_a_receipt() {
    let ids = ["another", "t-1 ", " t-1", "T-1", "t-11", "t", " ", "t-1\n"];
    for id in ids.map(Value::from).into_iter().chain([json!(5), json!(1.5), json!(true)]) {
        let body = json!({"data": {"acknowledged": true, "status": "processed", "transactionId": id}}).to_string();
        let error = received(&body).await.expect_err(&id.to_string());
        assert_names_another_event(&error);
        assert!(error.to_string().contains("`t-1` was sent"), "{error}");
        let broadcast = Broadcast::untyped("welcome", json!({})).transaction_id("t-1");
        assert_names_another_event(&broadcast.send(&Server::status(201, "", &body).client()).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_refusal_that_names_another_event_leaves_the_fate_unknown() {
    for body in [
        json!({"data": {"status": "trigger_not_active", "transactionId": "another"}}),
        json!({"data": {"status": "error", "error": ["workflow_not_found"], "event": {"transactionId": "another"}}}),
        json!({"data": {"status": "who knows", "transactionId": "another"}}),
    ] {
        assert_names_another_event(&received(&body.to_string()).await.unwrap_err());
    }
    let own = json!({"data": {"status": "trigger_not_active", "transactionId": "t-1"}}).to_string();
    assert_eq!(received(&own).await.unwrap_err().kind(), ErrorKind::Dropped);
}

#[tokio::test]
async fn a_response_without_an_id_counts_for_the_event_that_was_sent() {
    for id in [json!(null), json!(""), json!({}), json!([])] {
        let body = json!({"data": {"status": "processed", "transactionId": id}}).to_string();
        assert_eq!(received(&body).await.unwrap().transaction_id().as_str(), "t-1", "{id}");
    }
    assert_eq!(received(r#"{"data":{"status":"processed"}}"#).await.unwrap().transaction_id().as_str(), "t-1");
}

#[tokio::test]
async fn an_id_from_the_server_is_escaped_and_truncated_in_errors() {
    let id = format!("a\nERROR forged line\u{1b}[31m\u{202e}{}", "x".repeat(1024 * 1024));
    let body = json!({"data": {"status": "processed", "transactionId": id}}).to_string();
    let error = received(&body).await.unwrap_err();
    assert_names_another_event(&error);
    let text = format!("{error} {error:?}");
    assert!(!text.chars().any(char::is_control) && !text.contains('\u{202e}'), "{text}");
    assert!(text.len() < 8 * 1024, "{} bytes", text.len());
    assert!(text.contains("a\\nERROR forged line"), "{text}");
}

#[tokio::test]
async fn an_id_with_any_characters_is_recognized() {
    for id in ["käse/100%", "\u{1f600}", "\"quoted\\\"", "t\u{a0}1", " in blanks "] {
        // JSON may write each character as an escape.
        let escaped: String = id.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        let body = format!(r#"{{"data":{{"status":"processed","transactionId":"{escaped}"}}}}"#);
        let receipt = event(id).send(&Server::status(201, "", &body).client()).await;
        assert_eq!(receipt.unwrap_or_else(|error| panic!("{error}")).transaction_id().as_str(), id);
    }
}

#[tokio::test]
async fn a_late_response_on_a_reused_connection_does_not_count_for_the_next_event() {
    let queued = json!({"data": {"status": "processed", "transactionId": "t-1"}}).to_string();
    let server = Server::with_handler(move |connection| {
        let response = format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{queued}", queued.len());
        // The second response is sent before the second request.
        let _ = connection.write_all(response.repeat(2).as_bytes());
        std::thread::sleep(std::time::Duration::from_millis(300));
    });
    let client = server.client();
    event("t-1").send(&client).await.unwrap();
    let second = event("t-2").send(&client).await;
    assert!(second.as_ref().is_err_and(|error| error.fate() == Fate::Unknown), "{second:?}");
}

#[tokio::test]
async fn after_a_response_to_another_event_a_response_without_an_id_leaves_the_fate_unknown() {
    let body = |data: Value| json!({"data": data}).to_string();
    let responses = [
        (201, body(json!({"status": "processed", "transactionId": "another"}))),
        (201, body(json!({"status": "trigger_not_active"}))),
        (401, String::from("{}")),
        (200, body(json!(false))),
        (201, body(json!({"status": "processed", "transactionId": "t-1"}))),
    ];
    let request_count = AtomicUsize::new(0);
    let server = Server::with_handler(move |connection| {
        let (status, body) = &responses[request_count.fetch_add(1, Ordering::Relaxed)];
        let length = body.len();
        let _ = write!(
            connection,
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
    });
    let client = server.client();
    assert_names_another_event(&event("t-1").send(&client).await.unwrap_err());
    for kind in [ErrorKind::Dropped, ErrorKind::Unauthorized] {
        let error = event("t-1").send(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.fate()), (kind, Fate::Unknown), "{error}");
    }
    assert_eq!(client.cancel(&"t-1".into()).await.unwrap(), Cancellation::Unknown);
    assert_eq!(event("t-1").send(&client).await.unwrap().transaction_id().as_str(), "t-1");
}

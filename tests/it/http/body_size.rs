//! Long response bodies, and bodies that end too early.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use teleflow::{ErrorKind, Fate};

use super::{error_of, event};
use crate::support::Server;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn an_endless_response_is_not_read_beyond_the_size_limit() {
    let sent_bytes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent_bytes);
    let server = Server::with_handler(move |connection| {
        // Without `content-length`, the body ends when the connection closes.
        let _ = connection.write_all(b"HTTP/1.1 201 Created\r\nconnection: close\r\n\r\n");
        while connection.write_all(&[b' '; 65_536]).is_ok() {
            counter.fetch_add(65_536, Ordering::Relaxed);
        }
    });
    let client = server.builder().timeout(Duration::from_secs(30)).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
    // Bytes that the client did not read may be in the system's buffers.
    let sent_bytes = sent_bytes.load(Ordering::Relaxed);
    assert!((7 * MIB..32 * MIB).contains(&sent_bytes), "{sent_bytes} bytes were sent");
}

#[tokio::test]
async fn a_response_of_seven_mebibytes_is_read() {
    let body = serde_json::json!({"data": {"status": "processed", "padding": "x".repeat(7 * MIB)}}).to_string();
    let client = Server::status(201, "", &body).builder().timeout(Duration::from_secs(30)).build().unwrap();
    event().send(&client).await.unwrap();
}

#[tokio::test]
async fn a_truncated_response_leaves_the_fate_unknown() {
    for truncated in [
        "HTTP/1.1 201 Created\r\ncontent-length: 70\r\n",
        "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n1f\r\n{\"data\":{\"status\":\"processed\"}}\r\n",
        "not HTTP at all\r\n\r\n",
    ] {
        let error = error_of(&Server::responding(truncated)).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown), "{truncated}");
    }
}

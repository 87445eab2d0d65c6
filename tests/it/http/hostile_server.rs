//! Servers that try to use up memory, the stack or time.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use teleflow::{ErrorKind, Fate};

use super::{QUEUED, error_of, event};
use crate::support::Server;

const MIB: usize = 1 << 20;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A 201 with these bytes.
fn responding(headers: &str, body: &[u8]) -> Server {
    let head = format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    Server::responding([head.as_bytes(), body].concat())
}

#[tokio::test]
async fn a_compressed_response_is_read_up_to_the_size_limit() {
    let with_blanks = |blanks: usize| [vec![b' '; blanks], QUEUED.as_bytes().to_vec()].concat();
    let fits = responding("content-encoding: gzip\r\n", &gzip(&with_blanks(7 * MIB)));
    event().send(&fits.client()).await.unwrap();
    for (headers, body) in [
        ("content-encoding: gzip\r\n", gzip(&with_blanks(9 * MIB))),
        ("content-encoding: gzip, gzip\r\n", gzip(&gzip(&with_blanks(256 * MIB)))),
    ] {
        assert!(body.len() < 2 * MIB);
        let started = Instant::now();
        let error = error_of(&responding(headers, &body)).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_deeply_nested_response_is_read_or_an_error() {
    for (open, close) in [("[", "]"), ("{\"data\":", "}"), ("{\"message\":[", "]}")] {
        for levels in [100, 200, 500_000] {
            let body = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            let error = error_of(&responding("", body.as_bytes())).await;
            assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{open}");
            let refused = error_of(&Server::status(400, "", &body)).await;
            assert_eq!(refused.fate(), Fate::NotQueued, "{open}");
        }
    }
}

#[tokio::test]
async fn an_endless_head_is_an_error() {
    let sent_bytes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent_bytes);
    let server = Server::with_handler(move |connection| {
        let _ = connection.write_all(b"HTTP/1.1 201 Created\r\n");
        let header = format!("x-filler: {}\r\n", "x".repeat(8192));
        while connection.write_all(header.as_bytes()).is_ok() {
            counter.fetch_add(header.len(), Ordering::Relaxed);
        }
    });
    let client = server.builder().timeout(Duration::from_secs(30)).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown), "{error}");
    let sent_bytes = sent_bytes.load(Ordering::Relaxed);
    assert!(sent_bytes < 32 * MIB, "{sent_bytes} bytes were sent");
}

#[tokio::test]
async fn a_response_that_never_ends_is_a_timeout() {
    let head = b"HTTP/1.1 201 Created\r\ncontent-length: 1000\r\n\r\n".as_slice();
    for (first, rest) in [(head, b" ".as_slice()), (b"", b"HTTP/1.1 100 Continue\r\n\r\n")] {
        let server = Server::with_handler(move |connection| {
            let _ = connection.write_all(first);
            while connection.write_all(rest).is_ok() {
                sleep(Duration::from_millis(20));
            }
        });
        let started = Instant::now();
        let error = error_of(&server).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Timeout, Fate::Unknown), "{error}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

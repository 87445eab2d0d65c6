//! Valid responses with an unusual encoding, or with odd values in fields that the client ignores.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use teleflow::{ErrorKind, Fate, Receipt, Result};

use super::{event, received};
use crate::support::Server;

const QUEUED: &str = r#"{"data":{"acknowledged":true,"status":"processed","transactionId":"t-1"}}"#;

async fn send_and_respond(status: u16, headers: &str, body: &[u8]) -> Result<Receipt> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    let response = [head.as_bytes(), body].concat();
    event("t-1").send(&Server::responding(response).client()).await
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped() {
    assert!(received(&format!("\u{feff}{QUEUED}")).await.is_ok());
}

#[tokio::test]
async fn fields_that_the_client_ignores_may_have_any_value() {
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(5000), "}".repeat(5000));
    for odd in
        ["1e999", "-1e999999999999999999999", nested.as_str(), objects.as_str(), r#""\ud800""#, r#"{"\udfff":1}"#]
    {
        for body in [
            format!(r#"{{"data":{{"status":"processed","transactionId":"t-1","odd":{odd}}}}}"#),
            format!(r#"{{"odd":{odd},"data":{{"status":"processed","transactionId":"t-1"}}}}"#),
            format!(r#"{{"status":"processed","event":{odd},"\ud800":{odd}}}"#),
        ] {
            let receipt = received(&body).await;
            assert!(receipt.is_ok(), "{}: {}", &odd[..odd.len().min(20)], receipt.unwrap_err());
        }
    }
    // Bytes that are not UTF-8.
    assert!(send_and_respond(201, "", b"{\"status\":\"processed\",\"odd\":\"\xff\xc3\"}").await.is_ok());
    // A duplicate field.
    assert!(received(r#"{"status":"error","status":"processed"}"#).await.is_ok());
}

#[tokio::test]
async fn a_message_is_read_next_to_an_odd_value() {
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for odd in ["1e999", nested.as_str(), r#""\ud800""#] {
        let body = format!(r#"{{"odd":{odd},"message":["one",{odd},"two"]}}"#);
        let error = send_and_respond(400, "", body.as_bytes()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
        let texts: Vec<_> = error.messages().filter(|text| !text.contains('\u{fffd}')).collect();
        assert_eq!(texts, ["one", "two"]);
    }
    let error = send_and_respond(400, "", br#"{"message":"cut \ud83d"}"#).await.unwrap_err();
    assert!(error.messages().any(|text| text.starts_with("cut ")), "{error}");
}

#[tokio::test]
async fn a_response_that_a_proxy_compressed_is_read() {
    let body = QUEUED.as_bytes();
    for (headers, body) in [
        ("content-encoding: gzip\r\n", gzip(body)),
        ("Content-Encoding: GZIP\r\n", gzip(body)),
        ("content-encoding: x-gzip\r\n", gzip(body)),
        ("content-encoding: deflate\r\n", zlib(body)),
        ("content-encoding: deflate\r\n", deflate(body)),
        ("content-encoding: deflate, gzip\r\n", gzip(&zlib(body))),
        ("content-encoding: identity\r\n", body.to_vec()),
        // A proxy decompressed the body and kept the header.
        ("content-encoding: gzip\r\n", body.to_vec()),
        ("content-encoding: br\r\n", body.to_vec()),
    ] {
        let receipt = send_and_respond(201, headers, &body).await;
        assert!(receipt.is_ok(), "{headers}: {}", receipt.unwrap_err());
    }
    let refusal = gzip(br#"{"message":"workflow_not_found"}"#);
    let error = send_and_respond(422, "content-encoding: gzip\r\n", &refusal).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WorkflowNotFound);
}

#[tokio::test]
async fn the_error_names_an_encoding_that_cannot_be_read() {
    let truncated = gzip(QUEUED.as_bytes())[..20].to_vec();
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    for (encoding, body) in
        [("br", vec![0x8b, 0x1f, 0x80]), ("zstd", vec![0x28, 0xb5]), ("gzip", truncated), ("gzip", bomb)]
    {
        let error = send_and_respond(201, &format!("content-encoding: {encoding}\r\n"), &body).await.unwrap_err();
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Decode, Fate::Unknown), "{error}");
        assert!(error.to_string().contains(&format!("`{encoding}`")), "{error}");
    }
    // The status is enough, whatever the body.
    let error = send_and_respond(401, "content-encoding: br\r\n", &[0x8b]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn the_client_does_not_request_compression() {
    let server = Server::status(201, "", QUEUED);
    event("t-1").send(&server.client()).await.unwrap();
    assert!(!server.requests()[0].to_ascii_lowercase().contains("accept-encoding"), "{}", server.requests()[0]);
}

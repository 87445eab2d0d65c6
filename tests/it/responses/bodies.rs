//! Response bodies: messages in every format, the envelope, and bodies that cannot be read.

use std::time::{Duration, SystemTime};

use teleflow::{ErrorKind, Fate, Status};

use super::{error_of, event};
use crate::support::Server;

async fn kind_and_messages(body: &str) -> (ErrorKind, Vec<String>) {
    let error = error_of(&Server::status(400, "", body)).await;
    (error.kind(), error.messages().map(String::from).collect())
}

#[tokio::test]
async fn messages_are_read_from_every_error_format() {
    for (body, expected) in [
        (r#"{"message":"one","error":"Bad Request","statusCode":400}"#, vec!["one"]),
        (r#"{"message":["one","two"]}"#, vec!["one", "two"]),
        (r#"{"message":{"message":["one","two"],"statusCode":400}}"#, vec!["one", "two"]),
        (r#"{"message":{"message":"one"}}"#, vec!["one"]),
        (r#"{"message":17}"#, vec!["17"]),
        (r#""one""#, vec!["one"]),
        (r#"{"errors":[{"field":"to","message":"is odd"},{"message":"bare"}]}"#, vec!["to: is odd", "bare"]),
        (r#"{"errors":{"general":{"messages":["a","b"],"value":1},"to":{"messages":["c"]}}}"#, vec!["a", "b", "to: c"]),
    ] {
        let (kind, mut found) = kind_and_messages(body).await;
        found.sort_by_key(|message| expected.iter().position(|other| other == message));
        assert_eq!((kind, found), (ErrorKind::Validation, expected.into_iter().map(String::from).collect()), "{body}");
    }
    for body in [r#"{"message":null}"#, r#"{"message":"  "}"#, "{}", "[]", "null", "", "{\"mess"] {
        assert_eq!(kind_and_messages(body).await, (ErrorKind::Rejected, Vec::new()), "{body}");
    }
}

#[tokio::test]
async fn an_error_does_not_print_the_refused_value() {
    let body = r#"{"message":"Validation failed","errors":{
        "payload.email":{"messages":["must be an email"],"value":"private@example.com"},
        "general":{"messages":["is odd"],"value":{"deep":["private@example.com"]}},
        "to":{"value":"private@example.com"}}}"#;
    let error = error_of(&Server::status(422, "", body)).await;
    assert!(error.messages().any(|text| text == "payload.email: must be an email"), "{error}");
    assert!(!format!("{error} {error:?} {error:#?}").contains("private"), "{error:?}");
}

#[tokio::test]
async fn messages_are_escaped_and_truncated() {
    let body = serde_json::json!({"message": ["a\nb\u{1b}[31m\u{202e}c", "x".repeat(3000), "\u{202e}".repeat(3000)]});
    let (_, messages) = kind_and_messages(&body.to_string()).await;
    assert_eq!(messages[0], "a\\nb\\u{1b}[31m\\u{202e}c");
    assert_eq!(messages[1], "x".repeat(500) + "…");
    assert!(messages[2].chars().count() <= 501, "{} characters", messages[2].chars().count());
}

#[tokio::test]
async fn a_retry_after_date_is_relative_to_the_date_of_the_response() {
    // The server's clock shows 2001.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let later = httpdate::fmt_http_date(now + Duration::from_secs(90));
    let earlier = httpdate::fmt_http_date(now - Duration::from_secs(90));
    for (value, expected) in [
        ("0", Some(0)),
        (later.as_str(), Some(90)),
        (earlier.as_str(), Some(0)),
        ("soon", None),
        ("-3", None),
        ("1.5", None),
        ("99999999999999999999999", Some(u64::MAX)),
    ] {
        let headers = format!("date: {}\r\nretry-after: {value}\r\n", httpdate::fmt_http_date(now));
        let error = error_of(&Server::status(429, &headers, "")).await;
        assert_eq!(error.retry_after(), expected.map(Duration::from_secs), "{value}");
    }
}

#[tokio::test]
async fn the_envelope_may_be_missing_and_unknown_fields_are_ignored() {
    for body in [
        r#"{"status":"processed"}"#,
        r#"{"data":{"status":"processed","transactionId":null}}"#,
        r#"{"data":{"status":"processed","transactionId":""}}"#,
        r#"{"data":{"status":"processed","transactionId":{},"error":["odd"],"new":{"status":"x"}},"meta":[1]}"#,
        " \n{\"data\" : {\"status\":\"processed\"}}\n",
    ] {
        let receipt = event("t-1").send(&Server::status(201, "", body).client()).await;
        let receipt = receipt.unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(receipt.transaction_id().as_str(), "t-1", "the id that was sent");
    }
}

#[tokio::test]
async fn a_2xx_that_cannot_be_read_leaves_the_fate_unknown() {
    for (status, body) in [
        (204, ""),
        (201, "<html></html>"),
        (201, r#"{"data":{"acknowledged":true,"status":"proc"#),
        (201, r#"{"data":{"acknowledged":true}}"#),
        (201, r#"{"data":{"status":null}}"#),
        (201, r#"{"data":{"status":true}}"#),
        (201, r#"{"data":true}"#),
        (201, r#"{"data":null,"status":"processed"}"#),
        (201, r#"{"data":[{"status":"processed"}]}"#),
        (201, "null"),
    ] {
        let error = error_of(&Server::status(status, "", body)).await;
        assert_eq!((error.kind(), error.fate(), error.status()), (ErrorKind::Decode, Fate::Unknown, None), "{body}");
    }
    for word in ["PROCESSED", "processed ", "", "queued"] {
        let body = serde_json::json!({"data": {"acknowledged": true, "status": word}}).to_string();
        let error = error_of(&Server::status(201, "", &body)).await;
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Dropped, Fate::Unknown), "{word}");
        assert_eq!(error.status(), Some(&Status::Other(word.to_owned())));
        assert!(error.to_string().contains(&format!("`{word}`")), "{error}");
    }
}

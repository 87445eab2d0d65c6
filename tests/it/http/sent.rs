//! What is sent by clients with settings of their own, and when.

use std::time::Duration;

use teleflow::{Cancellation, Client, ErrorKind, TransactionId};

use super::{QUEUED, event};
use crate::support::{KEY, Server};

/// An HTTP client of the application's, which knows no certificates.
fn of_the_application() -> reqwest::Client {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the defaults")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).user_agent("application/1");
    builder.redirect(reqwest::redirect::Policy::none()).build().expect("it is in order")
}

async fn arrives(server: &Server, client: &Client) -> String {
    event().send(client).await.unwrap();
    server.requests().pop().unwrap()
}

#[tokio::test]
async fn an_http_client_of_the_application_keeps_its_user_agent_unless_one_is_set() {
    let server = Server::status(201, "", QUEUED);
    let client = server.builder().http_client(of_the_application()).build().unwrap();
    let seen = arrives(&server, &client).await;
    assert!(seen.contains("user-agent: application/1\r\n"), "{seen}");
    assert!(seen.contains(&format!("authorization: ApiKey {KEY}\r\n")), "{seen}");
    let client = server.builder().http_client(of_the_application()).user_agent("shop/3").build().unwrap();
    let seen = arrives(&server, &client).await;
    assert!(seen.contains("user-agent: shop/3\r\n") && !seen.contains("application/1"), "{seen}");
}

#[test]
fn a_user_agent_that_cannot_stand_in_a_header_is_refused() {
    let error = Client::builder().api_key(KEY).user_agent("shop\n3").build().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Invalid, 0));
    assert!(!error.to_string().chars().any(char::is_control), "{error}");
}

#[test]
fn a_time_limit_of_nothing_is_refused() {
    for builder in [Client::builder().timeout(Duration::ZERO), Client::builder().deadline(Duration::ZERO)] {
        assert_eq!(builder.api_key(KEY).build().unwrap_err().kind(), ErrorKind::Invalid);
    }
}

#[tokio::test]
async fn nothing_is_sent_before_the_future_is_awaited() {
    let server = Server::status(201, "", QUEUED);
    let sending = event().send(&server.client());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.requests().len(), 0);
    let id = sending.transaction_id().to_string();
    sending.await.unwrap();
    assert!(server.requests()[0].contains(&format!(r#""transactionId":"{id}""#)));
}

#[tokio::test]
async fn a_replayed_answer_says_so() {
    let server = Server::status(201, "Idempotency-Replay: true\r\n", QUEUED);
    assert!(event().send(&server.client()).await.unwrap().replayed());
}

#[tokio::test]
async fn ids_are_cancelled_under_encoded_paths_without_a_body() {
    for (id, path) in [
        ("a/b", "a%2Fb"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("what?x=1&y", "what%3Fx%3D1%26y"),
        ("a#b", "a%23b"),
        ("two words", "two%20words"),
        ("käse", "k%C3%A4se"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("...", "..."),
        ("a-b_c.d~e", "a-b_c.d~e"),
    ] {
        let server = Server::status(200, "", r#"{"data":true}"#);
        let cancelled = server.client().cancel(&TransactionId::from(id)).await.unwrap();
        assert_eq!(cancelled, Cancellation::Cancelled);
        let request = server.requests().pop().unwrap();
        assert!(request.starts_with(&format!("DELETE /v1/events/trigger/{path} HTTP/1.1\r\n")), "{id}: {request}");
        assert!(request.ends_with("\r\n\r\n"), "{id} has a body: {request}");
    }
}

#[tokio::test]
async fn a_cancellation_is_read_as_true_or_false_and_nothing_else() {
    for (body, expected) in [
        (r#"{"data":true}"#, Ok(Cancellation::Cancelled)),
        (r#"{"data":false}"#, Ok(Cancellation::NothingPending)),
        ("true", Ok(Cancellation::Cancelled)),
        (r#"{"data":"true"}"#, Err(ErrorKind::Decode)),
        (r#"{"data":{"status":"processed"}}"#, Err(ErrorKind::Decode)),
        ("1", Err(ErrorKind::Decode)),
        ("", Err(ErrorKind::Decode)),
    ] {
        let cancelled = Server::status(200, "", body).client().cancel(&TransactionId::from("t-1")).await;
        assert_eq!(cancelled.map_err(|error| error.kind()), expected, "of {body}");
    }
}

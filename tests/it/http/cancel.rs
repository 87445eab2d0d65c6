//! Cancelling an event by its transaction id.

use teleflow::{Cancellation, ErrorKind, Fate, TransactionId};

use crate::support::Server;

#[tokio::test]
async fn a_cancellation_has_the_encoded_id_in_its_path_and_no_body() {
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
async fn a_cancellation_response_must_be_true_or_false() {
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
        assert_eq!(cancelled.map_err(|error| error.kind()), expected, "{body}");
    }
}

#[tokio::test]
async fn the_error_of_a_cancellation_has_the_transaction_id_and_no_trigger() {
    let error = Server::responding("").client().cancel(&TransactionId::from("t-9")).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown));
    assert_eq!((error.transaction_id(), error.trigger()), (Some(&TransactionId::from("t-9")), None));
    assert!(error.to_string().contains("t-9"), "{error}");
}

//! The reason why the server refused an event of a bulk, in every format that servers use.

use serde_json::{Value, json};
use teleflow::{Bulk, Error, ErrorKind, Fate};

use super::event;
use crate::support::Server;

async fn error_of_result(result: Value) -> Error {
    let body = json!({"data": [result]}).to_string();
    let bulk: Bulk = [event("t-1")].into_iter().collect();
    // A stored bulk stays a bulk, even of one event.
    let request = bulk.into_request().unwrap();
    let error = Server::status(201, "", &body).client().send(request).await.into_result().unwrap_err();
    assert_eq!((error.fate(), error.http_status()), (Fate::NotQueued, Some(201)), "{error}");
    error
}

#[tokio::test]
async fn workflow_not_found_is_recognized_in_every_format() {
    for reason in [
        json!("workflow_not_found"),
        json!(["workflow_not_found"]),
        json!([["workflow_not_found"]]),
        json!([[[" workflow_not_found\n"]]]),
        json!({"message": "workflow_not_found"}),
        json!([{"message": ["workflow_not_found"]}]),
    ] {
        let error = error_of_result(json!({"acknowledged": true, "status": "error", "error": reason})).await;
        assert_eq!((error.kind(), error.messages().len()), (ErrorKind::WorkflowNotFound, 0), "{reason}: {error}");
    }
    let other = error_of_result(json!({"status": "error", "message": "workflow_not_found"})).await;
    assert_eq!(other.kind(), ErrorKind::WorkflowNotFound);
    let both = error_of_result(json!({"status": "error", "error": ["workflow_not_found", "is odd"]})).await;
    assert_eq!((both.kind(), both.messages().collect::<Vec<_>>()), (ErrorKind::WorkflowNotFound, vec!["is odd"]));
}

#[tokio::test]
async fn every_message_of_a_refusal_is_kept() {
    for (result, messages) in [
        (json!({"error": "is odd"}), vec!["is odd"]),
        (json!({"error": [["is odd"], "is even", 7, null]}), vec!["is odd", "is even"]),
        (json!({"error": [[[["is odd"]]]]}), vec!["is odd"]),
        (json!({"error": [], "message": "is odd"}), vec!["is odd"]),
        (json!({"error": {"message": ["is odd", "is even"]}}), vec!["is odd", "is even"]),
        (json!({"errors": {"to": {"messages": ["is odd"], "value": "private"}}}), vec!["to: is odd"]),
        (json!({"errors": ["is odd"]}), vec!["is odd"]),
        (
            json!({"error": [{"property": "to", "value": "private", "target": {"to": "private"},
                "constraints": {"isString": "to must be a string"}}]}),
            vec!["to must be a string"],
        ),
    ] {
        let mut refusal = result.clone();
        refusal["status"] = json!("error");
        let error = error_of_result(refusal).await;
        assert_eq!((error.kind(), error.messages().collect::<Vec<_>>()), (ErrorKind::Validation, messages), "{result}");
        assert!(!format!("{error:?}").contains("private"), "{error:?}");
    }
}

#[tokio::test]
async fn the_error_says_that_a_refusal_has_no_reason() {
    for reason in [json!([]), json!(null), json!(""), json!([" "]), json!([[]]), json!({})] {
        let error = error_of_result(json!({"acknowledged": true, "status": "error", "error": reason})).await;
        assert_eq!((error.kind(), error.messages().len()), (ErrorKind::Validation, 0));
        assert!(error.to_string().contains("gave no reason"), "{reason}: {error}");
    }
    assert!(error_of_result(json!({"status": "error"})).await.to_string().contains("gave no reason"));
}

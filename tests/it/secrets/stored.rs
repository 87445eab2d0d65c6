//! Errors about stored requests that cannot be read. A queue logs them.

use serde_json::{Value, json};
use teleflow::Request;

use super::{PAYLOAD, RECIPIENT, assert_no_secret, event};
use crate::support::API_KEY;

#[test]
fn an_error_about_a_stored_request_contains_none_of_its_values() {
    let stored = serde_json::to_value(event().into_request().unwrap()).unwrap();
    let secret = format!("{PAYLOAD} {RECIPIENT} {API_KEY}");
    let with = |name: &str, value: Value| {
        let mut stored = stored.clone();
        stored[name] = value;
        stored
    };
    let body: Value = serde_json::from_str(stored["body"].as_str().unwrap()).unwrap();
    let with_body = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        with("body", body.to_string().into())
    };
    let mut unreadable = vec![
        // A JSON column that holds the request as a string.
        stored.to_string().into(),
        json!([stored.to_string()]),
        json!({"request": stored}),
        with("body", body.clone()),
        with("body", json!([body])),
        with("body", format!("{secret}{body}").into()),
        with("body", format!("{body}{secret}").into()),
        with("secret", secret.clone().into()),
    ];
    let shapes =
        [json!(secret), json!([secret]), json!({secret.clone(): secret}), json!([{"transaction_id": [secret]}])];
    for shape in &shapes {
        unreadable.extend(["version", "endpoint", "events", "idempotency_key"].map(|name| with(name, shape.clone())));
        let names = ["name", "payload", "overrides", "actor", "tenant", "transactionId", "other"];
        unreadable.extend(names.map(|name| with_body(name, shape.clone())));
    }
    let mut errors = 0;
    for unreadable in unreadable {
        let text = unreadable.to_string();
        let read = [
            serde_json::from_str::<Request>(&text),
            serde_json::from_slice(text.as_bytes()),
            serde_json::from_value(unreadable),
        ];
        for error in read.into_iter().filter_map(Result::err) {
            assert_no_secret(&format!("{error} {error:?}"));
            errors += 1;
        }
    }
    assert!(errors > 80, "only {errors} errors");
}

//! Random responses: any status, any headers, any body.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teleflow::transport::{Response, Transport, TransportFuture};
use teleflow::{Broadcast, Bulk, Client, Error, Event, Fate, Request, TransactionId};

use super::try_cases;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Case {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    /// Used instead of `body` for bytes that are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<Vec<u8>>,
}

impl Transport for Case {
    fn attempt<'a>(&'a self, _: &'a Request) -> TransportFuture<'a> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        let body = self.bytes.clone().unwrap_or_else(|| self.body.clone().into_bytes());
        Box::pin(async move { Ok(Response::new(self.status, headers, body)) })
    }
}

/// Checks how the client handles a response; prints the case if a check fails.
fn check(case: &Case) {
    let checked = catch_unwind(AssertUnwindSafe(|| check_requests(case)));
    if let Err(panic) = checked {
        let json = serde_json::to_string(case).expect("a case is JSON");
        eprintln!("tests/found/<name>.json:\n{json}");
        std::panic::resume_unwind(panic);
    }
}

fn check_requests(case: &Case) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let client = Client::builder().transport(case.clone()).build().unwrap();
        let event = |n: u32| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada");

        let data = response_data(case);
        // The sent ids are random, so a result with an id names another event.
        let is_queued = |event: &Value| {
            let id = &event["transactionId"];
            let has_no_id = id.as_str().map_or(!id.is_number() && !id.is_boolean(), str::is_empty);
            event["status"] == "processed" && has_no_id
        };
        let sent = event(0).send(&client).await;
        check_result(case, sent.err(), is_queued(&data));
        let sent = Broadcast::untyped("welcome", serde_json::json!({})).send(&client).await;
        check_result(case, sent.err(), is_queued(&data));
        let cancelled = client.cancel(&TransactionId::from("some id")).await;
        check_result(case, cancelled.err(), data.is_boolean());
        // If the response had a rate policy with a small burst, the client sends the events one by one.
        let report = (0..3).map(event).collect::<Bulk>().send(&client).await;
        assert_eq!(report.len(), 3);
        for (position, result) in report.into_iter().enumerate() {
            check_result(case, result.err(), is_queued(&data[position]) || is_queued(&data));
        }
    });
}

/// The data of the response, read independently of the library.
fn response_data(case: &Case) -> Value {
    let bytes = case.bytes.clone().unwrap_or_else(|| case.body.clone().into_bytes());
    let text = String::from_utf8_lossy(&bytes);
    let body: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
    body.get("data").cloned().unwrap_or(body)
}

/// Checks one result. `confirmed`: the response says that the request succeeded.
fn check_result(case: &Case, error: Option<Error>, confirmed: bool) {
    let success = (200..300).contains(&case.status);
    let Some(error) = error else {
        assert!(success, "{} is not a success status", case.status);
        assert!(confirmed, "a success that the response does not confirm");
        return;
    };
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "a control character in: {text:?}");
    assert!(text.chars().count() < 16 * 1024, "{} characters of text", text.chars().count());
    for message in error.messages() {
        assert!(message.chars().count() <= 501, "{message}");
    }
    // After a rate policy with a small burst the client rejects a broadcast without an attempt.
    if error.attempts() > 0 {
        assert_eq!(error.http_status(), Some(case.status), "{text}");
        let may_be_queued = !matches!(case.status, 300..=407 | 410..=499);
        assert!(may_be_queued || error.fate() == Fate::NotQueued, "{text}");
        assert!(!may_be_queued || success || error.fate() == Fate::Unknown, "{text}");
    }
}

fn json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "processed",
        "error",
        "trigger_not_active",
        "workflow_not_found",
        "no_tenant_found",
        "",
        "\u{0}\u{1b}[31m\n",
        "\u{202e}x",
        "Request with key \"k\" is being reused for a different body",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.prop_map(Value::from),
        ".{0,600}".prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "data",
        "status",
        "message",
        "error",
        "errors",
        "messages",
        "value",
        "general",
        "field",
        "transactionId",
        "acknowledged",
        "statusCode",
    ]);
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            vec((key.clone(), inner), 0..6)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
    .prop_map(|value| value.to_string())
}

fn header() -> impl Strategy<Value = (String, String)> {
    let seconds = prop_oneof![any::<u64>().prop_map(|n| n.to_string()), "[0-9]{1,40}", "-?[0-9.]{1,6}", ".{0,20}"];
    let date = (0_u64..20_000_000_000).prop_map(|n| {
        httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(n % 253_402_300_800))
    });
    let policy = prop_oneof![
        (any::<u32>(), any::<u32>()).prop_map(|(limit, burst)| format!(
            "{limit};w=1;burst={burst};comment=\"token bucket\";category=\"trigger\""
        )),
        "([a-z]{1,8}=[\"0-9a-z;=]{0,9};?){0,6}",
        ".{0,60}",
    ];
    prop_oneof![
        prop_oneof![seconds, date.clone()].prop_map(|value| (String::from("retry-after"), value)),
        prop_oneof![date, ".{0,30}"].prop_map(|value| (String::from("date"), value)),
        policy.prop_map(|value| (String::from("ratelimit-policy"), value)),
        any::<bool>().prop_map(|value| (String::from("idempotency-replay"), value.to_string())),
        ".{0,20}".prop_map(|value| (String::from("idempotency-key"), value)),
    ]
}

/// Responses of the real server with up to two bytes changed.
fn nearly_valid() -> impl Strategy<Value = (String, Option<Vec<u8>>)> {
    let valid = prop::sample::select(vec![
        r#"{"data":{"acknowledged":true,"status":"processed","transactionId":"7ba9b0de-1e9c-4d50-8a4f-3b3d1c1d9a11"}}"#,
        r#"{"data":{"acknowledged":true,"status":"trigger_not_active"}}"#,
        r#"{"data":[{"acknowledged":true,"status":"processed","transactionId":"a"},{"status":"error","error":["x"]},{"acknowledged":true,"status":"processed"}]}"#,
        r#"{"data":true}"#,
        r#"{"message":["to should not be null or undefined"],"error":"Bad Request","statusCode":400}"#,
        r#"{"message":"workflow_not_found","error":"Unprocessable Entity","statusCode":422}"#,
        r#"{"errors":{"general":{"messages":["a","b"],"value":"No Value Recorded"}},"message":"Validation Error"}"#,
    ]);
    let changes = vec((any::<prop::sample::Index>(), any::<u8>()), 0..3);
    (valid, changes).prop_map(|(valid, changes)| {
        let mut bytes = valid.as_bytes().to_vec();
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        (String::new(), Some(bytes))
    })
}

fn case() -> impl Strategy<Value = Case> {
    let status = prop_oneof![
        prop::sample::select(vec![200_u16, 201, 202, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503]),
        any::<u16>(),
    ];
    let body = prop_oneof![
        json().prop_map(|text| (text, None)),
        json().prop_map(|text| (String::new(), Some(text.into_bytes().into_iter().rev().skip(1).rev().collect()))),
        vec(any::<u8>(), 0..200).prop_map(|bytes| (String::new(), Some(bytes))),
        nearly_valid(),
    ];
    (status, vec(header(), 0..4), body).prop_map(|(status, headers, (body, bytes))| Case {
        status,
        headers,
        body,
        bytes,
    })
}

#[test]
fn no_response_makes_the_client_panic_or_report_a_false_result() {
    try_cases(&case(), check);
}

#[test]
fn the_cases_in_tests_found_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let case: Case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        println!("{}", path.display());
        check(&case);
        tried += 1;
    }
    assert!(tried > 0, "there are no cases in tests/found");
}

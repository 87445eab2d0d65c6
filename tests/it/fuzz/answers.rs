//! Answers of any status, with any headers and any body.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use teleflow::transport::{Attempt, Response, Transport};
use teleflow::{Broadcast, Bulk, Client, Error, Event, Fate, Request, TransactionId};

use super::try_cases;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Case {
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    /// Instead of `body`, where that is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<Vec<u8>>,
}

impl Transport for Case {
    fn attempt<'a>(&'a self, _: &'a Request) -> Attempt<'a> {
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

/// What has to hold, whatever the answer.
fn check(case: &Case) {
    let checked = catch_unwind(AssertUnwindSafe(|| send(case)));
    if let Err(panic) = checked {
        let json = serde_json::to_string(case).expect("a case is JSON");
        eprintln!("tests/found/<what it is>.json:\n{json}");
        std::panic::resume_unwind(panic);
    }
}

fn send(case: &Case) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let client = Client::builder().transport(case.clone()).build().unwrap();
        let event = |n: u32| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada");

        judge(case, event(0).send(&client).await.err());
        judge(case, Broadcast::untyped("welcome", serde_json::json!({})).send(&client).await.err());
        judge(case, client.cancel(&TransactionId::from("some id")).await.err());
        let report = (0..3).map(event).collect::<Bulk>().send(&client).await;
        assert_eq!(report.len(), 3);
        for result in report {
            judge(case, result.err());
        }
    });
}

fn judge(case: &Case, error: Option<Error>) {
    let success = (200..300).contains(&case.status);
    let Some(error) = error else {
        assert!(success, "a {} is no success", case.status);
        return;
    };
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "more than a line: {text:?}");
    assert!(text.len() < 64 * 1024, "{} bytes of text", text.len());
    for message in error.messages() {
        assert!(message.chars().filter(|c| *c != '\\').count() <= 500 * 10, "{message}");
    }
    // A broadcast may be refused without asking, after a policy that has no room for it.
    if error.attempts() > 0 {
        assert_eq!(error.http_status(), Some(case.status), "{text}");
        let open = !matches!(case.status, 300..=407 | 410..=499);
        assert!(open || error.fate() == Fate::NotQueued, "{text}");
        assert!(!open || success || error.fate() == Fate::Unknown, "{text}");
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
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        word.prop_map(serde_json::Value::from),
        ".{0,600}".prop_map(serde_json::Value::from),
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
            vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
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

fn case() -> impl Strategy<Value = Case> {
    let status = prop_oneof![
        prop::sample::select(vec![200_u16, 201, 202, 400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503]),
        any::<u16>(),
    ];
    let body = prop_oneof![
        json().prop_map(|text| (text, None)),
        json().prop_map(|text| (String::new(), Some(text.into_bytes().into_iter().rev().skip(1).rev().collect()))),
        vec(any::<u8>(), 0..200).prop_map(|bytes| (String::new(), Some(bytes))),
    ];
    (status, vec(header(), 0..4), body).prop_map(|(status, headers, (body, bytes))| Case {
        status,
        headers,
        body,
        bytes,
    })
}

#[test]
fn no_answer_makes_the_client_panic_or_lie() {
    try_cases(&case(), check);
}

#[test]
fn what_was_found_before_is_tried_again() {
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

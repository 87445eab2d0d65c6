//! No error, `Debug` output or log contains the API key, a payload or a recipient.

mod errors_and_debug;
mod stored;

use teleflow::{Bulk, Client, ErrorKind, Event};

use crate::support::{API_KEY, CapturedLog, Server};

const PAYLOAD: &str = "payload-text";
const RECIPIENT: &str = "recipient-text";

fn event() -> Event<teleflow::Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({"code": PAYLOAD})).to(RECIPIENT)
}

fn assert_no_secret(text: &str) {
    for secret in [API_KEY, PAYLOAD, RECIPIENT] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// An error and its sources in every format.
fn printed(error: &teleflow::Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text += &format!(" {inner} {inner:?}");
        cause = inner.source();
    }
    text
}

#[test]
fn no_secret_is_logged_at_any_level() {
    let captured = CapturedLog::default();
    // Records of `log` are captured too: the HTTP libraries emit them.
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(captured.clone()).finish();
    tracing_log::LogTracer::init().unwrap();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let queued = r#"{"data":{"acknowledged":true,"status":"processed"}}"#;
        let receipt = event().send(&Server::status(201, "", queued).client()).await.unwrap();
        assert_no_secret(&format!("{receipt:?}"));
        for server in [Server::status(401, "", "{}"), Server::status(500, "", ""), Server::responding("")] {
            assert_no_secret(&printed(&event().send(&server.client()).await.unwrap_err()));
        }
        let report = [event(), event()].into_iter().collect::<Bulk>().send(&Server::status(403, "", "").client()).await;
        assert_no_secret(&format!("{report:?}"));
    });
    // Each attempt is logged once, with the fields that an operator searches for.
    let server = Server::status(503, "retry-after: 1\r\n", "");
    let policy = teleflow::RetryPolicy::default().max_attempts(2);
    let client = server.builder().retry(policy).build().unwrap();
    runtime.block_on(event().transaction_id("an-id-to-look-for").send(&client)).unwrap_err();
    let text = captured.text();
    let is_attempt = |line: &&str| line.contains("teleflow::dispatch") && line.contains("an-id-to-look-for");
    let attempts: Vec<_> = text.lines().filter(is_attempt).collect();
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    for part in ["POST /v1/events/trigger", "trigger=welcome", "status=503", "attempt=1", "wait_ms=1"] {
        assert!(attempts[0].contains(part), "no {part} in {}", attempts[0]);
    }
    assert!(text.contains("POST /v1/events/trigger") && text.contains("hyper"), "little was captured: {text}");
    assert_no_secret(&text);
}

#[test]
fn no_secret_is_in_a_debug_output() {
    let server = Server::status(201, "", "{}");
    let client = server.client();
    assert_no_secret(&format!("{client:?} {:?} {:?}", server.builder(), Client::builder().api_key(API_KEY)));
    assert_no_secret(&format!("{:?} {:?}", event(), event().into_request().unwrap()));
    assert_no_secret(&format!("{:?} {:?}", event().send(&client), [event()].into_iter().collect::<Bulk>()));
    let rejected = Event::untyped("welcome", serde_json::json!({"code": [PAYLOAD, u64::MAX]})).to(RECIPIENT);
    assert_no_secret(&printed(&rejected.into_request().unwrap_err()));
}

#[test]
fn an_invalid_api_key_is_rejected_and_not_printed() {
    for key in ["", " ", "\t\n", "abc\n", "a\u{7f}bc", "käse", "two words"] {
        let error = Client::new(key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(key.trim().is_empty() || !printed(&error).contains(key.trim()), "{error}");
    }
}

#[test]
fn an_invalid_base_url_is_rejected_and_its_password_is_not_printed() {
    let urls = [
        "",
        "nonsense",
        "localhost:3000",
        "ftp://example.com",
        "https://example.com?x=1",
        "https://user:pass-word@example.com",
    ];
    for url in urls {
        let error = Client::builder().api_key(API_KEY).base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{url}");
        assert!(!printed(&error).contains("pass-word"), "{error}");
        assert!(!format!("{:?}", Client::builder().base_url(url)).contains("pass-word"));
    }
}

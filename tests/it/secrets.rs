//! Neither the API key, nor a payload, nor a recipient is printed by anything.

mod kinds;

use std::io;
use std::sync::{Arc, Mutex};

use teleflow::{Bulk, Client, ErrorKind, Event};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{KEY, Server};

const PAYLOAD: &str = "payload-text";
const RECIPIENT: &str = "recipient-text";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn event() -> Event<teleflow::Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({"code": PAYLOAD})).to(RECIPIENT)
}

fn is_clean(text: &str) {
    for secret in [KEY, PAYLOAD, RECIPIENT] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// An error and its causes, as reporters print them.
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
fn nothing_private_is_logged_even_when_everything_is() {
    let captured = Captured::default();
    // `log` records too: HTTP libraries write those.
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(captured.clone()).finish();
    tracing_log::LogTracer::init().unwrap();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let queued = r#"{"data":{"acknowledged":true,"status":"processed"}}"#;
        let receipt = event().send(&Server::status(201, "", queued).client()).await.unwrap();
        is_clean(&format!("{receipt:?}"));
        for server in [Server::status(401, "", "{}"), Server::status(500, "", ""), Server::answering("")] {
            is_clean(&printed(&event().send(&server.client()).await.unwrap_err()));
        }
        let report = [event(), event()].into_iter().collect::<Bulk>().send(&Server::status(403, "", "").client()).await;
        is_clean(&format!("{report:?}"));
    });
    // One event for each attempt, with what an operator asks for.
    let server = Server::status(503, "retry-after: 1\r\n", "");
    let policy = teleflow::RetryPolicy::default().max_attempts(2);
    let client = server.builder().retry(policy).build().unwrap();
    runtime.block_on(event().transaction_id("an-id-to-look-for").send(&client)).unwrap_err();
    let text = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    let of_client = |line: &&str| line.contains("teleflow::dispatch") && line.contains("an-id-to-look-for");
    let attempts: Vec<_> = text.lines().filter(of_client).collect();
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    for part in ["POST /v1/events/trigger", "trigger=welcome", "status=503", "attempt=1", "wait_ms=1"] {
        assert!(attempts[0].contains(part), "no {part} in {}", attempts[0]);
    }
    assert!(text.contains("POST /v1/events/trigger") && text.contains("hyper"), "little was captured: {text}");
    is_clean(&text);
}

#[test]
fn nothing_private_is_in_a_debug() {
    let server = Server::status(201, "", "{}");
    let client = server.client();
    is_clean(&format!("{client:?} {:?} {:?}", server.builder(), Client::builder().api_key(KEY)));
    is_clean(&format!("{:?} {:?}", event(), event().into_request().unwrap()));
    is_clean(&format!("{:?} {:?}", event().send(&client), [event()].into_iter().collect::<Bulk>()));
    let refused = Event::untyped("welcome", serde_json::json!({"code": [PAYLOAD, u64::MAX]})).to(RECIPIENT);
    is_clean(&printed(&refused.into_request().unwrap_err()));
}

#[test]
fn a_key_that_cannot_be_one_is_refused_without_repeating_it() {
    for key in ["", " ", "\t\n", "abc\n", "a\u{7f}bc", "käse", "two words"] {
        let error = Client::new(key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(key.trim().is_empty() || !printed(&error).contains(key.trim()), "{error}");
    }
}

#[test]
fn a_base_url_that_cannot_be_one_is_refused() {
    let urls = [
        "",
        "nonsense",
        "localhost:3000",
        "ftp://example.com",
        "https://example.com?x=1",
        "https://user:pass-word@example.com",
    ];
    for url in urls {
        let error = Client::builder().api_key(KEY).base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{url}");
        assert!(!printed(&error).contains("pass-word"), "{error}");
        assert!(!format!("{:?}", Client::builder().base_url(url)).contains("pass-word"));
    }
}

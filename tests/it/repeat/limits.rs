//! What ends a request, how long it waits, and what the error and the log say of it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use teleflow::{Broadcast, Client, Error, ErrorKind, Event, Fate, RetryPolicy, Sending, Untyped};
use tracing_subscriber::fmt::MakeWriter;

use super::bulk_and_broadcast::FREE;
use super::script::{Script, Step};
use super::{event, numbered, seconds};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Sends an event that fails; returns the error and the log.
async fn logged(client: &Client) -> (Error, String) {
    logged_by(event().send(client)).await
}

async fn logged_by<R>(sending: Sending<R>) -> (Error, String) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
    let guard = tracing::subscriber::set_default(subscriber.with_writer(log.clone()).finish());
    let error = sending.await.err().unwrap();
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (error, text)
}

fn broadcast() -> Broadcast<Untyped<serde_json::Value>> {
    Broadcast::untyped("welcome", serde_json::json!({}))
}

#[tokio::test(start_paused = true)]
async fn the_error_and_the_log_say_why_there_was_no_further_attempt() {
    let failing = || Script::new([Step::status(503)]);
    let (error, log) = logged(&failing().client()).await;
    assert!(error.to_string().contains("no attempt left, `max_attempts` is 5"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"max_attempts\""), "{log}");

    let client = failing().client();
    let mut last = event().send(&client).await.unwrap_err();
    while last.attempts() > 1 || last.to_string().contains("`max_attempts`") {
        last = event().send(&client).await.unwrap_err();
    }
    let (error, log) = logged(&client).await;
    assert!(error.to_string().contains("the retry budget of the client is used up"), "{error}");
    assert!(log.contains("end=\"retry_budget\""), "{log}");

    let patient = RetryPolicy::default().max_attempts(1000).backoff(seconds(10), seconds(10));
    let busy = Script::new([Step::status(429)]);
    let (error, log) = logged(&busy.client_with(patient)).await;
    assert!(error.to_string().contains("too little time left before the `deadline`"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"deadline\""), "{log}");

    let busy = Script::new([Step::status(429).header("retry-after", "60")]);
    let (error, log) = logged(&busy.client()).await;
    assert!(error.to_string().contains("retry after 60 s, which is past the deadline"), "{error}");
    assert!(log.contains("end=\"retry_after_too_late\""), "{log}");

    // A permanent failure is not the end of a limit, so it is logged for debugging only.
    let refused = Script::new([Step::status(400)]);
    let (error, log) = logged(&refused.client()).await;
    assert!(error.to_string().contains("not retryable") && !error.to_string().contains("attempt"), "{error}");
    assert!(!log.contains("no further attempt") && log.contains("end=\"permanent\""), "{log}");

    let unanswered = Script::new([Step::Silence]);
    let (error, log) = logged_by(broadcast().send(&unanswered.client())).await;
    assert!(error.to_string().contains("not retried because the server may broadcast it twice"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"unsafe_to_retry\""), "{log}");

    let plan = Script::new([Step::status(429).header("ratelimit-policy", FREE)]);
    let (error, log) = logged_by(broadcast().send(&plan.client())).await;
    assert!(error.to_string().contains("costs 100 tokens of the rate limit"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"rate_policy\""), "{log}");

    let dropped = Script::new([Step::queued().body(r#"{"data":{"status":"trigger_not_active"}}"#)]);
    let (error, log) = logged(&dropped.client()).await;
    assert!(!error.to_string().contains("retr") && log.contains("end=\"final\""), "{error} {log}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_zero_and_no_backoff_make_no_storm() {
    for status in [409, 429] {
        let script = Script::new([Step::status(status).header("retry-after", "0")]);
        let policy = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
        event().send(&script.client_with(policy)).await.unwrap_err();
        let seen = script.seen();
        let in_a_second = seen.iter().filter(|attempt| attempt.after < seconds(1)).count();
        assert!((2..=11).contains(&in_a_second), "{status}: {in_a_second}");
        let waits = seen.windows(2).map(|pair| pair[1].after - pair[0].after);
        assert!(waits.into_iter().all(|wait| wait >= Duration::from_millis(100)), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_tasks_that_are_told_the_same_time_do_not_return_at_once() {
    let busy = std::iter::repeat_n(Step::status(429).header("retry-after", "1"), 500);
    let script = Script::new(busy.chain([Step::queued()]));
    let client = script.client();
    let sending: Vec<_> = (0..500).map(|n| tokio::spawn(numbered(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    let mut tenths = std::collections::HashMap::new();
    for attempt in &script.seen()[500..] {
        assert!(attempt.after >= seconds(1), "never before the time that the server asked for");
        *tenths.entry(attempt.after.as_millis() / 100).or_insert(0) += 1;
    }
    assert!(tenths.values().all(|arrivals| *arrivals < 200), "{tenths:?}");
}

#[tokio::test]
async fn no_attempt_begins_after_the_deadline_though_the_executor_was_blocked() {
    // A wait that is not left to chance.
    let script = Script::new([Step::status(429).header("retry-after", "1")]);
    let deadline = seconds(3);
    let client = Client::builder().transport(script.clone()).deadline(deadline).build().unwrap();
    let sending = tokio::spawn(event().send(&client));
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert_eq!(script.attempts(), 1, "it waits after the first attempt");
    std::thread::sleep(deadline);
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!((script.attempts(), error.attempts()), (1, 1));
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::RateLimited, Some(429)));
    assert!(error.to_string().contains("`deadline`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_with_less_time_than_it_needs() {
    let script = Script::new([Step::status(503)]);
    let policy = RetryPolicy::default().max_attempts(10_000).backoff(seconds(1), seconds(1));
    let _ = event().send(&script.client_with(policy)).await.unwrap_err();
    let last = script.seen().last().unwrap().after;
    assert!(last <= Duration::from_millis(26_125) && last > seconds(24), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn the_time_of_an_attempt_grows_with_its_body() {
    let large = "x".repeat(640 * 1024);
    let script = Script::new([Step::Silence, Step::queued()]);
    Event::untyped("welcome", serde_json::json!({"file": large})).to("ada").send(&script.client()).await.unwrap();
    let retried = script.seen()[1].after;
    assert!(retried >= seconds(20) && retried < seconds(21), "ten seconds, and one for each 64 KiB: {retried:?}");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_which_setting_ended_the_attempt() {
    let client = |deadline| {
        let script = Script::new([Step::Silence]);
        Client::builder().transport(script).retry(RetryPolicy::none()).deadline(deadline).build().unwrap()
    };
    let text = event().send(&client(seconds(60))).await.unwrap_err().to_string();
    assert!(text.contains("no response within 10") && text.contains("the `timeout`"), "{text}");
    let text = event().send(&client(seconds(4))).await.unwrap_err().to_string();
    assert!(text.contains("when the `deadline` of 4 s was reached"), "{text}");
    let large = Event::untyped("welcome", serde_json::json!({"file": "x".repeat(6 << 20)})).to("ada");
    let error = large.send(&client(seconds(30))).await.unwrap_err();
    assert!(error.to_string().contains("`deadline` of 30 s"), "{error}");
}

#[tokio::test]
async fn a_large_body_over_a_slow_line_arrives_within_the_deadline() {
    let url = slow(32, Duration::from_millis(50));
    let client = Client::builder().api_key("test-key").base_url(url).timeout(Duration::from_millis(500));
    let client = client.deadline(seconds(20)).build().unwrap();
    let large = Event::untyped("welcome", serde_json::json!({"file": "x".repeat(2 << 20)})).to("ada");
    let receipt = large.send(&client).await.unwrap();
    assert_eq!(receipt.attempts(), 1);
}

/// A server that reads this many pieces of 64 KiB, one in this time, and then queues.
fn slow(pieces: usize, time: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut piece = vec![0; 64 * 1024];
        for _ in 0..pieces {
            connection.read_exact(&mut piece).unwrap();
            std::thread::sleep(time);
        }
        let body = r#"{"data":{"acknowledged":true,"status":"processed"}}"#;
        write!(connection, "HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        // Whatever is left of the request.
        let _ = connection.read(&mut piece);
    });
    url
}

#[test]
fn without_a_runtime_nothing_is_sent_and_the_error_says_so() {
    let script = Script::new([Step::queued()]);
    let client = script.client();
    let stored = event().into_request().unwrap();
    let bulk: teleflow::Bulk = (0..2).map(numbered).collect();
    let errors = [
        polled(event().send(&client)).unwrap_err(),
        polled(teleflow::Broadcast::untyped("welcome", serde_json::json!({})).send(&client)).unwrap_err(),
        polled(client.cancel(&"t-1".into())).unwrap_err(),
        polled(client.send(stored)).into_result().unwrap_err(),
        polled(bulk.send(&client)).into_result().unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Invalid, Fate::NotQueued, 0), "{error}");
        assert!(error.to_string().contains("no tokio runtime is running"), "{error}");
    }
    assert_eq!(script.attempts(), 0);
}

/// What a future ends with that has nothing to wait for.
fn polled<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("it waits for something"),
    }
}

#[test]
fn a_runtime_without_time_is_refused_where_it_is_awaited() {
    let script = Script::new([Step::queued()]);
    let client = script.client();
    let bulk: teleflow::Bulk = (0..2).map(numbered).collect();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let single = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = runtime().block_on(event().send(&client));
    }));
    let many = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = runtime().block_on(bulk.send(&client));
    }));
    for panic in [single.unwrap_err(), many.unwrap_err()] {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string).or(panic.downcast_ref::<String>().cloned());
        assert!(text.as_ref().is_some_and(|text| text.contains("enable_time")), "{text:?}");
    }
}

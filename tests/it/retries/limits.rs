//! The limits of a request: attempts, retry budget, timeout, deadline; and how the error and the log name them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use teleflow::{Broadcast, Client, Error, ErrorKind, Event, RetryPolicy, Sending, Untyped};

use super::bulk_and_broadcast::FREE_POLICY;
use super::script::{Script, Step};
use super::{event, numbered, seconds};
use crate::support::CapturedLog;

/// Sends an event that fails; returns the error and the log.
async fn error_and_log(client: &Client) -> (Error, String) {
    error_and_log_of(event().send(client)).await
}

async fn error_and_log_of<R>(sending: Sending<R>) -> (Error, String) {
    let log = CapturedLog::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
    let guard = tracing::subscriber::set_default(subscriber.with_writer(log.clone()).finish());
    let error = sending.await.err().unwrap();
    drop(guard);
    (error, log.text())
}

fn broadcast() -> Broadcast<Untyped<serde_json::Value>> {
    Broadcast::untyped("welcome", serde_json::json!({}))
}

#[tokio::test(start_paused = true)]
async fn the_error_and_the_log_say_why_there_was_no_further_attempt() {
    let failing = || Script::new([Step::status(503)]);
    let (error, log) = error_and_log(&failing().client()).await;
    assert!(error.to_string().contains("no attempt left, `max_attempts` is 5"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"max_attempts\""), "{log}");

    let client = failing().client();
    let mut last = event().send(&client).await.unwrap_err();
    while last.attempts() > 1 || last.to_string().contains("`max_attempts`") {
        last = event().send(&client).await.unwrap_err();
    }
    let (error, log) = error_and_log(&client).await;
    assert!(error.to_string().contains("the retry budget of the client is used up"), "{error}");
    assert!(log.contains("end=\"retry_budget\""), "{log}");

    let patient = RetryPolicy::default().max_attempts(1000).backoff(seconds(10), seconds(10));
    let busy = Script::new([Step::status(429)]);
    let (error, log) = error_and_log(&busy.client_with(patient)).await;
    assert!(error.to_string().contains("too little time left before the `deadline`"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"deadline\""), "{log}");

    let busy = Script::new([Step::status(429).header("retry-after", "60")]);
    let (error, log) = error_and_log(&busy.client()).await;
    assert!(error.to_string().contains("retry after 60 s, which is past the deadline"), "{error}");
    assert!(log.contains("end=\"retry_after_too_late\""), "{log}");

    // A permanent failure is not the end of a limit, so it is logged for debugging only.
    let refused = Script::new([Step::status(400)]);
    let (error, log) = error_and_log(&refused.client()).await;
    assert!(error.to_string().contains("not retryable") && !error.to_string().contains("attempt"), "{error}");
    assert!(!log.contains("no further attempt") && log.contains("end=\"permanent\""), "{log}");

    let unanswered = Script::new([Step::NoResponse]);
    let (error, log) = error_and_log_of(broadcast().send(&unanswered.client())).await;
    assert!(error.to_string().contains("not retried because the server may broadcast it twice"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"unsafe_to_retry\""), "{log}");

    let plan = Script::new([Step::status(429).header("ratelimit-policy", FREE_POLICY)]);
    let (error, log) = error_and_log_of(broadcast().send(&plan.client())).await;
    assert!(error.to_string().contains("costs 100 tokens of the rate limit"), "{error}");
    assert!(log.lines().last().unwrap().contains("end=\"rate_policy\""), "{log}");

    let dropped = Script::new([Step::queued().body(r#"{"data":{"status":"trigger_not_active"}}"#)]);
    let (error, log) = error_and_log(&dropped.client()).await;
    assert!(!error.to_string().contains("retr") && log.contains("end=\"final\""), "{error} {log}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_zero_without_backoff_still_waits() {
    for status in [409, 429] {
        let script = Script::new([Step::status(status).header("retry-after", "0")]);
        let policy = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
        event().send(&script.client_with(policy)).await.unwrap_err();
        let attempts = script.attempts();
        let in_first_second = attempts.iter().filter(|attempt| attempt.time < seconds(1)).count();
        assert!((2..=11).contains(&in_first_second), "{status}: {in_first_second}");
        let waits = attempts.windows(2).map(|pair| pair[1].time - pair[0].time);
        assert!(waits.into_iter().all(|wait| wait >= Duration::from_millis(100)), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_tasks_with_the_same_retry_after_do_not_retry_at_once() {
    let busy = std::iter::repeat_n(Step::status(429).header("retry-after", "1"), 500);
    let script = Script::new(busy.chain([Step::queued()]));
    let client = script.client();
    let sending: Vec<_> = (0..500).map(|n| tokio::spawn(numbered(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    let mut retries_per_tenth = std::collections::HashMap::new();
    for attempt in &script.attempts()[500..] {
        assert!(attempt.time >= seconds(1), "a retry before the end of `Retry-After`");
        *retries_per_tenth.entry(attempt.time.as_millis() / 100).or_insert(0) += 1;
    }
    assert!(retries_per_tenth.values().all(|retries| *retries < 200), "{retries_per_tenth:?}");
}

#[tokio::test]
async fn no_attempt_begins_after_the_deadline_even_if_the_executor_was_blocked() {
    // With `Retry-After` the wait is at least one second; a backoff would be random.
    let script = Script::new([Step::status(429).header("retry-after", "1")]);
    let deadline = seconds(3);
    let client = Client::builder().transport(script.clone()).deadline(deadline).build().unwrap();
    let sending = tokio::spawn(event().send(&client));
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    assert_eq!(script.attempt_count(), 1, "the request waits after its first attempt");
    std::thread::sleep(deadline);
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!((script.attempt_count(), error.attempts()), (1, 1));
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::RateLimited, Some(429)));
    assert!(error.to_string().contains("`deadline`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_attempt_begins_with_too_little_time_before_the_deadline() {
    let script = Script::new([Step::status(503)]);
    let policy = RetryPolicy::default().max_attempts(10_000).backoff(seconds(1), seconds(1));
    let _ = event().send(&script.client_with(policy)).await.unwrap_err();
    let last = script.attempts().last().unwrap().time;
    assert!(last <= Duration::from_millis(26_125) && last > seconds(24), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_an_attempt_grows_with_its_body() {
    let large = "x".repeat(640 * 1024);
    let script = Script::new([Step::NoResponse, Step::queued()]);
    Event::untyped("welcome", serde_json::json!({"file": large})).to("ada").send(&script.client()).await.unwrap();
    let retried = script.attempts()[1].time;
    assert!(retried >= seconds(20) && retried < seconds(21), "ten seconds, and one for each 64 KiB: {retried:?}");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_error_names_the_setting_that_ended_the_attempt() {
    let client = |deadline| {
        let script = Script::new([Step::NoResponse]);
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
async fn a_large_body_over_a_slow_connection_arrives_within_the_deadline() {
    let url = slow_server(32, Duration::from_millis(50));
    let client = Client::builder().api_key("test-key").base_url(url).timeout(Duration::from_millis(500));
    let client = client.deadline(seconds(20)).build().unwrap();
    let large = Event::untyped("welcome", serde_json::json!({"file": "x".repeat(2 << 20)})).to("ada");
    let receipt = large.send(&client).await.unwrap();
    assert_eq!(receipt.attempts(), 1);
}

/// A server that reads 64 KiB at a time, with a pause after each, and then queues the event.
fn slow_server(chunks: usize, pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut chunk = vec![0; 64 * 1024];
        for _ in 0..chunks {
            connection.read_exact(&mut chunk).unwrap();
            std::thread::sleep(pause);
        }
        let body = r#"{"data":{"acknowledged":true,"status":"processed"}}"#;
        write!(connection, "HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        // The rest of the request.
        let _ = connection.read(&mut chunk);
    });
    url
}

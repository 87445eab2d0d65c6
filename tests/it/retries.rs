//! Retries: what is retried, when, and under which idempotency key; and what the result reports about the attempts.

mod bulk_and_broadcast;
mod connect;
mod dropped_future;
mod fate;
mod limits;
mod rate_limit;
mod runtime;
mod script;
mod sockets;

use std::time::Duration;

use script::{Script, Step};
use teleflow::{Cancellation, ErrorKind, Event, Fate, RetryPolicy, TransactionId, Untyped};

fn event() -> Event<Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({"n": 1})).to("ada")
}

fn numbered(n: u32) -> Event<Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", serde_json::json!({"n": n})).to("ada").transaction_id(format!("t-{n}"))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_body_key_and_transaction_id() {
    let script = Script::new([Step::ConnectionReset, Step::status(503), Step::ConnectionRefused, Step::queued()]);
    let receipt = event().send(&script.client()).await.unwrap();
    assert_eq!(receipt.attempts(), 4);
    let attempts = script.attempts();
    assert!(attempts.iter().all(|attempt| attempt.body == attempts[0].body && attempt.key == attempts[0].key));
    assert!(attempts[0].body.contains(receipt.transaction_id().as_str()));
    assert!(attempts[0].key.is_some());
}

#[tokio::test(start_paused = true)]
async fn each_request_has_its_own_idempotency_key() {
    let script = Script::new([Step::queued()]);
    let client = script.client();
    for _ in 0..3 {
        event().transaction_id("same").send(&client).await.unwrap();
    }
    let keys: std::collections::HashSet<_> = script.attempts().into_iter().map(|attempt| attempt.key).collect();
    assert_eq!(keys.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_5xx_that_echoes_the_key_is_retried_under_a_new_key_and_the_same_transaction_id() {
    let replay = Step::status(500).echo().header("idempotency-replay", "true");
    let script = Script::new([Step::status(500).echo(), replay, Step::status(503), Step::queued()]);
    event().send(&script.client()).await.unwrap();
    let keys: Vec<_> = script.attempts().into_iter().map(|attempt| attempt.key.unwrap()).collect();
    assert!(keys[0] != keys[1] && keys[1] != keys[2], "{keys:?}");
    assert_eq!(keys[2], keys[3], "the server does not cache the response of a proxy");
    // A replayed response is in the server's cache, even if a proxy removed the echoed key.
    let replay_without_key = Step::status(500).header("idempotency-replay", "true");
    let replaying = Script::new([replay_without_key, Step::queued()]);
    event().send(&replaying.client()).await.unwrap();
    let replayed = replaying.attempts();
    assert!(replayed[0].key != replayed[1].key && replayed[0].body == replayed[1].body);
    let attempts = script.attempts();
    assert!(attempts.iter().all(|attempt| attempt.body == attempts[0].body));
}

#[tokio::test(start_paused = true)]
async fn a_receipt_reports_a_replayed_response() {
    let replay = Step::queued().echo().header("idempotency-replay", "true");
    let script = Script::new([Step::ConnectionReset, replay]);
    let receipt = event().send(&script.client()).await.unwrap();
    assert!(receipt.replayed());
    assert_eq!(receipt.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn statuses_that_a_retry_does_not_change_are_final() {
    for status in [300, 301, 307, 308, 400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 418, 422, 501, 505] {
        let script = Script::new([Step::status(status)]);
        let error = event().send(&script.client()).await.unwrap_err();
        assert_eq!((script.attempt_count(), error.attempts()), (1, 1), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_complete_2xx_is_final_even_if_its_body_cannot_be_read() {
    for body in
        ["", "garbage", "{}", r#"{"data":{"status":"never heard of"}}"#, r#"{"data":{"status":"trigger_not_active"}}"#]
    {
        let script = Script::new([Step::queued().body(body)]);
        event().send(&script.client()).await.unwrap_err();
        assert_eq!(script.attempt_count(), 1, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_is_waited_for_and_does_not_count_against_max_attempts() {
    for status in [409, 429] {
        let wait_and_retry = Step::status(status).header("retry-after", "2");
        let script = Script::new(std::iter::repeat_n(wait_and_retry, 7).chain([Step::queued()]));
        let receipt = event().send(&script.client()).await.unwrap();
        assert_eq!(receipt.attempts(), 8, "{status}");
        let waited = script.attempts()[7].time;
        assert!(waited >= seconds(14) && waited <= seconds(21), "{status}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_past_the_deadline_fails_at_once() {
    for status in [429, 503] {
        let script = Script::new([Step::status(status).header("retry-after", "120")]);
        let started = tokio::time::Instant::now();
        let error = event().send(&script.client()).await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::ZERO);
        assert_eq!(error.retry_after(), Some(seconds(120)));
        let text = error.to_string();
        assert!(text.contains("retry after 120 s, which is past the deadline"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_date_is_relative_to_the_date_of_the_response() {
    let wait_and_retry = Step::status(503)
        .header("date", "Fri, 01 Jan 1999 00:00:00 GMT")
        .header("retry-after", "Fri, 01 Jan 1999 00:00:05 GMT");
    let script = Script::new([wait_and_retry, Step::queued()]);
    event().send(&script.client()).await.unwrap();
    assert_eq!(script.attempts()[1].time.as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_at_the_deadline() {
    let script = Script::new([Step::NoResponse]);
    let policy = RetryPolicy::default().max_attempts(100);
    let client =
        teleflow::Client::builder().transport(script.clone()).retry(policy).deadline(seconds(25)).build().unwrap();
    let started = tokio::time::Instant::now();
    let error = event().send(&client).await.unwrap_err();
    assert!(started.elapsed() <= seconds(25), "{:?}", started.elapsed());
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Timeout, Fate::Unknown, 3));
}

#[tokio::test(start_paused = true)]
async fn the_default_timeout_of_an_attempt_is_ten_seconds() {
    let script = Script::new([Step::NoResponse, Step::queued()]);
    event().send(&script.client()).await.unwrap();
    assert_eq!(script.attempts()[1].time.as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn retry_policy_none_makes_one_attempt() {
    for step in [
        Step::ConnectionRefused,
        Step::ConnectionReset,
        Step::status(503),
        Step::status(429).header("retry-after", "1"),
    ] {
        let script = Script::new([step]);
        let error = event().send(&script.client_with(RetryPolicy::none())).await.unwrap_err();
        assert_eq!((script.attempt_count(), error.attempts()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn the_fate_depends_on_all_attempts() {
    let policy = RetryPolicy::default().max_attempts(2);
    let table = [
        (Step::NoResponse, Step::ConnectionRefused, ErrorKind::Connect, Fate::Unknown),
        (Step::ConnectionReset, Step::ConnectionRefused, ErrorKind::Connect, Fate::Unknown),
        (Step::ConnectionReset, Step::status(400), ErrorKind::Validation, Fate::Unknown),
        (Step::status(503), Step::status(401), ErrorKind::Unauthorized, Fate::Unknown),
        (Step::status(408), Step::status(404), ErrorKind::Rejected, Fate::Unknown),
        (Step::ConnectionRefused, Step::ConnectionRefused, ErrorKind::Connect, Fate::NotQueued),
        (Step::ConnectionRefused, Step::status(400), ErrorKind::Validation, Fate::NotQueued),
        (Step::status(429), Step::status(429), ErrorKind::RateLimited, Fate::NotQueued),
        (Step::status(429), Step::ConnectionReset, ErrorKind::Interrupted, Fate::Unknown),
        (Step::ConnectionRefused, Step::status(500), ErrorKind::Server, Fate::Unknown),
    ];
    for (first, second, kind, fate) in table {
        let script = Script::new([first, second]);
        let error = event().send(&script.client_with(policy)).await.unwrap_err();
        assert_eq!((error.kind(), error.fate(), error.attempts()), (kind, fate, 2), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_retry_budget_stops_a_storm_of_retries_and_successes_refill_it() {
    let script = Script::new([Step::status(503)]);
    let client = script.client();
    for _ in 0..200 {
        event().send(&client).await.unwrap_err();
    }
    let budgeted_attempts = script.attempt_count();
    assert!(
        (200..=320).contains(&budgeted_attempts),
        "{budgeted_attempts} attempts instead of 200 requests and 100 retries"
    );

    // A retry that succeeds returns its cost to the budget.
    let script = Script::new(std::iter::repeat_n([Step::status(503), Step::queued()], 1000).flatten());
    let client = script.client();
    for _ in 0..1000 {
        event().send(&client).await.unwrap();
    }
    // Five requests that succeed on their first attempt refill an empty budget for one retry.
    let storm = std::iter::repeat_n(Step::status(503), budgeted_attempts);
    let calm = std::iter::repeat_n(Step::queued(), 5);
    let script = Script::new(storm.chain(calm).chain([Step::status(503), Step::queued()]));
    let client = script.client();
    for _ in 0..200 {
        event().send(&client).await.unwrap_err();
    }
    for _ in 0..5 {
        event().send(&client).await.unwrap();
    }
    assert_eq!(event().send(&client).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_succeeds_returns_the_cost_of_its_retries() {
    // 24 requests with four retries each leave enough for four more retries.
    let failures = |count| std::iter::repeat_n(Step::status(503), count);
    let spent = || failures(24 * 5);
    async fn spend(client: &teleflow::Client) {
        for _ in 0..24 {
            assert_eq!(event().send(client).await.unwrap_err().attempts(), 5);
        }
    }
    let script = Script::new(spent().chain(failures(4)).chain([Step::queued()]).chain(failures(1)));
    let client = script.client();
    spend(&client).await;
    assert_eq!(event().send(&client).await.unwrap().attempts(), 5);
    assert_eq!(event().send(&client).await.unwrap_err().attempts(), 5, "the cost of all four retries was returned");

    // A retry after `Retry-After` costs nothing, so it returns nothing.
    let busy = [Step::status(429).header("retry-after", "1"), Step::queued()];
    let script = Script::new(spent().chain(failures(5)).chain(busy).chain(failures(1)));
    let client = script.client();
    spend(&client).await;
    assert_eq!(event().send(&client).await.unwrap_err().attempts(), 5);
    assert_eq!(event().send(&client).await.unwrap().attempts(), 2);
    assert_eq!(event().send(&client).await.unwrap_err().attempts(), 1, "the budget is still empty");
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_is_retried_without_a_key_and_false_after_a_lost_response_is_unknown() {
    let no = || Step::status(200).body(r#"{"data":false}"#);
    let yes = || Step::status(200).body(r#"{"data":true}"#);
    let table = [
        (vec![yes()], Cancellation::Cancelled),
        (vec![no()], Cancellation::NothingPending),
        (vec![Step::ConnectionReset, yes()], Cancellation::Cancelled),
        (vec![Step::ConnectionReset, no()], Cancellation::Unknown),
        (vec![Step::status(502), no()], Cancellation::Unknown),
        (vec![Step::ConnectionRefused, no()], Cancellation::NothingPending),
        (vec![Step::status(429), no()], Cancellation::NothingPending),
    ];
    for (steps, expected) in table {
        let script = Script::new(steps);
        let cancellation = script.client().cancel(&TransactionId::from("a/b ?")).await.unwrap();
        assert_eq!(cancellation, expected);
        assert!(script.attempts().iter().all(|attempt| attempt.key.is_none() && attempt.body.is_empty()));
        assert_eq!(script.attempts()[0].path, "/v1/events/trigger/a%2Fb%20%3F");
    }
}

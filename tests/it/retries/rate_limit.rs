//! Waits that follow from the `RateLimit-*` headers: of which requests, how long, and up to the deadline.

use std::time::Duration;

use teleflow::{Broadcast, Bulk, Client, ErrorKind, Failure, Fate, RetryPolicy};

use super::script::{Script, Step};
use super::{event, numbered, seconds};

const BUSINESS_POLICY: &str =
    r#"600;w=1;burst=660;comment="token bucket";category="trigger";cost="bulk";serviceLevel="business""#;

/// A response with these headers.
fn limited(step: Step, remaining: u32, reset: u64) -> Step {
    let step = step.header("ratelimit-remaining", remaining.to_string());
    step.header("ratelimit-reset", reset.to_string()).header("ratelimit-policy", BUSINESS_POLICY)
}

fn refused(retry_after: u64) -> Step {
    limited(Step::status(429), 0, retry_after).header("retry-after", retry_after.to_string())
}

fn broadcast() -> Broadcast<teleflow::Untyped<serde_json::Value>> {
    Broadcast::untyped("welcome", serde_json::json!({}))
}

/// When the attempts started, in milliseconds.
fn times(script: &Script) -> Vec<u128> {
    script.attempts().iter().map(|attempt| attempt.time.as_millis()).collect()
}

#[tokio::test(start_paused = true)]
async fn after_too_few_remaining_tokens_the_next_attempt_of_that_cost_waits_for_the_reset() {
    let script = Script::new([limited(Step::queued(), 99, 2), Step::queued()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    event().send(&client).await.unwrap();
    broadcast().send(&client.clone()).await.unwrap();
    assert_eq!(times(&script), [0, 0, 2010]);
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_if_the_tokens_suffice_or_the_headers_are_absent() {
    let steps = [
        limited(Step::queued(), 100, 2),
        limited(Step::queued(), 99, 0),
        Step::queued().header("ratelimit-remaining", "0"),
        Step::queued().header("ratelimit-reset", "2"),
        Step::queued().header("ratelimit-remaining", "none").header("ratelimit-reset", "soon"),
        Step::queued(),
    ];
    for step in steps {
        let script = Script::new([step, Step::queued()]);
        let client = script.client();
        for _ in 0..3 {
            broadcast().send(&client).await.unwrap();
        }
        assert!(times(&script).iter().all(|time| *time < 100), "{:?}", times(&script));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_429_all_requests_of_that_cost_wait_for_its_retry_after() {
    let script = Script::new([refused(3), Step::queued()]);
    let client = script.client_with(RetryPolicy::none());
    assert_eq!(broadcast().send(&client).await.unwrap_err().http_status(), Some(429));
    event().send(&client).await.unwrap();
    // `RetryPolicy::none` means one attempt, not that it is wasted.
    broadcast().send(&client).await.unwrap();
    assert_eq!(times(&script), [0, 0, 3010]);
}

#[tokio::test(start_paused = true)]
async fn a_429_of_another_limit_concerns_its_own_request_only() {
    let script = Script::new([Step::status(429).header("retry-after", "20"), Step::queued()]);
    let client = script.client_with(RetryPolicy::none());
    event().send(&client).await.unwrap_err();
    event().send(&client).await.unwrap();
    assert_eq!(times(&script), [0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_past_the_deadline_fails_at_once_and_sends_nothing() {
    let script = Script::new([refused(60), Step::queued()]);
    let client = script.client();
    let first = broadcast().send(&client).await.unwrap_err();
    let second = broadcast().send(&client).await.unwrap_err();
    assert_eq!((first.attempts(), second.attempts()), (1, 0));
    assert_eq!((second.kind(), second.fate()), (ErrorKind::RateLimited, Fate::NotQueued));
    assert_eq!((second.http_status(), second.retry_after().unwrap().as_secs()), (None, 60));
    let text = second.to_string();
    assert!(text.contains("the plan's rate limit is used up"), "{text}");
    assert!(text.contains("retry after 61 s, the rate limit allows no attempt before the `deadline`"), "{text}");
    assert_eq!(times(&script), [0]);

    let report = (0..150).map(numbered).collect::<Bulk>().send(&client).await;
    assert!(report.failures().all(|(_, failure)| matches!(failure, Failure::NotSent(_))), "{report:?}");
    assert_eq!((report.failures().count(), report.retryable().count()), (150, 150));
    assert_eq!(script.attempt_count(), 1);

    // An hour would be longer than the facts count.
    tokio::time::advance(seconds(301)).await;
    broadcast().send(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_would_start_after_the_deadline_is_not_made() {
    let script = Script::new([Step::status(503), refused(60)]);
    let client = script.client_with(RetryPolicy::default().backoff(seconds(8), seconds(8)));
    // Another request learns, during the backoff of the first, that the rate limit is used up.
    let first = tokio::spawn(event().send(&client));
    tokio::task::yield_now().await;
    event().send(&client).await.unwrap_err();
    let error = first.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Server, Fate::Unknown, 1));
    assert!(error.to_string().contains("the rate limit allows no attempt before the `deadline`"), "{error}");
    assert_eq!(script.attempt_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn requests_that_wait_start_one_after_another() {
    let script = Script::new([limited(Step::queued(), 0, 1), limited(Step::queued(), 0, 0)]);
    let client = script.client();
    event().send(&client).await.unwrap();
    let sending: Vec<_> = (0..300).map(|n| tokio::spawn(numbered(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    let times = times(&script);
    assert!(times[1..].iter().all(|time| *time >= 1000), "{times:?}");
}

/// Never responds, so that nothing is learned from the attempts that start.
#[tokio::test(start_paused = true)]
async fn requests_that_wait_do_not_depend_on_the_responses_to_others() {
    for (policy, longest) in [(true, Duration::from_millis(540)), (false, Duration::from_millis(1600))] {
        // Without a policy, only a 429 holds.
        let step = if policy { Step::queued().header("ratelimit-policy", BUSINESS_POLICY) } else { Step::status(429) };
        let step = step.header("ratelimit-remaining", "0").header("ratelimit-reset", "1");
        let script = Script::new([step, Step::NoResponse]);
        let client = script.client_with(RetryPolicy::none());
        assert_eq!(event().send(&client).await.is_ok(), policy);
        let sending: Vec<_> = (0..300).map(|n| tokio::spawn(numbered(n).send(&client))).collect();
        tokio::time::sleep(seconds(1) + longest).await;
        let times = times(&script);
        assert_eq!(times.len(), 301);
        let mut per_tenth = std::collections::HashMap::new();
        times[1..].iter().for_each(|time| *per_tenth.entry(time / 100).or_insert(0) += 1);
        assert!(per_tenth.values().all(|started| *started <= 100), "{per_tenth:?}");
        sending.iter().for_each(|sent| sent.abort());
    }
}

#[tokio::test(start_paused = true)]
async fn the_numbers_of_a_gateway_without_a_policy_are_ignored() {
    let step = Step::queued().header("ratelimit-remaining", "59").header("ratelimit-reset", "50");
    let script = Script::new([step, Step::queued()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    broadcast().send(&client).await.unwrap();
    assert_eq!(times(&script), [0, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_while_it_waits_gives_up_its_turn() {
    let script = Script::new([limited(Step::queued(), 0, 2), Step::queued()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    let dropped: Vec<_> = (0..100).map(|_| tokio::spawn(broadcast().send(&client))).collect();
    tokio::time::sleep(seconds(1)).await;
    dropped.iter().for_each(|sending| sending.abort());
    broadcast().send(&client).await.unwrap();
    assert_eq!(times(&script), [0, 2010]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_no_longer_polled_does_not_stop_the_others() {
    let script = Script::new([limited(Step::queued(), 0, 1), Step::queued()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    let mut unpolled: Vec<_> = (0..3).map(|_| Box::pin(broadcast().send(&client))).collect();
    for sending in &mut unpolled {
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(sending.as_mut().poll(context).is_pending())).await
        );
    }
    broadcast().send(&client).await.unwrap();
    assert!((1010..=2100).contains(&times(&script)[1]), "{:?}", times(&script));
    for sending in unpolled {
        sending.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_centuries_is_not_an_overflow() {
    let script = Script::new([limited(Step::queued(), 0, u64::MAX), Step::queued()]);
    let client = Client::builder().transport(script.clone()).deadline(Duration::MAX).build().unwrap();
    broadcast().send(&client).await.unwrap();
    let waiting = tokio::time::timeout(seconds(600), broadcast().send(&client));
    waiting.await.unwrap().unwrap();
    // Until the facts expire.
    assert_eq!(script.attempts()[1].time.as_secs(), 300);
}

#[tokio::test(start_paused = true)]
async fn the_wait_counts_against_the_deadline() {
    let script = Script::new([limited(Step::queued(), 0, 5), Step::NoResponse]);
    let client = Client::builder().transport(script.clone()).deadline(seconds(12)).retry(RetryPolicy::none());
    let client = client.build().unwrap();
    broadcast().send(&client).await.unwrap();
    let started = tokio::time::Instant::now();
    let error = broadcast().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.to_string().contains("`deadline` of 12 s"), "{error}");
    assert_eq!(started.elapsed().as_secs(), 12);
}

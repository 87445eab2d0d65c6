//! Retries of bulks and broadcasts, each of which costs 100 events of the rate limit, whatever its size.

use teleflow::{Broadcast, Bulk, ErrorKind, Event, Fate};

use super::script::{Script, Step};

pub const FREE_POLICY: &str =
    r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
const BUSINESS_POLICY: &str =
    r#"600;w=1;burst=660;comment="token bucket";category="trigger";cost="single";serviceLevel="business""#;

fn broadcast() -> Broadcast<teleflow::Untyped<serde_json::Value>> {
    Broadcast::untyped("welcome", serde_json::json!({}))
}

fn bulk(events: u32) -> Bulk {
    (0..events).map(|n| Event::untyped("welcome", serde_json::json!({"n": n})).to("ada")).collect()
}

fn results(events: usize) -> Step {
    let one = r#"{"acknowledged":true,"status":"processed"}"#;
    Step::status(201).body(&format!(r#"{{"data":[{}]}}"#, vec![one; events].join(",")))
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_without_a_response_is_not_retried_if_no_key_was_ever_echoed() {
    for step in [Step::ConnectionReset, Step::NoResponse, Step::status(502), Step::status(408)] {
        let script = Script::new([step, Step::queued()]);
        let error = broadcast().send(&script.client()).await.unwrap_err();
        assert_eq!((script.attempt_count(), error.fate()), (1, Fate::Unknown), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_without_a_response_is_retried_if_a_key_was_echoed_before() {
    let script = Script::new([Step::queued().echo(), Step::ConnectionReset, Step::queued().echo()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    let receipt = broadcast().send(&client).await.unwrap();
    assert_eq!(receipt.attempts(), 2);
    assert_eq!(script.attempts()[1].key, script.attempts()[2].key);
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_that_never_connected_is_retried() {
    let script = Script::new([Step::ConnectionRefused, Step::queued()]);
    assert_eq!(broadcast().send(&script.client()).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_request_of_a_bulk_is_retried_under_its_own_key() {
    let script = Script::new([Step::ConnectionReset, results(100), Step::status(503), results(50)]);
    let report = bulk(150).send(&script.client()).await;
    assert!(report.all_queued(), "{report:?}");
    let keys: Vec<_> = script.attempts().into_iter().map(|attempt| attempt.key.unwrap()).collect();
    assert!(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2], "{keys:?}");
    assert_eq!(report.get(0).unwrap().as_ref().unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_request_of_a_bulk_has_its_own_deadline() {
    let wait_and_retry = || Step::status(429).header("retry-after", "20");
    let script = Script::new([wait_and_retry(), results(100), wait_and_retry(), results(50)]);
    assert!(bulk(150).send(&script.client()).await.all_queued());
    // Jitter adds up to one second to each wait.
    assert!((40..=42).contains(&script.attempts()[3].time.as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_bulk_above_the_burst_is_sent_as_single_events() {
    let refused = Step::status(429).header("ratelimit-policy", FREE_POLICY).header("retry-after", "3");
    let script = Script::new([refused, Step::queued()]);
    let client = script.client();
    let report = bulk(3).send(&client).await;
    assert!(report.all_queued(), "{report:?}");
    let paths: Vec<_> = script.attempts().into_iter().map(|attempt| attempt.path).collect();
    assert_eq!(paths[0], "/v1/events/trigger/bulk");
    assert!(paths[1..].iter().all(|path| path == "/v1/events/trigger") && paths.len() == 4, "{paths:?}");
    let attempts = script.attempts();
    for (n, single) in attempts[1..].iter().enumerate() {
        assert!(attempts[0].body.contains(&single.body), "the same bytes, with the same transaction id");
        assert!(single.body.contains(&format!(r#"{{"n":{n}}}"#)));
    }

    // The client remembers the policy and does not try a second bulk.
    assert!(bulk(2).send(&client).await.all_queued());
    assert!(script.attempts()[4..].iter().all(|attempt| attempt.path == "/v1/events/trigger"));
}

#[tokio::test(start_paused = true)]
async fn a_rate_policy_is_read_from_every_response() {
    let script = Script::new([Step::queued().header("ratelimit-policy", FREE_POLICY)]);
    let client = script.client();
    Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    assert!(bulk(2).send(&client).await.all_queued());
    assert!(script.attempts().iter().all(|attempt| attempt.path == "/v1/events/trigger"));

    let attempts = script.attempt_count();
    let error = broadcast().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::RateLimited, Fate::NotQueued, 0));
    assert!(error.to_string().contains("66"), "{error}");
    assert_eq!(script.attempt_count(), attempts, "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_above_the_burst_fails_at_once() {
    let script = Script::new([Step::status(429).header("ratelimit-policy", FREE_POLICY).header("retry-after", "3")]);
    let client = script.client();
    let stored = broadcast().into_request().unwrap();
    let first = broadcast().send(&client).await.unwrap_err();
    let second = broadcast().send(&client).await.unwrap_err();
    let third = client.send(stored).await.into_result().unwrap_err();
    let statuses_and_attempts = [&first, &second, &third].map(|error| (error.http_status(), error.attempts()));
    assert_eq!(statuses_and_attempts, [(Some(429), 1), (None, 0), (None, 0)]);
    for error in [first, second, third] {
        assert_eq!((error.kind(), error.fate()), (ErrorKind::RateLimited, Fate::NotQueued), "{error}");
        assert_eq!(error.retry_after(), None, "{error}");
        assert!(error.to_string().contains("never has more than 66"), "{error}");
    }
    assert_eq!(script.attempt_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stored_bulk_above_the_burst_is_sent_as_single_events() {
    let refused = Step::status(429).header("ratelimit-policy", FREE_POLICY).header("retry-after", "3");
    let stored = serde_json::to_string(&bulk(3).into_request().unwrap()).unwrap();
    let restored = || serde_json::from_str::<teleflow::Request>(&stored).unwrap();
    let script = Script::new([refused, Step::queued()]);
    let client = script.client();
    // The server refuses the first bulk. The second is sent as single events at once.
    for bulk_attempts in [1, 0] {
        let before = script.attempt_count();
        let receipts = client.send(restored()).await.into_result().unwrap();
        let singles = script.attempts().split_off(before + bulk_attempts);
        assert_eq!((receipts.len(), singles.len()), (3, 3));
        for (n, (single, (receipt, id))) in
            singles.iter().zip(receipts.iter().zip(restored().transaction_ids())).enumerate()
        {
            assert_eq!((single.path.as_str(), receipt.transaction_id()), ("/v1/events/trigger", id));
            let body: serde_json::Value = serde_json::from_str(&single.body).unwrap();
            assert_eq!((&body["payload"]["n"], body["transactionId"].as_str()), (&n.into(), Some(id.as_str())));
            assert!(std::str::from_utf8(restored().body()).unwrap().contains(&single.body), "the same bytes");
        }
    }
    // A stored bulk that is sent twice makes the same requests, under the same keys, twice.
    let keys: Vec<_> = script.attempts().into_iter().skip(1).map(|attempt| attempt.key.unwrap()).collect();
    assert_eq!(keys[..3], keys[3..]);
    assert!(keys[0] != keys[1] && keys[1] != keys[2]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_policy_expires_after_five_minutes() {
    let limited = Step::queued().header("ratelimit-policy", FREE_POLICY);
    let script = Script::new([limited, Step::queued()]);
    let client = script.client();
    Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    tokio::time::advance(std::time::Duration::from_secs(299)).await;
    assert_eq!(broadcast().send(&client).await.unwrap_err().attempts(), 0);
    assert!(bulk(1).send(&client).await.all_queued());
    assert_eq!(script.attempts().last().unwrap().path, "/v1/events/trigger");
    // The plan may have been upgraded, so the client tries a broadcast.
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    broadcast().send(&client).await.unwrap();
    assert_eq!(script.attempts().last().unwrap().path, "/v1/events/trigger/broadcast");
}

#[tokio::test(start_paused = true)]
async fn a_larger_rate_policy_replaces_a_smaller_one_at_once() {
    let steps = [FREE_POLICY, BUSINESS_POLICY].map(|policy| Step::queued().header("ratelimit-policy", policy));
    let script = Script::new(steps.into_iter().chain([Step::queued()]));
    let client = script.client();
    for _ in 0..2 {
        Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    }
    broadcast().send(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_bulk_within_the_burst_waits_for_retry_after() {
    let busy = Step::status(429).header("ratelimit-policy", BUSINESS_POLICY).header("retry-after", "1");
    let script = Script::new([busy, results(2)]);
    assert!(bulk(2).send(&script.client()).await.all_queued());
    assert!(script.attempts().iter().all(|attempt| attempt.path == "/v1/events/trigger/bulk"));
}

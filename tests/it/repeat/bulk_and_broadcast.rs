//! The rules for what costs 100, whatever its size.

use teleflow::{Broadcast, Bulk, ErrorKind, Event, Fate};

use super::script::{Script, Step};

pub const FREE: &str = r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
const BUSINESS: &str =
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
async fn an_unanswered_broadcast_is_not_repeated_where_no_key_was_ever_echoed() {
    for step in [Step::Broken, Step::Silence, Step::status(502), Step::status(408)] {
        let script = Script::new([step, Step::queued()]);
        let error = broadcast().send(&script.client()).await.unwrap_err();
        assert_eq!((script.attempts(), error.fate()), (1, Fate::Unknown), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unanswered_broadcast_is_repeated_once_the_server_has_shown_that_it_acts_on_keys() {
    let script = Script::new([Step::queued().echo(), Step::Broken, Step::queued().echo()]);
    let client = script.client();
    broadcast().send(&client).await.unwrap();
    let receipt = broadcast().send(&client).await.unwrap();
    assert_eq!(receipt.attempts(), 2);
    assert_eq!(script.seen()[1].key, script.seen()[2].key);
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_that_never_left_is_repeated() {
    let script = Script::new([Step::Refused, Step::queued()]);
    assert_eq!(broadcast().send(&script.client()).await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_request_of_a_bulk_is_repeated_under_its_own_key() {
    let script = Script::new([Step::Broken, results(100), Step::status(503), results(50)]);
    let report = bulk(150).send(&script.client()).await;
    assert!(report.all_queued(), "{report:?}");
    let keys: Vec<_> = script.seen().into_iter().map(|attempt| attempt.key.unwrap()).collect();
    assert!(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2], "{keys:?}");
    assert_eq!(report.get(0).unwrap().as_ref().unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_for_each_request_of_a_bulk() {
    let ask = || Step::status(429).header("retry-after", "20");
    let script = Script::new([ask(), results(100), ask(), results(50)]);
    assert!(bulk(150).send(&script.client()).await.all_queued());
    // Both waits are longer by chance, by up to a second.
    assert!((40..=42).contains(&script.seen()[3].after.as_secs()));
}

#[tokio::test(start_paused = true)]
async fn a_bulk_that_no_plan_can_carry_goes_as_single_events() {
    let refused = Step::status(429).header("ratelimit-policy", FREE).header("retry-after", "3");
    let script = Script::new([refused, Step::queued()]);
    let client = script.client();
    let report = bulk(3).send(&client).await;
    assert!(report.all_queued(), "{report:?}");
    let paths: Vec<_> = script.seen().into_iter().map(|attempt| attempt.path).collect();
    assert_eq!(paths[0], "/v1/events/trigger/bulk");
    assert!(paths[1..].iter().all(|path| path == "/v1/events/trigger") && paths.len() == 4, "{paths:?}");
    let seen = script.seen();
    for (n, single) in seen[1..].iter().enumerate() {
        assert!(seen[0].body.contains(&single.body), "the same bytes, with the same transaction id");
        assert!(single.body.contains(&format!(r#"{{"n":{n}}}"#)));
    }

    // What is known is not asked again.
    assert!(bulk(2).send(&client).await.all_queued());
    assert!(script.seen()[4..].iter().all(|attempt| attempt.path == "/v1/events/trigger"));
}

#[tokio::test(start_paused = true)]
async fn a_policy_seen_on_any_answer_is_enough() {
    let script = Script::new([Step::queued().header("ratelimit-policy", FREE)]);
    let client = script.client();
    Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    assert!(bulk(2).send(&client).await.all_queued());
    assert!(script.seen().iter().all(|attempt| attempt.path == "/v1/events/trigger"));

    let attempts = script.attempts();
    let error = broadcast().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::RateLimited, Fate::NotQueued, 0));
    assert!(error.to_string().contains("66"), "{error}");
    assert_eq!(script.attempts(), attempts, "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_that_no_plan_can_carry_is_not_waited_for() {
    let script = Script::new([Step::status(429).header("ratelimit-policy", FREE).header("retry-after", "3")]);
    let client = script.client();
    let stored = broadcast().into_request().unwrap();
    let first = broadcast().send(&client).await.unwrap_err();
    let second = broadcast().send(&client).await.unwrap_err();
    let third = client.send(stored).await.into_result().unwrap_err();
    let seen = [&first, &second, &third].map(|error| (error.http_status(), error.attempts()));
    assert_eq!(seen, [(Some(429), 1), (None, 0), (None, 0)]);
    for error in [first, second, third] {
        assert_eq!((error.kind(), error.fate()), (ErrorKind::RateLimited, Fate::NotQueued), "{error}");
        assert_eq!(error.retry_after(), None, "{error}");
        assert!(error.to_string().contains("never has more than 66"), "{error}");
    }
    assert_eq!(script.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stored_bulk_that_no_plan_can_carry_goes_as_single_events() {
    let refused = Step::status(429).header("ratelimit-policy", FREE).header("retry-after", "3");
    let stored = serde_json::to_string(&bulk(3).into_request().unwrap()).unwrap();
    let restored = || serde_json::from_str::<teleflow::Request>(&stored).unwrap();
    let script = Script::new([refused, Step::queued()]);
    let client = script.client();
    // The first is refused, the second is not asked about.
    for first in [1, 0] {
        let before = script.attempts();
        let receipts = client.send(restored()).await.into_result().unwrap();
        let seen = script.seen().split_off(before + first);
        assert_eq!((receipts.len(), seen.len()), (3, 3));
        for (n, (single, (receipt, id))) in
            seen.iter().zip(receipts.iter().zip(restored().transaction_ids())).enumerate()
        {
            assert_eq!((single.path.as_str(), receipt.transaction_id()), ("/v1/events/trigger", id));
            let body: serde_json::Value = serde_json::from_str(&single.body).unwrap();
            assert_eq!((&body["payload"]["n"], body["transactionId"].as_str()), (&n.into(), Some(id.as_str())));
            assert!(std::str::from_utf8(restored().body()).unwrap().contains(&single.body), "the same bytes");
        }
    }
    // Sent twice, it makes the same requests twice, as a request that is stored should.
    let keys: Vec<_> = script.seen().into_iter().skip(1).map(|attempt| attempt.key.unwrap()).collect();
    assert_eq!(keys[..3], keys[3..]);
    assert!(keys[0] != keys[1] && keys[1] != keys[2]);
}

#[tokio::test(start_paused = true)]
async fn what_was_learned_of_a_plan_expires_after_five_minutes() {
    let limited = Step::queued().header("ratelimit-policy", FREE);
    let script = Script::new([limited, Step::queued()]);
    let client = script.client();
    Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    tokio::time::advance(std::time::Duration::from_secs(299)).await;
    assert_eq!(broadcast().send(&client).await.unwrap_err().attempts(), 0);
    assert!(bulk(1).send(&client).await.all_queued());
    assert_eq!(script.seen().last().unwrap().path, "/v1/events/trigger");
    // The plan was upgraded, and no response has told: it is tried.
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    broadcast().send(&client).await.unwrap();
    assert_eq!(script.seen().last().unwrap().path, "/v1/events/trigger/broadcast");
}

#[tokio::test(start_paused = true)]
async fn a_larger_policy_takes_the_place_of_a_smaller_one_at_once() {
    let steps = [FREE, BUSINESS].map(|policy| Step::queued().header("ratelimit-policy", policy));
    let script = Script::new(steps.into_iter().chain([Step::queued()]));
    let client = script.client();
    for _ in 0..2 {
        Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap();
    }
    broadcast().send(&client).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_large_plan_is_waited_for() {
    let busy = Step::status(429).header("ratelimit-policy", BUSINESS).header("retry-after", "1");
    let script = Script::new([busy, results(2)]);
    assert!(bulk(2).send(&script.client()).await.all_queued());
    assert!(script.seen().iter().all(|attempt| attempt.path == "/v1/events/trigger/bulk"));
}

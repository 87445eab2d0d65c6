//! The rules for what costs 100, whatever its size.

use teleflow::{Broadcast, Bulk, ErrorKind, Event, Fate};

use super::script::{Script, Step};

const FREE: &str = r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
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
    assert_eq!(script.seen()[3].after.as_secs(), 40);
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
    let error = broadcast().send(&script.client()).await.unwrap_err();
    assert_eq!((error.kind(), script.attempts()), (ErrorKind::RateLimited, 1));
}

#[tokio::test(start_paused = true)]
async fn a_large_plan_is_waited_for() {
    let busy = Step::status(429).header("ratelimit-policy", BUSINESS).header("retry-after", "1");
    let script = Script::new([busy, results(2)]);
    assert!(bulk(2).send(&script.client()).await.all_queued());
    assert!(script.seen().iter().all(|attempt| attempt.path == "/v1/events/trigger/bulk"));
}

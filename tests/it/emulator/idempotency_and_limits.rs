//! Idempotency keys, rate limits, the worker and invalid input of the emulator, beyond the conformance corpus.

use std::time::Duration;

use serde_json::json;
use teleflow::transport::{Response, Transport};
use teleflow::{Broadcast, Event, Request, Topic};
use teleflow_emulator::{Emulator, ProcessedJob, RateLimit, Seeds, Workflow};

fn emulator() -> Emulator {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    emulator
}

fn request() -> Request {
    Event::untyped("welcome", json!({})).to("ada").into_request().unwrap()
}

async fn attempt(emulator: &Emulator, request: &Request) -> Response {
    emulator.attempt(request).await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

#[tokio::test]
async fn a_response_is_replayed_for_a_day() {
    let emulator = emulator();
    let request = request();
    let first = attempt(&emulator, &request).await;
    assert_eq!(header(&first, "idempotency-key"), request.idempotency_key());
    assert_eq!(header(&first, "idempotency-replay"), None);

    emulator.advance(Duration::from_secs(24 * 60 * 60 - 1));
    let replayed = attempt(&emulator, &request).await;
    assert_eq!(header(&replayed, "idempotency-replay"), Some("true"));
    assert_eq!(replayed.body(), first.body());
    assert_eq!(emulator.run_worker().len(), 1);

    emulator.advance(Duration::from_secs(2));
    assert_eq!(header(&attempt(&emulator, &request).await, "idempotency-replay"), None);
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn a_failure_to_queue_is_replayed_with_another_body() {
    let emulator = emulator();
    emulator.fail_queue(true);
    let request = request();
    let first = attempt(&emulator, &request).await;
    assert_eq!(
        (first.status(), first.body().as_ref()),
        (500, br#"{"statusCode":500,"message":"Internal server error"}"#.as_slice())
    );
    emulator.fail_queue(false);
    let replayed = attempt(&emulator, &request).await;
    assert_eq!(
        (replayed.status(), replayed.body().as_ref()),
        (500, br#"{"message":"Internal Server Error","statusCode":500}"#.as_slice())
    );
    assert!(emulator.jobs().is_empty());
}

#[tokio::test]
async fn without_idempotency_a_duplicate_is_queued_and_the_worker_drops_it() {
    let emulator = emulator();
    emulator.idempotency(false);
    let request = request();
    for _ in 0..2 {
        assert_eq!(header(&attempt(&emulator, &request).await, "idempotency-key"), None);
    }
    assert_eq!(emulator.jobs().len(), 2);
    let processed = emulator.run_worker();
    assert_eq!(processed.iter().map(|job| job.error().is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(emulator.notifications().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_bucket_is_refilled_by_the_emulators_clock() {
    let emulator = emulator();
    emulator.rate_limit(RateLimit::Free);
    for left in (0..66).rev() {
        let response = attempt(&emulator, &request()).await;
        assert_eq!(header(&response, "ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let rejected = attempt(&emulator, &request()).await;
    assert_eq!((rejected.status(), header(&rejected, "retry-after")), (429, Some("1")));
    emulator.advance(Duration::from_secs(1));
    assert_eq!(attempt(&emulator, &request()).await.status(), 201);

    let broadcast = Broadcast::untyped("welcome", json!({})).into_request().unwrap();
    for _ in 0..3 {
        assert_eq!(
            attempt(&emulator, &broadcast).await.status(),
            429,
            "it costs more tokens than the bucket has room for"
        );
        emulator.advance(Duration::from_secs(10));
    }
    emulator.rate_limit(RateLimit::Off);
    assert_eq!(attempt(&emulator, &broadcast).await.status(), 201, "a 429 does not use the idempotency key");
}

#[tokio::test]
async fn topics_are_expanded_without_the_actor_and_the_listed_subscribers() {
    let emulator = emulator();
    emulator.topic("staff", ["ada", "grace", "linus"]).topic("board", ["grace", "edsger"]);
    let recipients = vec![teleflow::Recipient::from("ada"), Topic::new("staff").into(), Topic::new("board").into()];
    let event = Event::untyped("welcome", json!({})).to(recipients).actor("linus").into_request().unwrap();
    attempt(&emulator, &event).await;
    let processed = emulator.run_worker();
    let notified: Vec<String> = processed.iter().flat_map(ProcessedJob::subscriber_ids).collect();
    assert_eq!(notified, ["ada", "grace", "edsger"]);
}

#[tokio::test]
async fn a_broadcast_reaches_all_subscribers() {
    let emulator = emulator();
    emulator.subscriber("ada");
    attempt(&emulator, &request()).await;
    let grace = Event::untyped("welcome", json!({})).to("grace").into_request().unwrap();
    attempt(&emulator, &grace).await;
    emulator.run_worker();
    attempt(&emulator, &Broadcast::untyped("welcome", json!({})).into_request().unwrap()).await;
    let processed = emulator.run_worker();
    assert_eq!(processed[0].subscriber_ids().collect::<Vec<_>>(), ["ada", "grace"]);
}

#[tokio::test]
async fn a_long_body_is_compressed_if_the_request_accepts_it() {
    let emulator = emulator();
    let event = json!({ "name": "welcome", "to": "ada", "payload": {} });
    let body = json!({ "events": vec![event; 50] }).to_string();
    for (accepted, coding) in [("gzip, deflate, br", Some("gzip")), ("deflate", Some("deflate")), ("br", None)] {
        let request = http::Request::post("/v1/events/trigger/bulk")
            .header("authorization", "ApiKey test-key")
            .header("content-type", "application/json")
            .header("accept-encoding", accepted);
        let response = emulator.answer(request.body(body.clone().into()).unwrap()).await;
        assert_eq!(response.headers().get("content-encoding").map(|coding| coding.to_str().unwrap()), coding);
        assert_eq!(response.headers()["vary"], "Accept-Encoding");
    }
}

/// SplitMix64, a reproducible source of random numbers.
struct RandomNumbers(u64);

impl RandomNumbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed ^ (mixed >> 27)) >> 8).unwrap() % bound
    }
}

/// Sends the bodies of the corpus with random damage.
#[tokio::test]
async fn damaged_requests_do_not_make_the_emulator_panic() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).unwrap();
    let emulator = Emulator::from_seeds(Seeds::from_json(&read("seeds.json")).unwrap()).with_admin_paths(true);
    let pieces = [
        "null",
        "[]",
        "{}",
        "-1",
        "1e308",
        "\"\"",
        "\"\u{e9}\u{1F600}\"",
        "true",
        "[[",
        "{\"length\":-1}",
        "\\u0000",
        "\"__proto__\":1,",
    ];
    let mut random = RandomNumbers(1);
    for line in read("corpus.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let body = line["body"].to_string();
        for _ in 0..20 {
            let mut damaged = body.clone().into_bytes();
            let at = random.below(damaged.len());
            match random.below(3) {
                0 => drop(damaged.drain(at..(at + 1 + random.below(8)).min(damaged.len()))),
                1 => damaged[at] = u8::try_from(random.below(256)).unwrap(),
                _ => drop(damaged.splice(at..at, pieces[random.below(pieces.len())].bytes())),
            }
            let endpoints =
                ["/v1/events/trigger", "/v1/events/trigger/bulk", "/v1/events/trigger/broadcast", "/__expand"];
            let types = [
                "application/json",
                "application/json",
                "application/json; charset=utf-16le",
                "application/x-www-form-urlencoded",
            ];
            let request = http::Request::post(endpoints[random.below(endpoints.len())])
                .header("authorization", "ApiKey test-key")
                .header("content-type", types[random.below(types.len())]);
            let response = emulator.answer(request.body(damaged.into()).unwrap()).await;
            assert!((200..=500).contains(&response.status().as_u16()));
        }
    }
    assert!(!emulator.jobs().is_empty());
    emulator.run_worker();
    assert!(!emulator.notifications().is_empty());
}

//! The emulator's rules about keys, limits and the worker, beyond what the corpus holds.

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
async fn an_answer_is_replayed_for_a_day() {
    let emulator = emulator();
    let request = request();
    let first = attempt(&emulator, &request).await;
    assert_eq!(header(&first, "idempotency-key"), request.idempotency_key());
    assert_eq!(header(&first, "idempotency-replay"), None);

    emulator.advance(Duration::from_secs(24 * 60 * 60 - 1));
    let replayed = attempt(&emulator, &request).await;
    assert_eq!(header(&replayed, "idempotency-replay"), Some("true"));
    assert_eq!(replayed.body(), first.body());
    assert_eq!(emulator.jobs().len(), 1);

    emulator.advance(Duration::from_secs(2));
    assert_eq!(header(&attempt(&emulator, &request).await, "idempotency-replay"), None);
    assert_eq!(emulator.jobs().len(), 2);
}

#[tokio::test]
async fn a_failure_to_queue_is_replayed_in_another_form() {
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
async fn without_the_cache_a_repeat_is_queued_again_and_the_worker_drops_it() {
    let emulator = emulator();
    emulator.idempotency(false);
    let request = request();
    for _ in 0..2 {
        assert_eq!(header(&attempt(&emulator, &request).await, "idempotency-key"), None);
    }
    assert_eq!(emulator.jobs().len(), 2);
    let work = emulator.run_worker();
    assert_eq!(work.iter().map(|work| work.error().is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(emulator.notifications().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_empties_and_fills_with_the_clock() {
    let emulator = emulator();
    emulator.rate_limit(RateLimit::Free);
    for left in (0..66).rev() {
        let response = attempt(&emulator, &request()).await;
        assert_eq!(header(&response, "ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let refused = attempt(&emulator, &request()).await;
    assert_eq!((refused.status(), header(&refused, "retry-after")), (429, Some("1")));
    emulator.advance(Duration::from_secs(1));
    assert_eq!(attempt(&emulator, &request()).await.status(), 201);

    let broadcast = Broadcast::untyped("welcome", json!({})).into_request().unwrap();
    for _ in 0..3 {
        assert_eq!(attempt(&emulator, &broadcast).await.status(), 429, "it costs more than the bucket holds");
        emulator.advance(Duration::from_secs(10));
    }
    emulator.rate_limit(RateLimit::Off);
    assert_eq!(attempt(&emulator, &broadcast).await.status(), 201, "its key was never used");
}

#[tokio::test]
async fn topics_leave_out_the_actor_and_those_named_singly() {
    let emulator = emulator();
    emulator.topic("staff", ["ada", "grace", "linus"]).topic("board", ["grace", "edsger"]);
    let recipients = vec![teleflow::Recipient::from("ada"), Topic::new("staff").into(), Topic::new("board").into()];
    let event = Event::untyped("welcome", json!({})).to(recipients).actor("linus").into_request().unwrap();
    attempt(&emulator, &event).await;
    let work = emulator.run_worker();
    let reached: Vec<String> = work.iter().flat_map(ProcessedJob::subscriber_ids).collect();
    assert_eq!(reached, ["ada", "grace", "edsger"]);
}

#[tokio::test]
async fn a_broadcast_reaches_everybody_known_so_far() {
    let emulator = emulator();
    emulator.subscriber("ada");
    attempt(&emulator, &request()).await;
    let grace = Event::untyped("welcome", json!({})).to("grace").into_request().unwrap();
    attempt(&emulator, &grace).await;
    emulator.run_worker();
    attempt(&emulator, &Broadcast::untyped("welcome", json!({})).into_request().unwrap()).await;
    let work = emulator.run_worker();
    assert_eq!(work[0].subscriber_ids().collect::<Vec<_>>(), ["ada", "grace"]);
}

#[tokio::test]
async fn a_long_answer_is_compressed_for_those_who_ask() {
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

/// SplitMix64, to break things in the same way every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        usize::try_from((mixed ^ (mixed >> 27)) >> 8).unwrap() % bound
    }
}

/// What stands in the bodies of the corpus, broken in many ways, brings neither the API nor the worker down.
#[tokio::test]
async fn nothing_that_is_sent_makes_it_panic() {
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
    let mut chance = Chance(1);
    for line in read("corpus.jsonl").lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let body = line["body"].to_string();
        for _ in 0..20 {
            let mut broken = body.clone().into_bytes();
            let at = chance.below(broken.len());
            match chance.below(3) {
                0 => drop(broken.drain(at..(at + 1 + chance.below(8)).min(broken.len()))),
                1 => broken[at] = u8::try_from(chance.below(256)).unwrap(),
                _ => drop(broken.splice(at..at, pieces[chance.below(pieces.len())].bytes())),
            }
            let endpoints =
                ["/v1/events/trigger", "/v1/events/trigger/bulk", "/v1/events/trigger/broadcast", "/__expand"];
            let types = [
                "application/json",
                "application/json",
                "application/json; charset=utf-16le",
                "application/x-www-form-urlencoded",
            ];
            let request = http::Request::post(endpoints[chance.below(endpoints.len())])
                .header("authorization", "ApiKey test-key")
                .header("content-type", types[chance.below(types.len())]);
            let response = emulator.answer(request.body(broken.into()).unwrap()).await;
            assert!((200..=500).contains(&response.status().as_u16()));
        }
    }
    assert!(!emulator.jobs().is_empty());
    emulator.run_worker();
    assert!(!emulator.notifications().is_empty());
}

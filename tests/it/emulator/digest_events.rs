//! Which events a digest contains, in cases that were not recorded. They follow from the server's queries.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, InApp};

/// An emulator with a workflow of these delays and digests, and an in-app step that prints the ids of the events.
fn emulator(steps: &[(&str, Value)]) -> Emulator {
    let step = |kind: &str, metadata: &Value, content: &str| {
        let template = json!({ "type": kind, "content": content, "variables": [] });
        json!({ "active": true, "metadata": metadata, "template": template })
    };
    let mut steps: Vec<Value> = steps.iter().map(|(kind, metadata)| step(kind, metadata, "")).collect();
    let content = "{{#if step.digest}}{{#each step.events}}{{id}} {{/each}}{{else}}alone {{id}}{{/if}}";
    steps.push(step("in_app", &json!({}), content));
    let emulator = Emulator::new();
    let document = json!({
        "_id": "65f000000000000000000001", "name": "Flow", "active": true, "steps": steps,
        "triggers": [{ "type": "event", "identifier": "flow", "variables": [] }],
    });
    emulator.workflow_document(document).unwrap();
    emulator
}

/// Sends events at these seconds. Returns the contents of all messages, in order.
async fn contents(emulator: &Emulator, events: &[(u64, Value)]) -> Vec<String> {
    let mut passed = 0;
    for (at, payload) in events {
        emulator.advance(Duration::from_secs(at - passed));
        passed = *at;
        let event = json!({ "name": "flow", "to": "ada", "payload": payload }).to_string();
        let request = http::Request::post("/v1/events/trigger")
            .header("authorization", "ApiKey test-key")
            .header("content-type", "application/json");
        assert_eq!(emulator.answer(request.body(event.into()).unwrap()).await.status(), 201);
    }
    emulator.advance_to_idle();
    let messages = emulator.messages();
    let contents = messages.iter().filter_map(|message| message.in_app().map(InApp::content));
    contents.map(|content| content.trim().to_owned()).collect()
}

fn backoff() -> Value {
    json!({ "type": "regular", "amount": 5, "unit": "minutes", "backoff": true, "backoffAmount": 1, "backoffUnit": "minutes" })
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_sent_alone_appears_again_in_the_digest_that_is_open() {
    let events = [(0, json!({ "id": "a" })), (10, json!({ "id": "b" })), (120, json!({ "id": "c" }))];
    for (merged_ids, digest) in [(false, "b c"), (true, "b")] {
        let emulator = emulator(&[("digest", backoff())]);
        emulator.merged_digest_ids(merged_ids);
        assert_eq!(contents(&emulator, &events).await, ["alone a", "alone c", digest]);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_events_in_a_delay_the_first_is_not_digested() {
    let delay = json!({ "type": "regular", "amount": 30, "unit": "seconds" });
    let emulator = emulator(&[("delay", delay), ("digest", backoff())]);
    let events = [(0, json!({ "id": "a" })), (10, json!({ "id": "b" }))];
    assert_eq!(contents(&emulator, &events).await, ["alone a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_digest_contains_no_event_that_still_waits_in_a_delay() {
    let delay = json!({ "type": "scheduled", "delayPath": "at" });
    let digest = json!({ "type": "regular", "amount": 1, "unit": "minutes" });
    let emulator = emulator(&[("delay", delay), ("digest", digest)]);
    let start = emulator.now();
    let at = |seconds: u64| {
        let at = start + Duration::from_secs(seconds);
        let millis = at.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        format!("{:.3}", jiff::Timestamp::from_millisecond(millis.try_into().unwrap()).unwrap())
    };
    // The second event joins the digest of the first, and appears again in the digest of the third, which waits longer.
    let events = [
        (0, json!({ "id": "a", "at": at(30) })),
        (1, json!({ "id": "b", "at": at(80) })),
        (2, json!({ "id": "c", "at": at(100) })),
    ];
    assert_eq!(contents(&emulator, &events).await, ["a b", "c b"]);
}

#[tokio::test(start_paused = true)]
async fn events_with_an_object_at_the_digest_key_are_merged_and_then_lost() {
    let digest = json!({ "type": "regular", "amount": 5, "unit": "minutes", "digestKey": "post" });
    let events = [
        (0, json!({ "id": "a", "post": { "id": 1 } })),
        (10, json!({ "id": "b", "post": { "id": 1 } })),
        (20, json!({ "id": "c", "post": { "id": 2 } })),
    ];
    for (merged_ids, first) in [(false, "a"), (true, "a b")] {
        let emulator = emulator(&[("digest", digest.clone())]);
        emulator.merged_digest_ids(merged_ids);
        assert_eq!(contents(&emulator, &events).await, [first, "c"]);
    }
}

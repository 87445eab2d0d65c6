//! Delays and digests over time, compared with the recorded worker.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use teleflow_emulator::{Emulator, Workflow};

/// Runs that differ from the recording, each with the reason.
const KNOWN_DIFFERENCES: [(&str, &str); 2] = [
    (
        "run/delay-scheduled-past",
        "the real server leaves the delay pending; the test database of the recording cancelled it",
    ),
    ("run/first-fails-next-runs", "the emulator does not render templates, so none fails"),
];

/// The start of every recorded run.
const START: &str = "2024-06-05T10:00:00Z";

fn recorded(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// An emulator with a workflow `flow` of these steps, each `{type, active, metadata?}`.
fn emulator(steps: &[Value]) -> Emulator {
    let step = |step: &Value| {
        let template = json!({ "type": step["type"], "variables": [] });
        json!({ "active": step["active"], "metadata": step["metadata"], "template": template })
    };
    let document = json!({
        "_id": "65f000000000000000000001", "name": "Flow", "active": true,
        "triggers": [{ "type": "event", "identifier": "flow", "variables": [] }],
        "steps": steps.iter().map(step).collect::<Vec<_>>(),
    });
    let emulator = Emulator::new();
    emulator.workflow_document(document).unwrap();
    emulator
}

async fn trigger(emulator: &Emulator, event: Value) {
    let request = http::Request::post("/v1/events/trigger")
        .header("authorization", "ApiKey test-key")
        .header("content-type", "application/json");
    let response = emulator.answer(request.body(event.to_string().into()).unwrap()).await;
    assert_eq!(response.status(), 201, "{event}");
    emulator.run_worker();
}

async fn send(emulator: &Emulator, request: http::request::Builder) -> Value {
    let request = request.header("authorization", "ApiKey test-key").body(Vec::new().into()).unwrap();
    serde_json::from_slice(emulator.answer(request).await.body()).unwrap()
}

/// The notification of a transaction from `GET /v1/notifications`, `null` if there is none.
async fn notification(emulator: &Emulator, transaction_id: &str) -> Value {
    let target = format!("/v1/notifications?transactionId={transaction_id}");
    send(emulator, http::Request::get(target)).await["data"][0].clone()
}

async fn cancel(emulator: &Emulator, transaction_id: &str) -> Value {
    send(emulator, http::Request::delete(format!("/v1/events/trigger/{transaction_id}"))).await["data"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn instant(value: &Value) -> Timestamp {
    text(value).parse().unwrap()
}

/// Replays a run. Returns the result in the format of the recordings.
async fn replay(run: &Value) -> Value {
    let triggers = run["triggers"].as_array().unwrap();
    let emulator = emulator(run["steps"].as_array().unwrap());
    // Recorded dates are relative to the start of the run. The time of a notification gives the current time.
    emulator.workflow(Workflow::new("clock"));
    trigger(&emulator, json!({ "name": "clock", "to": "clock", "transactionId": "clock" })).await;
    let now = instant(&notification(&emulator, "clock").await["createdAt"]);
    let mut passed = 0;
    for event in triggers {
        let at = event["at"].as_u64().unwrap();
        emulator.advance(Duration::from_secs(at - passed));
        passed = at;
        let mut payload = event["payload"].clone();
        if let Some(date) = payload.get_mut("at") {
            *date = format!("{:.3}", now + (instant(date) - START.parse::<Timestamp>().unwrap())).into();
        }
        let (id, subscriber) = (&event["transactionId"], &event["subscriberId"]);
        trigger(&emulator, json!({ "name": "flow", "to": subscriber, "payload": payload, "transactionId": id })).await;
    }
    emulator.advance(Duration::from_secs(24 * 60 * 60));

    let mut start = None;
    let (mut statuses, mut details, mut sent) = (json!({}), json!({}), Vec::new());
    for event in triggers {
        let id = text(&event["transactionId"]);
        let notification = notification(&emulator, id).await;
        let created = instant(&notification["createdAt"]).as_millisecond();
        let start = *start.get_or_insert(created - event["at"].as_i64().unwrap() * 1000);
        for job in notification["jobs"].as_array().unwrap() {
            let kind = text(&job["type"]);
            push(&mut statuses[id], format!("{kind}:{}", text(&job["status"])).into());
            for entry in job["executionDetails"].as_array().unwrap() {
                if entry["detail"] == "Message sent" {
                    // A timed digest ends at a whole second.
                    let seconds = (instant(&entry["createdAt"]).as_millisecond() - start + 999) / 1000;
                    sent.push((seconds, id.to_owned()));
                } else {
                    push(&mut details[id], format!("{kind}: {}", text(&entry["detail"])).into());
                }
            }
        }
    }
    sent.sort();
    json!({ "jobs": statuses, "details": details, "sent": sent })
}

fn push(list: &mut Value, item: Value) {
    let mut items = list.as_array().cloned().unwrap_or_default();
    items.push(item);
    *list = items.into();
}

#[tokio::test(start_paused = true)]
async fn delays_and_digests_end_as_recorded() {
    for run in recorded("runs.jsonl") {
        let expect = &run["expect"];
        let mut sent: Vec<(i64, &str)> = Vec::new();
        for message in expect["sent"].as_array().unwrap() {
            sent.push((message["at_s"].as_i64().unwrap(), text(&message["transactionId"])));
        }
        sent.sort();
        let expected = json!({ "jobs": expect["jobs"], "details": expect["details"], "sent": sent });
        let got = replay(&run).await;
        match KNOWN_DIFFERENCES.iter().find(|(id, _)| run["id"] == *id) {
            Some((id, reason)) => assert_ne!(got, expected, "{id} does not differ any more: {reason}"),
            None => assert_eq!(got, expected, "{}", run["id"]),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_or_digest_lasts_as_long_as_recorded() {
    for case in recorded("delays.jsonl") {
        let step = json!({ "type": case["kind"], "active": true, "metadata": case["metadata"] });
        let emulator = emulator(&[step]);
        let event = json!({ "name": "flow", "to": "ada", "overrides": case["overrides"], "transactionId": "tx" });
        trigger(&emulator, event).await;
        let status = async || {
            let notification = notification(&emulator, "tx").await;
            notification["jobs"].as_array().and_then(|jobs| Some(text(&jobs.last()?["status"]).to_owned()))
        };
        let (expect, id) = (&case["expect"], &case["id"]);
        match expect["delay_ms"].as_u64() {
            Some(0) => assert_eq!(status().await.as_deref(), Some("completed"), "{id}"),
            Some(millis) => {
                emulator.advance(Duration::from_millis(millis - 1));
                let before = status().await;
                emulator.advance(Duration::from_millis(1));
                assert_eq!(
                    (before.as_deref(), status().await.as_deref()),
                    (Some("delayed"), Some("completed")),
                    "{id}"
                );
            }
            // Not a number: there is no notification.
            None if expect["error"].is_null() => assert_eq!(status().await, None, "{id}"),
            None => assert_eq!(status().await.as_deref(), Some("pending"), "{id}: {expect}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_date_in_the_past_leaves_the_delay_pending() {
    let scheduled = json!({ "type": "delay", "active": true, "metadata": { "type": "scheduled", "delayPath": "at" } });
    let emulator = emulator(&[scheduled, json!({ "type": "sms", "active": true })]);
    let payload = json!({ "at": "2020-01-01T00:00:00.000Z" });
    trigger(&emulator, json!({ "name": "flow", "to": "ada", "payload": payload, "transactionId": "tx" })).await;
    emulator.advance(Duration::from_secs(24 * 60 * 60));
    let [notification] = &emulator.notifications()[..] else { panic!("expected one notification") };
    assert_eq!(notification.steps().collect::<Vec<_>>(), [("delay", "pending"), ("sms", "pending")]);
    let listed = self::notification(&emulator, "tx").await;
    let [entry] = &listed["jobs"][0]["executionDetails"].as_array().unwrap()[..] else {
        panic!("expected one detail: {listed}")
    };
    assert_eq!((&entry["status"], &entry["detail"]), (&json!("Failed"), &json!("Invalid delay configuration")));
}

#[tokio::test(start_paused = true)]
async fn an_invalid_date_or_a_date_inside_other_text_makes_no_notification() {
    let scheduled = json!({ "type": "delay", "active": true, "metadata": { "type": "scheduled", "delayPath": "at" } });
    for date in ["2030-13-01T00:00:00.000Z", "at 2030-01-01T00:00:00.000Z please", "2030-01-01T00:00:00x000Z"] {
        let emulator = emulator(std::slice::from_ref(&scheduled));
        trigger(&emulator, json!({ "name": "flow", "to": "ada", "payload": { "at": date } })).await;
        assert!(emulator.notifications().is_empty(), "{date}");
    }
    // JavaScript accepts 31 days in every month.
    let emulator = emulator(std::slice::from_ref(&scheduled));
    trigger(&emulator, json!({ "name": "flow", "to": "ada", "payload": { "at": "2030-02-30T00:00:00.000Z" } })).await;
    assert_eq!(emulator.notifications()[0].steps().collect::<Vec<_>>(), [("delay", "delayed")]);
}

#[tokio::test(start_paused = true)]
async fn an_event_cannot_be_cancelled_after_its_delay_has_ended() {
    let delay =
        json!({ "type": "delay", "active": true, "metadata": { "type": "regular", "amount": 5, "unit": "minutes" } });
    for (seconds, is_cancelled) in [(299, true), (300, false)] {
        let emulator = emulator(&[delay.clone(), json!({ "type": "sms", "active": true })]);
        trigger(&emulator, json!({ "name": "flow", "to": "ada", "transactionId": "tx" })).await;
        emulator.advance(Duration::from_secs(seconds));
        assert_eq!(cancel(&emulator, "tx").await, json!(is_cancelled), "after {seconds} s");
        assert_eq!(emulator.notifications()[0].is_cancelled(), is_cancelled);
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_event_of_a_digest_replaces_a_cancelled_first_one() {
    let digest =
        json!({ "type": "digest", "active": true, "metadata": { "type": "regular", "amount": 5, "unit": "minutes" } });
    let emulator = emulator(&[digest, json!({ "type": "sms", "active": true })]);
    for id in ["tx-a", "tx-b", "tx-c"] {
        trigger(&emulator, json!({ "name": "flow", "to": "ada", "transactionId": id })).await;
        emulator.advance(Duration::from_secs(10));
    }
    assert_eq!(cancel(&emulator, "tx-a").await, json!(true));
    let statuses = || {
        let notifications = emulator.notifications();
        let digests = notifications.iter().map(|notification| notification.steps().nth(1).unwrap().1.to_owned());
        digests.collect::<Vec<_>>()
    };
    assert_eq!(statuses(), ["canceled", "delayed", "merged"]);
    emulator.advance(Duration::from_secs(270));
    assert_eq!(statuses(), ["canceled", "completed", "merged"], "five minutes after the first event");
}

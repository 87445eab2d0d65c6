//! Delays and digests over time.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, StepOutcome};

fn recorded(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// An emulator with a workflow `flow` of these steps, each `{type, active, metadata?, filters?, stops?}`.
fn emulator(steps: &[Value]) -> Emulator {
    let step = |step: &Value| {
        let template = json!({ "type": step["type"], "variables": [] });
        json!({
            "active": step["active"], "metadata": step["metadata"], "filters": step["filters"],
            "shouldStopOnFail": step["stops"] == true, "template": template,
        })
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

async fn post(emulator: &Emulator, event: &Value) -> u16 {
    let request = http::Request::post("/v1/events/trigger")
        .header("authorization", "ApiKey test-key")
        .header("content-type", "application/json");
    emulator.answer(request.body(event.to_string().into()).unwrap()).await.status().as_u16()
}

async fn trigger(emulator: &Emulator, event: Value) {
    assert_eq!(post(emulator, &event).await, 201, "{event}");
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

fn time(date: &Value) -> SystemTime {
    let date: jiff::Timestamp = text(date).parse().unwrap();
    UNIX_EPOCH + Duration::from_millis(date.as_millisecond().try_into().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_delay_or_digest_lasts_as_long_as_recorded() {
    let mut compared = 0;
    for case in recorded("delays.jsonl").into_iter().filter(|case| case["kind"].is_string()) {
        let start = time(&case["now"]);
        let step = json!({ "type": case["kind"], "active": true, "metadata": case["metadata"] });
        let emulator = emulator(&[step]).with_time(start);
        // Without it, a digest without a type fails: the notification has no step for its trigger.
        emulator.merged_digest_ids(true);
        let mut event = json!({ "name": "flow", "to": "ada" });
        (event["payload"], event["overrides"]) = (case["payload"].clone(), case["overrides"].clone());
        if case["metadata"]["type"] == "backoff" {
            // The first event is not digested.
            trigger(&emulator, event.clone()).await;
        }
        if post(&emulator, &event).await != 201 {
            // The API refuses an event without the date of its delay.
            assert_eq!(case["metadata"]["type"], "scheduled", "{}", case["id"]);
            continue;
        }
        compared += 1;
        let status = || Some(statuses(&emulator).pop()?.rsplit(' ').next()?.to_owned());
        let (expect, id) = (&case["expect"], &case["id"]);
        let expected = match (expect["delay_ms"].as_i64(), case["kind"].as_str()) {
            (Some(millis), _) => {
                assert_eq!(status().as_deref(), Some(if millis > 0 { "delayed" } else { "completed" }), "{id}");
                emulator.advance_to_idle();
                let waited = emulator.now().duration_since(start).unwrap();
                assert_eq!(waited.as_millis(), u128::try_from(millis).unwrap_or_default(), "{id}");
                Some("completed")
            }
            // Not a number: there is no notification.
            (None, _) if expect["error"].is_null() => None,
            (None, Some("delay")) => Some("canceled"),
            (None, _) => Some("pending"),
        };
        assert_eq!(status().as_deref(), expected, "{id}: {expect}");
    }
    assert!(compared > 30, "{compared}");
}

#[tokio::test(start_paused = true)]
async fn a_date_in_the_past_cancels_the_delay() {
    let scheduled = json!({ "type": "delay", "active": true, "metadata": { "type": "scheduled", "delayPath": "at" } });
    let emulator = emulator(&[scheduled, json!({ "type": "sms", "active": true })]);
    let payload = json!({ "at": "2020-01-01T00:00:00.000Z" });
    trigger(&emulator, json!({ "name": "flow", "to": "ada", "payload": payload, "transactionId": "tx" })).await;
    emulator.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(statuses(&emulator), ["canceled pending"]);
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
    assert_eq!(statuses(&emulator), ["delayed"]);
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
        let digests = notifications.iter().map(|notification| notification.steps().nth(1).unwrap().status().name());
        digests.collect::<Vec<_>>()
    };
    assert_eq!(statuses(), ["canceled", "delayed", "merged"]);
    emulator.advance(Duration::from_secs(270));
    assert_eq!(statuses(), ["canceled", "completed", "merged"], "five minutes after the first event");
}

fn step(kind: &str, metadata: Value) -> Value {
    json!({ "type": kind, "active": true, "metadata": metadata })
}

fn minutes(kind: &str, amount: u64) -> Value {
    step(kind, json!({ "type": "regular", "amount": amount, "unit": "minutes" }))
}

async fn trigger_for_ada(emulator: &Emulator, id: &str) {
    trigger(emulator, json!({ "name": "flow", "to": "ada", "transactionId": id, "payload": { "id": id } })).await;
}

/// The statuses of the steps of each notification.
fn statuses(emulator: &Emulator) -> Vec<String> {
    let statuses = |notification: &teleflow_emulator::Notification| {
        notification.steps().map(|step| step.status().name()).collect::<Vec<_>>().join(" ")
    };
    emulator.notifications().iter().map(statuses).collect()
}

/// The seconds after `start` of each detail with this text, in all notifications.
async fn times_of(emulator: &Emulator, detail: &str, start: SystemTime) -> Vec<(String, u64)> {
    let listed = send(emulator, http::Request::get("/v1/notifications")).await;
    let mut times = Vec::new();
    for notification in listed["data"].as_array().unwrap().iter().rev() {
        for job in notification["jobs"].as_array().unwrap() {
            for entry in job["executionDetails"].as_array().unwrap().iter().filter(|entry| entry["detail"] == detail) {
                let seconds = time(&entry["createdAt"]).duration_since(start).unwrap().as_secs();
                times.push((text(&notification["transactionId"]).to_owned(), seconds));
            }
        }
    }
    times
}

fn of(ids: &[(&str, u64)]) -> Vec<(String, u64)> {
    ids.iter().map(|(id, seconds)| ((*id).to_owned(), *seconds)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_digest_that_waits_runs_for_a_cancelled_one_and_again_when_it_is_due() {
    let emulator = emulator(&[minutes("digest", 5), step("sms", Value::Null)]);
    let start = emulator.now();
    trigger_for_ada(&emulator, "tx-a").await;
    emulator.advance(Duration::from_secs(60));
    assert_eq!(cancel(&emulator, "tx-a").await, json!(true));
    trigger_for_ada(&emulator, "tx-b").await;
    emulator.advance_to_idle();
    assert_eq!(statuses(&emulator), ["completed canceled canceled", "completed completed completed"]);
    let ended = times_of(&emulator, "Digest triggered events", start).await;
    assert_eq!(ended, of(&[("tx-b", 300), ("tx-b", 360)]));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_event_for_several_subscribers_has_one_digest_taken_over() {
    let emulator = emulator(&[minutes("digest", 5), step("sms", Value::Null)]);
    for id in ["tx-a", "tx-b"] {
        trigger(&emulator, json!({ "name": "flow", "to": ["ada", "grace"], "transactionId": id })).await;
        emulator.advance(Duration::from_secs(10));
    }
    assert_eq!(cancel(&emulator, "tx-a").await, json!(true));
    emulator.advance_to_idle();
    let canceled = "completed canceled canceled";
    assert_eq!(statuses(&emulator), [canceled, canceled, "completed completed completed", "completed merged merged"]);
}

#[tokio::test(start_paused = true)]
async fn a_merged_event_can_be_cancelled_alone() {
    let emulator = emulator(&[minutes("digest", 5), step("sms", Value::Null)]);
    for id in ["tx-a", "tx-b"] {
        trigger_for_ada(&emulator, id).await;
    }
    emulator.advance(Duration::from_secs(10));
    assert_eq!(cancel(&emulator, "tx-b").await, json!(true));
    assert_eq!(cancel(&emulator, "tx-b").await, json!(false));
    emulator.advance_to_idle();
    assert_eq!(statuses(&emulator), ["completed completed completed", "completed canceled canceled"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_cancelled_only_after_the_worker_has_taken_it() {
    let steps = [minutes("delay", 5), step("sms", Value::Null)];
    let tokio_clock = async |millis| tokio::time::advance(Duration::from_millis(millis)).await;
    for (millis, is_cancelled) in [(0, false), (999, false), (1000, true)] {
        let emulator = emulator(&steps);
        trigger_for_ada(&emulator, "tx").await;
        tokio_clock(millis).await;
        assert_eq!(cancel(&emulator, "tx").await, json!(is_cancelled), "after {millis} ms");
    }
    // The paths under `/__` alone change nothing.
    let on_paths = emulator(&steps).with_admin_paths(true);
    trigger_for_ada(&on_paths, "tx").await;
    tokio_clock(1000).await;
    assert_eq!(cancel(&on_paths, "tx").await, json!(true));
    // On the recorded server, the worker ran on demand.
    let emulator = emulator(&steps).with_admin_paths(true);
    let on_demand = http::Request::post("/__config").body(r#"{"workerOnDemand": true}"#.into()).unwrap();
    assert_eq!(emulator.answer(on_demand).await.status(), 200);
    trigger_for_ada(&emulator, "tx").await;
    tokio_clock(1000).await;
    assert_eq!(cancel(&emulator, "tx").await, json!(false));
    emulator.run_worker();
    assert_eq!(cancel(&emulator, "tx").await, json!(true));
}

#[tokio::test(start_paused = true)]
async fn an_event_is_merged_before_its_digest_is_cancelled() {
    let emulator = emulator(&[minutes("digest", 5), step("sms", Value::Null)]);
    for id in ["tx-a", "tx-b"] {
        trigger_for_ada(&emulator, id).await;
        // Nobody looks meanwhile.
        tokio::time::advance(Duration::from_secs(100)).await;
    }
    assert_eq!(cancel(&emulator, "tx-a").await, json!(true));
    let start = emulator.now() - Duration::from_secs(200);
    tokio::time::advance(Duration::from_secs(3600)).await;
    assert_eq!(times_of(&emulator, "Digest triggered events", start).await, of(&[("tx-b", 300)]));
}

#[tokio::test(start_paused = true)]
async fn a_step_that_fails_stops_the_event_only_on_request() {
    let fails = json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "missing", "operator": "IN", "value": "x" },
    ] }]);
    for (stops, expected) in [(false, "failed completed"), (true, "failed pending")] {
        let first = json!({ "type": "sms", "active": true, "filters": fails, "stops": stops });
        let emulator = emulator(&[first, step("sms", Value::Null)]);
        trigger_for_ada(&emulator, "tx").await;
        assert_eq!(statuses(&emulator), [expected]);
        let notifications = emulator.notifications();
        let errors: Vec<&str> = notifications[0].errors().map(|(_, error)| error).collect();
        assert_eq!(errors, ["Cannot read properties of undefined (reading 'includes')"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_cannot_be_queued_fails_the_step_that_ran_before_it() {
    let broken = step("digest", json!({ "type": "regular", "amount": 0, "unit": "minutes" }));
    let past = step("delay", json!({ "type": "scheduled", "delayPath": "at" }));
    let skipped = json!({
        "type": "digest", "active": true, "metadata": { "type": "regular", "amount": 5, "unit": "minutes" },
        "filters": [{ "value": "AND", "children": [
            { "on": "payload", "field": "id", "operator": "EQUAL", "value": "other" },
        ] }],
    });
    let cases = [
        (vec![minutes("delay", 1), broken], "completed failed pending pending"),
        (vec![step("sms", Value::Null), past.clone()], "failed canceled pending"),
        // The digest is skipped, so the trigger queues the delay.
        (vec![skipped, past], "failed skipped canceled pending"),
    ];
    for (mut steps, expected) in cases {
        steps.push(step("sms", Value::Null));
        let emulator = emulator(&steps);
        let payload = json!({ "id": "tx", "at": "2020-01-01T00:00:00.000Z" });
        trigger(&emulator, json!({ "name": "flow", "to": "ada", "payload": payload })).await;
        emulator.advance_to_idle();
        assert_eq!(statuses(&emulator), [expected]);
        assert_eq!(emulator.notifications()[0].errors().count(), 1, "{expected}");
    }
}

#[tokio::test(start_paused = true)]
async fn conditions_of_delays_and_digests_decide_whether_they_wait() {
    for (kind, expected) in [("delay", "completed completed"), ("digest", "completed skipped completed")] {
        let mut waits = minutes(kind, 5);
        waits["filters"] = json!([{ "value": "AND", "children": [
            { "on": "payload", "field": "id", "operator": "EQUAL", "value": "waits" },
        ] }]);
        let emulator = emulator(&[waits, step("sms", Value::Null)]);
        trigger_for_ada(&emulator, "goes-on").await;
        assert_eq!(statuses(&emulator), [expected]);
        let filtered = times_of(&emulator, "Step was filtered based on steps filters", emulator.now()).await;
        assert_eq!(filtered.len(), 1, "{kind}");
        trigger_for_ada(&emulator, "waits").await;
        assert!(statuses(&emulator)[1].contains("delayed"), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_events_are_digested_without_a_search_through_all() {
    let emulator = emulator(&[minutes("digest", 5), step("sms", Value::Null)]);
    for second in 0..30 {
        for recipient in 0..100 {
            let to: Vec<String> = (0..10).map(|number| format!("user-{recipient}-{number}")).collect();
            trigger(&emulator, json!({ "name": "flow", "to": to, "payload": { "second": second } })).await;
        }
        emulator.advance(Duration::from_secs(1));
    }
    emulator.advance_to_idle();
    let notifications = emulator.notifications();
    let merged = notifications
        .iter()
        .filter(|notification| notification.steps().any(|step| step.outcome() == StepOutcome::Merged));
    assert_eq!((notifications.len(), merged.count()), (30_000, 29_000));
}

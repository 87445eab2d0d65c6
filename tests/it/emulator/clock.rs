//! The emulator's clock, and when its worker runs.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use teleflow::{Client, Event};
use teleflow_emulator::{Emulator, Message, StepOutcome, StepRecord, Workflow};

use crate::conformance::wire;

const HOUR: Duration = Duration::from_secs(60 * 60);

async fn send(emulator: &Emulator, trigger: &str, number: u64) -> String {
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let event = Event::untyped(trigger, json!({ "number": number })).to("ada");
    event.send(&client).await.unwrap().transaction_id().as_str().to_owned()
}

/// The contents of the in-app messages, with their time.
fn contents(emulator: &Emulator) -> Vec<(SystemTime, String)> {
    let content = |message: &Message| {
        let in_app = message.in_app().expect("an in-app message");
        (message.sent_at(), in_app.content().to_owned())
    };
    emulator.messages().iter().map(content).collect()
}

fn two_delays() -> Workflow {
    let workflow = Workflow::new("reminder").delay(HOUR).in_app("first {{number}}");
    workflow.delay(HOUR).in_app("second {{number}}")
}

#[tokio::test(start_paused = true)]
async fn everything_that_is_due_happens_at_its_own_time_and_in_order() {
    let expected = |start: SystemTime| {
        let at = |seconds: u64, content: &str| (start + Duration::from_secs(seconds), content.to_owned());
        [at(3600, "first 1"), at(3700, "first 2"), at(7200, "second 1"), at(7300, "second 2")]
    };
    let advances: [fn(&Emulator) -> Duration; 5] = [
        // One after the other, all at once, and with the clock of tokio, without and with a look in between.
        |emulator: &Emulator| {
            (0..8).for_each(|_| emulator.advance(HOUR / 2));
            Duration::ZERO
        },
        |emulator| {
            emulator.advance(3 * HOUR);
            Duration::ZERO
        },
        |emulator| {
            emulator.advance_to_idle();
            Duration::ZERO
        },
        |_emulator| 3 * HOUR,
        |emulator| {
            emulator.advance(HOUR);
            assert_eq!(emulator.messages().len(), 2);
            2 * HOUR
        },
    ];
    for advance in advances {
        let emulator = Emulator::new();
        emulator.workflow(two_delays());
        let start = emulator.now();
        send(&emulator, "reminder", 1).await;
        tokio::time::advance(Duration::from_secs(100)).await;
        send(&emulator, "reminder", 2).await;
        let rest = advance(&emulator);
        tokio::time::advance(rest).await;
        assert_eq!(contents(&emulator), expected(start));
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_stops_when_nothing_waits() {
    let emulator = Emulator::new().with_time(UNIX_EPOCH + HOUR);
    assert_eq!(emulator.now(), UNIX_EPOCH + HOUR);
    emulator.workflow(two_delays());
    emulator.advance_to_idle();
    assert_eq!(emulator.now(), UNIX_EPOCH + HOUR, "nothing waits");
    send(&emulator, "reminder", 1).await;
    emulator.advance_to_idle();
    assert_eq!(emulator.now(), UNIX_EPOCH + 3 * HOUR);
}

#[tokio::test(start_paused = true)]
async fn a_delay_of_many_years_ends() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("someday").delay(Duration::MAX).in_app("at last"));
    send(&emulator, "someday", 1).await;
    emulator.advance_to_idle();
    assert_eq!(emulator.messages().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_worker_runs_when_somebody_looks_or_the_clock_is_advanced() {
    let looks: [fn(&Emulator); 5] = [
        |emulator| drop(emulator.messages()),
        |emulator| drop(emulator.notifications()),
        |emulator| assert_eq!(emulator.run_worker().len(), 1),
        |emulator| emulator.advance(Duration::ZERO),
        Emulator::advance_to_idle,
    ];
    for look in looks {
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("welcome"));
        send(&emulator, "welcome", 1).await;
        tokio::time::advance(HOUR).await;
        assert_eq!(emulator.jobs().len(), 1, "listing the queue processes nothing");
        look(&emulator);
        assert!(emulator.jobs().is_empty());
        assert_eq!(emulator.messages()[0].sent_at() + HOUR, emulator.now());
    }
}

#[tokio::test(start_paused = true)]
async fn the_results_of_the_worker_are_returned_once() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    for number in 0..3 {
        send(&emulator, "welcome", number).await;
        emulator.advance(Duration::from_secs(1));
    }
    let numbers = |emulator: &Emulator| {
        let processed = emulator.run_worker();
        processed.iter().map(|processed| processed.job().payload()["number"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(numbers(&emulator), [0, 1, 2]);
    assert!(numbers(&emulator).is_empty());
}

#[tokio::test]
async fn a_served_emulator_catches_up_when_a_request_arrives() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("soon").delay(Duration::from_secs(1)).in_app("now"));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let headers = BTreeMap::from([("authorization".to_owned(), "ApiKey test-key".to_owned())]);
    let id = send(&emulator, "soon", 1).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let target = format!("/v1/notifications?transactionId={id}");
    let response = wire::send(server.addr(), "GET", &target, &headers, None).await.unwrap();
    let listed: Value = serde_json::from_slice(&response.body).unwrap();
    let jobs = listed["data"][0]["jobs"].as_array().unwrap();
    assert_eq!(jobs.iter().map(|job| job["status"].clone()).collect::<Vec<_>>(), ["completed", "completed"]);
    let at = |value: &Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let details = jobs[1]["executionDetails"].as_array().unwrap();
    assert_eq!(at(&details[0]["createdAt"]) - at(&listed["data"][0]["createdAt"]), 1000);
}

#[tokio::test(start_paused = true)]
async fn a_step_is_retried_twice_if_a_webhook_fails() {
    let webhook = json!([{ "value": "AND", "children": [
        { "on": "webhook", "webhookUrl": "https://example.com/hook", "field": "send", "operator": "EQUAL", "value": "yes" },
    ] }]);
    let workflow = |stops: bool| {
        let workflow = Workflow::new("flow").in_app("checked").when(webhook.clone());
        let workflow = if stops { workflow.stop_on_fail() } else { workflow };
        workflow.in_app("after")
    };
    // Without a response at first, at last, and with `shouldStopOnFail`.
    for (stops, answers_after, statuses, sent) in [
        (false, Some(1), "completed completed", vec!["checked", "after"]),
        (false, None, "failed completed", vec!["after"]),
        (true, None, "failed pending", vec![]),
    ] {
        let emulator = Emulator::new();
        emulator.workflow(workflow(stops));
        let start = emulator.now();
        send(&emulator, "flow", 1).await;
        emulator.advance(Duration::ZERO);
        let outcomes: Vec<StepOutcome> = emulator.notifications()[0].steps().map(StepRecord::outcome).collect();
        assert_eq!(outcomes, [StepOutcome::Running, StepOutcome::Pending]);
        if answers_after.is_some() {
            emulator.webhook("https://example.com/hook", 200, json!({ "send": "yes" }));
        }
        emulator.advance_to_idle();
        let notification = &emulator.notifications()[0];
        let found: Vec<&str> = notification.steps().map(|step| step.status().name()).collect();
        assert_eq!(found.join(" "), statuses);
        assert_eq!(contents(&emulator).into_iter().map(|(_, content)| content).collect::<Vec<_>>(), sent);
        let failures: Vec<u64> =
            notification.errors().map(|(at, _)| at.duration_since(start).unwrap().as_secs()).collect();
        assert_eq!(failures, if answers_after.is_some() { vec![0] } else { vec![0, 1, 3] });
    }
}

#[tokio::test(start_paused = true)]
async fn times_that_the_system_cannot_represent_do_not_panic() {
    let emulator = Emulator::new();
    assert_eq!(Emulator::new().with_time(UNIX_EPOCH - HOUR).now(), UNIX_EPOCH);
    emulator.workflow(Workflow::new("someday").delay(Duration::MAX).in_app("at last"));
    send(&emulator, "someday", 1).await;
    emulator.advance(Duration::MAX);
    assert!(emulator.now() > UNIX_EPOCH);
    assert!(emulator.messages().iter().all(|message| message.sent_at() > UNIX_EPOCH));
    for notification in emulator.notifications() {
        assert!(notification.errors().all(|(at, _)| at > UNIX_EPOCH));
    }
}

//! The outcome of each step with its reason, and the text of `{:?}`.

use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Cancellation, Client, Event};
use teleflow_emulator::{
    Channel, Emulator, Preference, Seeds, StepOutcome, StepRecord, StepStatus, SubscriberRecord, Workflow,
};

const MINUTE: Duration = Duration::from_secs(60);

async fn send(emulator: &Emulator, payload: Value) {
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    Event::untyped("flow", payload).to("ada").transaction_id("tx").send(&client).await.unwrap();
}

fn with(workflow: Workflow) -> Emulator {
    let emulator = Emulator::new();
    let ada = SubscriberRecord::new("ada").email("ada@example.com").phone("+4930").device_token("t");
    emulator.workflow(workflow).subscriber(ada);
    emulator
}

/// The outcome and the reason of the first step.
async fn first(emulator: &Emulator) -> (StepOutcome, Option<String>) {
    send(emulator, json!({ "total": 5 })).await;
    let notification = &emulator.notifications()[0];
    let step = notification.steps().next().unwrap();
    (step.outcome(), step.reason().map(str::to_owned))
}

#[tokio::test(start_paused = true)]
async fn a_step_that_sends_nothing_says_why() {
    let flow = || Workflow::new("flow");
    let never = || {
        json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "total", "operator": "LARGER", "value": "100" },
    ] }])
    };
    let fails = || {
        json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "total", "operator": "IN", "value": "x" },
    ] }])
    };
    let preference = |emulator: Emulator, preference: Preference| {
        emulator.preference(preference);
        emulator
    };
    let nobody = |workflow: Workflow| {
        let emulator = Emulator::new();
        emulator.workflow(workflow);
        emulator
    };
    let filtered = "Step was filtered based on steps filters";
    let no_integration = "Subscriber does not have an active integration";
    let cases = [
        (with(flow().sms("x")), StepOutcome::Sent, None),
        (with(flow().sms("x").when(never())), StepOutcome::FilteredByCondition, Some(filtered)),
        (with(flow().delay(MINUTE).when(never())), StepOutcome::FilteredByCondition, Some(filtered)),
        (
            preference(with(flow().sms("x")), Preference::global("ada").channel(Channel::Sms, false)),
            StepOutcome::FilteredByPreference,
            Some("Step filtered by subscriber global preferences"),
        ),
        (
            preference(with(flow().sms("x")), Preference::workflow("ada", "flow").enabled(false)),
            StepOutcome::FilteredByPreference,
            Some("Step filtered by subscriber preferences"),
        ),
        (
            with(flow().sms("x")).without_integration(Channel::Sms).clone(),
            StepOutcome::NoIntegration,
            Some(no_integration),
        ),
        (
            with(flow().email("s", "c")).without_integration(Channel::Email).clone(),
            StepOutcome::NoIntegration,
            Some(no_integration),
        ),
        (
            with(flow().in_app("x")).without_integration(Channel::InApp).clone(),
            StepOutcome::NoIntegration,
            Some(no_integration),
        ),
        (
            with(flow().push("t", "x")).without_integration(Channel::Push).clone(),
            StepOutcome::NoIntegration,
            Some(no_integration),
        ),
        (nobody(flow().sms("x")), StepOutcome::NoAddress, Some("Subscriber does not have active phone")),
        (nobody(flow().email("s", "c")), StepOutcome::NoAddress, Some("Subscriber does not have an email address")),
        (nobody(flow().push("t", "x")), StepOutcome::NoAddress, Some("Subscriber does not have a configured channel")),
        (nobody(flow().chat("x")), StepOutcome::NoAddress, None),
        (with(flow().sms("x")).fail_channel(Channel::Sms, "busy").clone(), StepOutcome::ProviderFailed, Some("busy")),
        (
            with(flow().push("t", "x")).fail_provider("fcm", "expired").clone(),
            StepOutcome::ProviderFailed,
            Some("expired"),
        ),
        (with(flow().sms("")), StepOutcome::NotRendered, Some("Unexpected error: SMS content is missing")),
        (with(flow().sms("x").when(fails())), StepOutcome::Failed, Some("actualValue.includes is not a function")),
        (with(flow().delay(MINUTE)), StepOutcome::Waiting, None),
    ];
    for (number, (emulator, outcome, reason)) in cases.into_iter().enumerate() {
        let found = first(&emulator).await;
        assert_eq!((found.0, found.1.as_deref()), (outcome, reason), "case {number}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_steps_of_digests_and_cancelled_events_have_an_outcome() {
    let emulator = with(Workflow::new("flow").digest(MINUTE).sms("x"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let outcomes = |emulator: &Emulator| -> Vec<Vec<StepOutcome>> {
        let notifications = emulator.notifications();
        notifications.iter().map(|notification| notification.steps().map(|step| step.outcome()).collect()).collect()
    };
    for id in ["a", "b"] {
        Event::untyped("flow", json!({})).to("ada").transaction_id(id).send(&client).await.unwrap();
    }
    let merged = vec![StepOutcome::Completed, StepOutcome::Merged, StepOutcome::Merged];
    let waiting = vec![StepOutcome::Completed, StepOutcome::Waiting, StepOutcome::Pending];
    assert_eq!(outcomes(&emulator), [waiting, merged.clone()]);
    emulator.advance(MINUTE);
    let done = vec![StepOutcome::Completed, StepOutcome::Completed, StepOutcome::Sent];
    assert_eq!(outcomes(&emulator), [done, merged]);

    let emulator = with(Workflow::new("flow").delay(MINUTE).sms("x"));
    send(&emulator, json!({})).await;
    emulator.advance(Duration::from_secs(2));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    assert_eq!(client.cancel(&"tx".into()).await.unwrap(), Cancellation::Cancelled);
    assert_eq!(outcomes(&emulator), [[StepOutcome::Cancelled, StepOutcome::Cancelled]]);

    // A webhook that fails is retried, and then fails the step.
    let webhook = json!([{ "value": "AND", "children": [
        { "on": "webhook", "webhookUrl": "https://example.com", "field": "ok", "operator": "EQUAL", "value": "true" },
    ] }]);
    let emulator = with(Workflow::new("flow").sms("x").when(webhook));
    send(&emulator, json!({})).await;
    assert_eq!(outcomes(&emulator), [[StepOutcome::Running]]);
    emulator.advance_to_idle();
    let notification = &emulator.notifications()[0];
    let step = notification.steps().next().unwrap();
    assert_eq!((step.status(), step.outcome()), (StepStatus::Failed, StepOutcome::Failed));
    assert!(step.reason().unwrap().contains("Exception while performing webhook request."));
    assert_eq!(step.details().last(), Some("Failed to get response from remote webhook filter on last retry"));
}

#[tokio::test(start_paused = true)]
async fn debug_shows_ids_but_no_content() {
    const SECRET: &str = "s3cret";
    let workflow = Workflow::new("flow").sms(SECRET).email(SECRET, SECRET).in_app(SECRET).push(SECRET, SECRET);
    let emulator = with(workflow.clone());
    let jobs = {
        send(&emulator, json!({ "code": SECRET })).await;
        emulator.jobs()
    };
    let messages = emulator.messages();
    let seeds = json!({ "apiKeys": [
        { "key": SECRET, "environment": "dev", "environmentId": "e", "organizationId": "o", "userId": "u" },
    ] });
    let texts = [
        format!("{jobs:?}"),
        format!("{:?}", emulator.run_worker()),
        format!("{:?}", emulator.notifications()),
        format!("{:?}", emulator.notifications()[0].steps().collect::<Vec<_>>()),
        format!("{messages:?}"),
        format!("{:?} {:?}", messages[0].sms(), messages[1].email()),
        format!("{:?} {:?}", messages[2].in_app(), messages[3].push()),
        format!("{workflow:?}"),
        format!("{:?}", Seeds::from_json(&seeds.to_string()).unwrap()),
    ];
    for text in &texts {
        assert!(!text.contains(SECRET), "{text}");
    }
    let [sms, ..] = &messages[..] else { panic!("no messages") };
    let expected = "Message { trigger: \"flow\", transaction_id: \"tx\", subscriber_id: \"ada\", step: \"sms\", channel: Sms, \
                    status: Sent, .. }";
    assert_eq!(format!("{sms:?}"), expected);
    assert_eq!(format!("{:?}", jobs[0]), "Job { trigger: \"flow\", transaction_id: \"tx\", .. }");
}

#[tokio::test]
async fn jobs_with_the_same_data_are_equal() {
    let job = async || {
        let emulator = with(Workflow::new("flow").sms("x"));
        emulator.advance(MINUTE);
        send(&emulator, json!({ "total": 5 })).await;
        emulator.jobs().remove(0)
    };
    assert_eq!(job().await, job().await);
}

#[tokio::test]
async fn a_frozen_clock_moves_only_when_it_is_advanced() {
    let emulator = with(Workflow::new("flow").delay(MINUTE).sms("x")).with_frozen_clock();
    let start = emulator.now();
    send(&emulator, json!({})).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(emulator.now(), start);
    emulator.advance_to_idle();
    assert_eq!(emulator.now(), start + MINUTE);
    assert_eq!(emulator.messages()[0].sent_at(), start + MINUTE);
}

#[tokio::test(start_paused = true)]
async fn only_an_error_of_the_worker_stops_a_notification() {
    let never = json!([{ "value": "AND", "children": [
        { "on": "payload", "field": "total", "operator": "LARGER", "value": "100" },
    ] }]);
    let stopping = |workflow: Workflow| with(workflow.stop_on_fail().in_app("after"));
    let flow = || Workflow::new("flow");
    for (emulator, outcome) in [
        (stopping(flow().sms("x").when(never)), StepOutcome::FilteredByCondition),
        (stopping(flow().sms("")), StepOutcome::NotRendered),
        (stopping(flow().chat("x")), StepOutcome::NoAddress),
        (stopping(flow().sms("x")).fail_channel(Channel::Sms, "busy").clone(), StepOutcome::ProviderFailed),
        (stopping(flow().sms("x")).without_integration(Channel::Sms).clone(), StepOutcome::NoIntegration),
    ] {
        send(&emulator, json!({ "total": 5 })).await;
        let notification = &emulator.notifications()[0];
        let outcomes: Vec<StepOutcome> = notification.steps().map(StepRecord::outcome).collect();
        assert_eq!(outcomes, [outcome, StepOutcome::Sent]);
    }
}

//! Several events over time, from `runs.jsonl`: what was sent when, and what became of each step.
//!
//! Each run is replayed with the emulator's clock and with tokio's, and the results must be equal. The last line printed
//! is `runs: N of M`.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Value, json};
use teleflow_emulator::Emulator;

use super::cases::{cases, check_all};

/// Longer than every delay of a run.
const END: Duration = Duration::from_secs(400 * 24 * 60 * 60);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(rename = "id")]
    _id: String,
    steps: Vec<Step>,
    triggers: Vec<Trigger>,
    expect: Expected,
    expect_merged_id_flag_on: Option<Expected>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step {
    r#type: String,
    active: Option<bool>,
    name: Option<String>,
    uuid: Option<String>,
    content: Option<String>,
    metadata: Option<Value>,
    filters: Option<Value>,
    should_stop_on_fail: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Trigger {
    at: f64,
    transaction_id: String,
    subscriber_id: String,
    payload: Option<Value>,
    overrides: Option<Value>,
}

#[derive(Deserialize, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
struct Expected {
    sent: Vec<Sent>,
    jobs: BTreeMap<String, Vec<String>>,
    /// Of delays and digests only.
    #[serde(default)]
    details: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    errors: Vec<Thrown>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Sent {
    #[serde(rename = "at_s")]
    at: f64,
    transaction_id: String,
    to: String,
    content: String,
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Thrown {
    at: f64,
    transaction_id: String,
    error: String,
}

impl PartialEq for Thrown {
    /// The texts differ in ids.
    fn eq(&self, other: &Self) -> bool {
        let first_word = |thrown: &Self| thrown.error.split(' ').next().unwrap_or_default().to_owned();
        (self.at, &self.transaction_id, first_word(self)) == (other.at, &other.transaction_id, first_word(other))
    }
}

impl Expected {
    /// Messages of one moment may be in any order, unless they are of one event.
    fn sorted(mut self) -> Self {
        self.sent.sort_by(|one, other| {
            one.at.total_cmp(&other.at).then_with(|| one.transaction_id.cmp(&other.transaction_id))
        });
        self.details.retain(|_, details| !details.is_empty());
        self
    }
}

/// How time passes.
#[derive(Clone, Copy, PartialEq)]
enum Clock {
    Emulator,
    Tokio,
}

/// 2024-06-05T10:00:00Z, from which the recordings count seconds.
fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_717_581_600)
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(start()).unwrap().as_secs_f64()
}

fn workflow(steps: &[Step]) -> Value {
    let step = |step: &Step| {
        json!({
            "active": step.active, "name": step.name, "uuid": step.uuid, "metadata": step.metadata,
            "filters": step.filters.clone().unwrap_or_else(|| json!([])),
            "shouldStopOnFail": step.should_stop_on_fail.unwrap_or_default(),
            "template": { "type": step.r#type, "content": step.content, "variables": [] },
        })
    };
    let mut document = json!({
        "_id": "65f000000000000000000001", "name": "Flow", "active": true, "critical": true,
        "triggers": [{ "type": "event", "identifier": "flow", "variables": [] }],
        "steps": steps.iter().map(step).collect::<Vec<_>>(),
    });
    // A missing field and `null` are not the same.
    for step in document["steps"].as_array_mut().unwrap() {
        step.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    }
    document
}

async fn send(emulator: &Emulator, request: http::request::Builder, body: &Value) -> Value {
    let request = request.header("authorization", "ApiKey test-key").header("content-type", "application/json");
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let response = emulator.answer(request.body(body.into()).unwrap()).await;
    assert!(response.status().is_success(), "{:?}", response.body());
    serde_json::from_slice(response.body()).unwrap()
}

async fn replay(run: &Run, merged_digest_ids: bool, clock: Clock) -> Expected {
    let emulator = Emulator::new().with_time(start());
    emulator.merged_digest_ids(merged_digest_ids);
    emulator.workflow_document(workflow(&run.steps)).unwrap();
    let pass = async |time: Duration| match clock {
        Clock::Emulator => emulator.advance(time),
        Clock::Tokio => tokio::time::advance(time).await,
    };
    let mut passed = 0.0;
    for trigger in &run.triggers {
        pass(Duration::from_secs_f64(trigger.at - passed)).await;
        passed = trigger.at;
        let phone = trigger.subscriber_id.replace('s', "+");
        let event = json!({
            "name": "flow", "to": { "subscriberId": trigger.subscriber_id, "phone": phone },
            "transactionId": trigger.transaction_id,
            "payload": trigger.payload.clone().unwrap_or_else(|| json!({})),
            "overrides": trigger.overrides.clone().unwrap_or_else(|| json!({})),
        });
        send(&emulator, http::Request::post("/v1/events/trigger"), &event).await;
    }
    match clock {
        Clock::Emulator => emulator.advance_to_idle(),
        Clock::Tokio => tokio::time::advance(END).await,
    }
    result(&emulator).await
}

async fn result(emulator: &Emulator) -> Expected {
    let mut found = Expected::default();
    for message in emulator.messages() {
        let Some(sms) = message.sms() else { continue };
        found.sent.push(Sent {
            at: seconds(message.sent_at()),
            transaction_id: message.transaction_id().to_owned(),
            to: sms.to().to_owned(),
            content: sms.text().to_owned(),
        });
    }
    for notification in emulator.notifications() {
        let id = notification.transaction_id();
        for (at, error) in notification.errors() {
            let (at, transaction_id) = (seconds(at), id.to_owned());
            found.errors.push(Thrown { at, transaction_id, error: error.to_owned() });
        }
        let target = format!("/v1/notifications?transactionId={id}");
        let listed = send(emulator, http::Request::get(target), &Value::Null).await;
        let statuses = found.jobs.entry(id.to_owned()).or_default();
        for job in listed["data"][0]["jobs"].as_array().unwrap() {
            let kind = job["type"].as_str().unwrap();
            statuses.push(format!("{kind}:{}", job["status"].as_str().unwrap()));
            if matches!(kind, "delay" | "digest") {
                let details = job["executionDetails"].as_array().unwrap().iter();
                let details = details.map(|entry| format!("{kind}: {}", entry["detail"].as_str().unwrap()));
                found.details.entry(id.to_owned()).or_default().extend(details);
            }
        }
    }
    found
}

fn differences(run: &Run) -> Vec<String> {
    let mut found = Vec::new();
    let with_flag = run.expect_merged_id_flag_on.as_ref().unwrap_or(&run.expect);
    for (flag, expected) in [(false, &run.expect), (true, with_flag)] {
        for clock in [Clock::Emulator, Clock::Tokio] {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            let got = runtime.unwrap().block_on(replay(run, flag, clock)).sorted();
            let clock = if clock == Clock::Tokio { "tokio's clock" } else { "the emulator's clock" };
            let of = format!("with the flag {flag} and {clock}");
            let mut differ = |part: &str, expected: &dyn std::fmt::Debug, got: &dyn std::fmt::Debug, is_same: bool| {
                if !is_same {
                    found.push(format!("{part} {of}\n        expected {expected:?}\n        got      {got:?}"));
                }
            };
            differ("sent", &expected.sent, &got.sent, expected.sent == got.sent);
            differ("jobs", &expected.jobs, &got.jobs, expected.jobs == got.jobs);
            differ("details", &expected.details, &got.details, expected.details == got.details);
            differ("errors", &expected.errors, &got.errors, expected.errors == got.errors);
        }
    }
    found
}

#[test]
fn events_over_time_are_sent_as_recorded() {
    let mut runs = cases::<Run>("runs.jsonl");
    for run in &mut runs {
        if let Ok(run) = &mut run.line {
            run.expect = std::mem::take(&mut run.expect).sorted();
            run.expect_merged_id_flag_on = run.expect_merged_id_flag_on.take().map(Expected::sorted);
        }
    }
    check_all("runs", &runs, differences);
}

//! The rules of the worker that need no state: conditions, delays and sanitizing.

use std::cell::RefCell;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::response::Failure;
use crate::database::definition::{Definition, Step};
use crate::database::environment::Environment;
use crate::worker::conditions::{self, PreviousMessage, WebhookResponse};
use crate::worker::job::Job;
use crate::worker::step_record::StepRecord;
use crate::worker::{delay, steps};
use crate::{js, sanitize};

/// Conditions, and what the worker finds when it evaluates them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionsCase {
    filters: Value,
    variables: Value,
    now: Option<String>,
    previous: Option<Previous>,
    webhook: Option<Webhook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Previous {
    /// Whether there is a job for the step.
    #[serde(default = "yes")]
    job: bool,
    message: Option<Message>,
    #[serde(default)]
    opened: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    channel: String,
    seen: Option<bool>,
    read: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    status: u16,
    #[serde(default)]
    body: Value,
}

fn yes() -> bool {
    true
}

/// Evaluates conditions: `{passed}` or `{error}`, with `logged` and `webhookCalls`.
pub(super) fn conditions(case: &ConditionsCase) -> Value {
    let calls = RefCell::new(Vec::new());
    let previous = |_: &str| {
        let found = case.previous.as_ref().filter(|previous| previous.job)?;
        let message = found.message.as_ref()?;
        let (channel, seen, read) = (message.channel.clone(), message.seen, message.read);
        Some(PreviousMessage { channel, seen, read, opened: found.opened })
    };
    let webhook = |request: &conditions::WebhookRequest<'_>| {
        calls.borrow_mut().push(request.body.clone());
        let response = case.webhook.as_ref().ok_or("connect ECONNREFUSED")?;
        Ok(WebhookResponse { status: response.status, body: response.body.clone() })
    };
    let evaluation = conditions::evaluate(&conditions::Conditions {
        filters: &case.filters,
        variables: &case.variables,
        subscriber: case.variables.get("subscriber"),
        tenant: case.variables.get("tenant"),
        identifier: "workflow",
        channel: "email",
        now: time(case.now.as_deref()),
        previous: &previous,
        webhook: &webhook,
    });
    let mut answer = match evaluation.passed {
        Ok(passed) => json!({ "passed": passed }),
        Err(error) => json!({ "error": error.message() }),
    };
    if let Some(answer) = answer.as_object_mut() {
        let logged: Vec<&str> = evaluation.unrendered.iter().map(|_| conditions::UNRENDERED_VALUE).collect();
        answer.insert("logged".to_owned(), logged.into());
        answer.insert("webhookCalls".to_owned(), calls.into_inner().into());
    }
    answer
}

/// A delay or a digest step, and the event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DelayCase {
    kind: String,
    now: String,
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    overrides: Value,
}

/// Computes how long a step waits: `{delay_ms}` or `{error}`.
pub(super) fn delay(case: &DelayCase) -> Result<Value, Failure> {
    let step = json!({ "active": true, "template": { "type": case.kind }, "metadata": case.metadata });
    let step = Step::deserialize(&step).map_err(|error| Failure::bad_request(error.to_string()))?;
    let now = time(Some(&case.now));
    let job = Job { data: json!({ "payload": case.payload, "overrides": case.overrides }), queued_at: now };
    Ok(match delay::millis(&step, &job, now) {
        Ok(millis) if millis.is_nan() => json!({ "delay_ms": "NaN" }),
        Ok(millis) => json!({ "delay_ms": millis }),
        Err(error) => json!({ "error": error.0 }),
    })
}

/// The steps of a workflow.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobsCase {
    steps: Vec<StepCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepCase {
    active: Option<bool>,
    r#type: String,
    metadata: Option<Value>,
}

/// Lists the jobs that the worker makes of steps.
pub(super) fn jobs(case: &JobsCase) -> Result<Value, Failure> {
    let document = |step: &StepCase| {
        let active = step.active.unwrap_or_default();
        json!({ "active": active, "template": { "type": step.r#type }, "metadata": step.metadata })
    };
    let steps: Vec<Value> = case.steps.iter().map(document).collect();
    let workflow = Definition::new(json!({ "triggers": [], "steps": steps }));
    let workflow = workflow.map_err(|error| Failure::bad_request(error.to_string()))?;
    let mut environment = Environment::default();
    let job = |record: StepRecord| {
        let mut job = json!({ "type": record.kind, "status": record.status.name() });
        let active = record.index.and_then(|index| case.steps.get(index)?.active);
        if let (Some(active), Some(job)) = (active, job.as_object_mut()) {
            job.insert("stepActive".to_owned(), active.into());
        }
        job
    };
    let jobs: Vec<Value> = steps::pending(&workflow, &mut environment).into_iter().map(job).collect();
    Ok(json!({ "jobs": jobs }))
}

/// HTML that an editor saves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SanitizeCase {
    input: String,
}

/// Sanitizes HTML, as the text of a template and as the content and URL of a block.
pub(super) fn sanitized(case: &SanitizeCase) -> Value {
    let blocks = json!([{ "type": "text", "content": case.input, "url": case.input }]);
    json!({ "text": sanitize::sanitize(case.input.clone().into()), "block": sanitize::sanitize(blocks) })
}

/// A date as the time since 1970.
fn time(date: Option<&str>) -> Duration {
    let millis = date.and_then(js::parse_date).unwrap_or_default();
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

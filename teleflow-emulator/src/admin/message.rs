//! `/__message`: runs one step of a workflow that sends a message, without queueing an event.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::response::Failure;
use crate::database::environment::Environment;
use crate::worker::job::Job;
use crate::worker::message::{self, Detail, Message, StepResult, StepRun};

/// The event, and what the steps before left.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MessageRequest {
    trigger: String,
    subscriber_id: String,
    #[serde(default)]
    step: usize,
    payload: Value,
    #[serde(default)]
    overrides: Value,
    /// The id of the actor.
    actor: Option<String>,
    /// The identifier of the tenant.
    tenant: Option<String>,
    /// The payloads that a digest collected.
    events: Option<Vec<Value>>,
}

/// Runs the step, and returns what the server stores and sends.
pub(super) fn run(environment: &Environment, request: MessageRequest, now: Duration) -> Result<Value, Failure> {
    let workflow = environment.workflow(&request.trigger);
    let workflow = workflow.ok_or_else(|| Failure::not_found(format!("there is no workflow `{}`", request.trigger)))?;
    let step = workflow.steps().get(request.step);
    let step = step.ok_or_else(|| Failure::not_found(format!("there is no step {}", request.step)))?;
    let mut data = json!({
        "identifier": request.trigger, "transactionId": "transaction", "environmentId": environment.id,
        "payload": request.payload, "overrides": request.overrides,
    });
    if let Value::Object(data) = &mut data {
        data.extend(request.actor.map(|actor| ("actor".to_owned(), actor.into())));
        data.extend(request.tenant.map(|tenant| ("tenant".to_owned(), tenant.into())));
    }
    let result = message::run(&StepRun {
        environment,
        workflow,
        step,
        step_index: request.step,
        job: &Job { data, queued_at: now },
        subscriber_id: &request.subscriber_id,
        events: request.events.as_deref(),
        previous: &[],
        now,
    });
    Ok(to_json(&result, step.should_stop_on_fail))
}

fn to_json(result: &StepResult, should_stop_on_fail: bool) -> Value {
    let job_statuses = match (&result.failed, result.outcome.is_filtered()) {
        (Some(_), _) => json!(["running"]),
        (None, true) => json!(["running", "canceled", "completed"]),
        (None, false) => json!(["running", "completed"]),
    };
    json!({
        "messages": result.messages.iter().map(Message::to_json).collect::<Vec<_>>(),
        "details": result.details.iter().map(detail).collect::<Vec<_>>(),
        "jobStatuses": job_statuses,
        "nextStepQueued": result.failed.is_none() || !should_stop_on_fail,
        "threw": result.failed,
    })
}

fn detail(detail: &Detail) -> Value {
    let mut fields = Map::new();
    fields.insert("detail".to_owned(), (*detail.detail).into());
    fields.insert("status".to_owned(), detail.status.into());
    fields.extend(detail.raw.clone().map(|raw| ("raw".to_owned(), raw)));
    Value::Object(fields)
}

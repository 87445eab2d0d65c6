//! The handlers: trigger, bulk, broadcast, cancel.

use http::StatusCode;
use serde_json::{Value, json};

use super::accept::{self, Event, Outcome};
use super::unknown;
use super::validate;
use crate::api::response::{Failure, Success};
use crate::api::state::Shared;
use crate::database::store::ApiKey;
use crate::request_log::AttemptNumber;
use crate::worker::cancel;
use crate::worker::job::Job;

/// `POST /v1/events/trigger`.
pub(crate) async fn single(shared: &Shared, caller: &ApiKey, body: &Value) -> Result<Success, Failure> {
    validate::trigger(body).map_err(Failure::bad_request)?;
    let result = process(shared, caller, Event::read(body, "single")).await?;
    Ok(Success::wrapped(StatusCode::CREATED, result))
}

/// `POST /v1/events/trigger/bulk`. Items are processed one after the other, and each has its own result.
pub(crate) async fn bulk(shared: &Shared, caller: &ApiKey, body: &Value) -> Result<Success, Failure> {
    validate::bulk(body).map_err(Failure::bad_request)?;
    let mut results = Vec::new();
    for item in body.get("events").and_then(Value::as_array).into_iter().flatten() {
        let result = bulk_item(shared, caller, item).await.unwrap_or_else(
            |failure| json!({ "acknowledged": true, "status": "error", "error": failure.item_errors() }),
        );
        results.push(result);
    }
    Ok(Success::wrapped(StatusCode::CREATED, results.into()))
}

async fn bulk_item(shared: &Shared, caller: &ApiKey, item: &Value) -> Result<Value, Failure> {
    if item.is_null() {
        return Err(Failure::Thrown("Cannot read properties of null (reading 'name')".to_owned()));
    }
    validate::bulk_item(item).map_err(Failure::bad_request)?;
    process(shared, caller, Event::read(item, "bulk")).await
}

/// `POST /v1/events/trigger/broadcast`. The status is `processed` even if the event was dropped.
pub(crate) async fn broadcast(
    shared: &Shared,
    caller: &ApiKey,
    number: AttemptNumber,
    body: &Value,
) -> Result<Success, Failure> {
    validate::broadcast(body).map_err(Failure::bad_request)?;
    let event = Event { to: None, ..Event::read(body, "single") };
    let transaction_id = event.transaction_id.clone();
    let result = process(shared, caller, event).await?;
    if let Some(status) = result.get("status").and_then(Value::as_str).filter(|status| *status != "processed") {
        shared.lock().requests.broadcast_dropped(number, status);
    }
    Ok(Success::wrapped(StatusCode::CREATED, processed(&transaction_id)))
}

/// `DELETE /v1/events/trigger/:transactionId`. The result is true if a delayed step was cancelled.
///
/// The worker has not taken an event from the queue that was queued a moment ago. If it runs on demand, it takes none.
pub(crate) fn cancel(shared: &Shared, caller: &ApiKey, transaction_id: &str) -> Success {
    let mut state = shared.lock();
    let state = &mut *state;
    let runs_by_itself = !state.settings.worker_on_demand;
    let worker = &mut state.worker;
    worker.catch_up_before_cancel(&mut state.database, shared.clock.since_epoch(), runs_by_itself);
    let is_cancelled = cancel::cancel(&mut worker.history, &caller.environment_id, transaction_id);
    Success::wrapped(StatusCode::OK, is_cancelled.into())
}

async fn process(shared: &Shared, caller: &ApiKey, event: Event) -> Result<Value, Failure> {
    let outcome = {
        let mut state = shared.lock();
        let environment = state.database.environment_mut(&caller.environment_id);
        let environment = environment.ok_or_else(|| Failure::Thrown("the environment does not exist".to_owned()))?;
        unknown::add(environment, caller, &event, &shared.clock);
        accept::accept(environment, caller, event)?
    };
    match outcome {
        Outcome::Dropped(status) => Ok(json!({ "acknowledged": true, "status": status })),
        Outcome::Accepted(job) => {
            let result = processed(job.transaction_id());
            enqueue(shared, job).await?;
            Ok(result)
        }
    }
}

fn processed(transaction_id: &str) -> Value {
    json!({ "acknowledged": true, "status": "processed", "transactionId": transaction_id })
}

async fn enqueue(shared: &Shared, mut job: Job) -> Result<(), Failure> {
    let settings = shared.lock().settings.clone();
    if !settings.queue_delay.is_zero() {
        tokio::time::sleep(settings.queue_delay).await;
    }
    if settings.queue_fails {
        return Err(Failure::Thrown("Connection is closed.".to_owned()));
    }
    let mut state = shared.lock();
    job.queued_at = shared.clock.since_epoch();
    state.worker.queue.push_back(job);
    Ok(())
}

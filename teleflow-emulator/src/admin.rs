//! The paths under `/__`, with which the conformance tests prepare and inspect the server.
//!
//! They are off by default. The recorded server had them; the real service does not.

// A module imports only from those below it.
mod evaluations;
mod message;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::api::rate_limit::RateLimit;
use crate::api::response::{Failure, json_response};
use crate::api::state::{Shared, State};
use crate::database::environment::Environment;
use crate::worker::job::Job;
use crate::worker::processed_job::ProcessedJob;
use crate::worker::recipients::{self, Recipient};
use crate::worker::step_record::{StepRecord, StepStatus};

/// Whether [`answer`] serves this path.
pub(crate) fn is_admin_path(path: &str) -> bool {
    path.starts_with("/__")
}

/// Answers a request to a path under `/__`.
pub(crate) fn answer(shared: &Shared, request: &Request<Bytes>) -> Response<Bytes> {
    match run(shared, request) {
        Ok(body) => json_response(StatusCode::OK, &body, HeaderMap::new()),
        Err(failure) => json_response(failure.status(), &failure.body(), HeaderMap::new()),
    }
}

fn run(shared: &Shared, request: &Request<Bytes>) -> Result<Value, Failure> {
    let path = request.uri().path();
    let mut state = shared.lock();
    match path {
        "/__reset" => state.reset(),
        "/__jobs" => return Ok(state.worker.queue.iter().map(Job::to_json).collect()),
        "/__env" => set_environment_variables(&mut state, parse_body(request)?)?,
        "/__config" => configure(&mut state, &parse_body(request)?),
        "/__seed-job" => seed_job(&mut state, parse_body(request)?)?,
        "/__rate-limit" => set_rate_limit(&mut state, parse_body(request)?)?,
        "/__message" => {
            let environment = state.database.environment(&first_environment(&state));
            let environment = environment.ok_or_else(|| Failure::not_found("there is no environment"))?;
            return message::run(environment, parse_body(request)?, shared.clock.since_epoch());
        }
        "/__expand" => return expand(&state, &parse_body(request)?),
        "/__conditions" => return Ok(evaluations::conditions(&parse_body(request)?)),
        "/__delay" => return evaluations::delay(&parse_body(request)?),
        "/__sanitize" => return Ok(evaluations::sanitized(&parse_body(request)?)),
        "/__step-jobs" => return evaluations::jobs(&parse_body(request)?),
        "/__worker" => {
            return Ok(state
                .run_parallel_workers(shared.clock.since_epoch())
                .iter()
                .map(ProcessedJob::to_json)
                .collect());
        }
        _ => {
            return Err(Failure::not_found(format!("Cannot {} {path}", request.method())));
        }
    }
    Ok(json!({ "ok": true }))
}

fn parse_body<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Failure> {
    let body: &[u8] = if request.body().is_empty() { b"{}" } else { request.body() };
    serde_json::from_slice(body).map_err(|error| Failure::bad_request(error.to_string()))
}

fn set_environment_variables(state: &mut State, variables: BTreeMap<String, String>) -> Result<(), Failure> {
    for (name, value) in variables {
        match name.as_str() {
            "IS_API_IDEMPOTENCY_ENABLED" => state.settings.idempotency = value == "true",
            "IS_API_RATE_LIMITING_ENABLED" if value == "true" => state.set_rate_limit(RateLimit::Unlimited),
            "IS_API_RATE_LIMITING_ENABLED" => state.set_rate_limit(RateLimit::Off),
            "IS_USE_MERGED_DIGEST_ID_ENABLED" => state.worker.merged_digest_ids = value == "true",
            _ => return Err(Failure::bad_request(format!("unknown variable `{name}`"))),
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Config {
    queue_fail: Option<bool>,
    queue_delay_ms: Option<u64>,
    /// Whether a cancel leaves the queue to `/__worker`, as on the recorded server.
    worker_on_demand: Option<bool>,
}

fn configure(state: &mut State, config: &Config) {
    if let Some(fail) = config.queue_fail {
        state.settings.queue_fails = fail;
    }
    if let Some(millis) = config.queue_delay_ms {
        state.settings.queue_delay = Duration::from_millis(millis);
    }
    if let Some(on_demand) = config.worker_on_demand {
        state.settings.worker_on_demand = on_demand;
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedJob {
    transaction_id: String,
    #[serde(default = "delayed")]
    status: String,
    #[serde(default = "delay")]
    r#type: String,
}

fn delayed() -> String {
    StepStatus::Delayed.name().to_owned()
}

fn delay() -> String {
    "delay".to_owned()
}

/// Adds a step record as the worker would, in the environment of the first key.
fn seed_job(state: &mut State, seed: SeedJob) -> Result<(), Failure> {
    let status = StepStatus::from_name(&seed.status)
        .ok_or_else(|| Failure::bad_request(format!("unknown status `{}`", seed.status)))?;
    let environment_id = first_environment(state);
    let id = state.database.environment_mut(&environment_id).map(Environment::next_id).unwrap_or_default();
    state.worker.history.seed_step(
        &environment_id,
        &seed.transaction_id,
        StepRecord::new(id, &seed.r#type, status, None),
    );
    Ok(())
}

fn first_environment(state: &State) -> String {
    state.database.keys.first().map(|key| key.environment_id.clone()).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rate {
    trigger: Option<u32>,
    service_level: Option<String>,
}

/// Sets a custom rate, a service level by name, or the level of an organization without one. Refills all buckets.
fn set_rate_limit(state: &mut State, rate: Rate) -> Result<(), Failure> {
    let level = match (rate.trigger, rate.service_level) {
        (Some(0), _) => return Err(Failure::bad_request("`trigger` must be greater than 0")),
        (Some(rate), None) => RateLimit::PerSecond(rate),
        (None, Some(level)) => RateLimit::from_name(&level)
            .ok_or_else(|| Failure::bad_request(format!("unknown service level `{level}`")))?,
        (None, None) => RateLimit::Unlimited,
        (Some(_), Some(_)) => return Err(Failure::bad_request("`trigger` and `serviceLevel` exclude each other")),
    };
    state.set_rate_limit(level);
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expand {
    #[serde(default)]
    to: Value,
    #[serde(default)]
    actor: Value,
}

/// Expands recipients as the worker does, in the environment of the first key.
fn expand(state: &State, request: &Expand) -> Result<Value, Failure> {
    let environment = state.database.environment(&first_environment(state));
    let environment = environment.ok_or_else(|| Failure::not_found("there is no environment"))?;
    let actor_id = request.actor.as_str().or_else(|| request.actor.get("subscriberId")?.as_str());
    let expansion = recipients::expand(environment, &request.to, actor_id);
    if let Some(error) = expansion.error {
        let queued: Vec<&Value> = expansion.recipients.iter().map(Recipient::id).collect();
        return Ok(json!({ "error": error, "queuedBeforeError": queued }));
    }
    let subscribers = expansion.recipients.into_iter().map(|recipient| {
        let mut subscriber = recipient.subscriber;
        subscriber.insert("_subscriberSource".to_owned(), recipient.source.into());
        Value::Object(subscriber)
    });
    Ok(json!({ "subscribers": subscribers.collect::<Vec<_>>() }))
}

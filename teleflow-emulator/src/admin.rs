//! The paths under `/__`: what the recorded server's test bench offered to set a scene and to look behind it.
//!
//! Served only where an emulator was told so, never by the real service.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::{Failure, json_response};
use crate::job::{Job, Progress, Row};
use crate::state::{Shared, State};

/// Is this one of the paths that [`answer`] answers?
pub(crate) fn is_admin_path(path: &str) -> bool {
    path.starts_with("/__")
}

/// Answers a request to one of the paths.
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
        "/__jobs" => return Ok(state.queue.iter().map(Job::to_json).collect()),
        "/__env" => environment_variables(&mut state, read(request)?)?,
        "/__config" => configure(&mut state, &read(request)?),
        "/__seed-job" => seed_job(&mut state, read(request)?)?,
        _ => {
            return Err(Failure::not_found(format!("Cannot {} {path}", request.method())));
        }
    }
    Ok(json!({ "ok": true }))
}

fn read<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Failure> {
    let body: &[u8] = if request.body().is_empty() { b"{}" } else { request.body() };
    serde_json::from_slice(body).map_err(|error| Failure::bad_request(error.to_string()))
}

fn environment_variables(state: &mut State, variables: BTreeMap<String, String>) -> Result<(), Failure> {
    for (name, value) in variables {
        match name.as_str() {
            "IS_API_IDEMPOTENCY_ENABLED" => state.settings.idempotency = value == "true",
            _ => return Err(Failure::bad_request(format!("no such variable: {name}"))),
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Config {
    queue_fail: Option<bool>,
    queue_delay_ms: Option<u64>,
}

fn configure(state: &mut State, config: &Config) {
    if let Some(fail) = config.queue_fail {
        state.settings.queue_fail = fail;
    }
    if let Some(millis) = config.queue_delay_ms {
        state.settings.queue_delay = Duration::from_millis(millis);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SeedJob {
    transaction_id: String,
    #[serde(default = "delayed")]
    status: String,
    /// The step's kind, which decides nothing here.
    #[serde(rename = "type", default)]
    _kind: String,
}

fn delayed() -> String {
    Progress::Delayed.name().to_owned()
}

/// Adds a row as the worker would, in the environment of the first key.
fn seed_job(state: &mut State, seed: SeedJob) -> Result<(), Failure> {
    let progress = Progress::from_name(&seed.status)
        .ok_or_else(|| Failure::bad_request(format!("no such status: {}", seed.status)))?;
    let environment_id = state.world.keys.first().map(|key| key.environment_id.clone()).unwrap_or_default();
    state.rows.add(&environment_id, &seed.transaction_id, Row { progress });
    Ok(())
}

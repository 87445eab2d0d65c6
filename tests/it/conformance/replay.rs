//! Sends the requests of a corpus in order, with the setup of the recording, and compares the responses.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::compare::{differences, matches};
use super::corpus::{Entry, Line, Match};
use super::wire::{self, HttpResponse};

/// The pause between the lines of one group: the 10 ms of the recording, and 10 ms for the response time of the recorded
/// server. Its `RateLimit-Reset` counts from one request to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// The pause after a line whose response is not awaited.
const PAUSE_AFTER_CONCURRENT: Duration = Duration::from_millis(150);

/// The differences of each response from the recording, by the number of the line.
type Differences = HashMap<usize, Vec<String>>;

/// A request whose response is not awaited before the next line is sent, as in the recording.
struct Pending<'a> {
    number: usize,
    line: &'a Line,
    response: JoinHandle<Result<HttpResponse, String>>,
}

/// Replays all lines.
pub(super) async fn all(address: SocketAddr, entries: &[Entry]) -> Differences {
    let mut differences_by_line = Differences::new();
    let mut pending = Vec::new();
    let mut group = None;
    for entry in entries {
        let line = match &entry.line {
            Ok(line) => line,
            Err(error) => {
                differences_by_line.insert(entry.number, vec![format!("cannot be parsed: {error}")]);
                continue;
            }
        };
        let next = group_of(entry, line);
        if next.is_none() || next != group {
            await_pending(address, &mut pending, &mut differences_by_line).await;
            let mut prepared = admin(address, "/__reset", &json!({})).await;
            if prepared.is_ok() {
                prepared = admin(address, "/__config", &json!({ "workerOnDemand": true })).await;
            }
            if let Err(error) = prepared {
                differences_by_line.insert(entry.number, vec![error]);
                continue;
            }
        } else {
            sleep(PAUSE).await;
        }
        group = next;
        // The queue is compared after all earlier requests have been answered.
        if line.jobs.is_some() || line.worker.is_some() {
            await_pending(address, &mut pending, &mut differences_by_line).await;
        }
        match start(address, line).await {
            Err(error) => drop(differences_by_line.insert(entry.number, vec![error])),
            Ok(response) => {
                pending.push(Pending { number: entry.number, line, response });
                if line.concurrent.is_some() {
                    sleep(PAUSE_AFTER_CONCURRENT).await;
                } else if let Some(last) = pending.pop() {
                    check_response(address, last, &mut differences_by_line).await;
                }
            }
        }
    }
    await_pending(address, &mut pending, &mut differences_by_line).await;
    differences_by_line
}

/// Lines of one group share the state of the server. All `map/` lines do: they do not change it.
fn group_of(entry: &Entry, line: &Line) -> Option<String> {
    line.group.clone().or_else(|| entry.id.starts_with("map/").then(|| "map".to_owned()))
}

/// Runs the setup and sends the request.
async fn start(address: SocketAddr, line: &Line) -> Result<JoinHandle<Result<HttpResponse, String>>, String> {
    for setup in &line.setup {
        admin(address, &setup.path, &setup.body).await?;
    }
    sleep(Duration::from_millis(line.wait_before_ms)).await;
    let body = line.body()?;
    let (method, target, headers) = (line.method.clone(), line.endpoint.clone(), line.headers.clone());
    Ok(tokio::spawn(async move { wire::send(address, &method, &target, &headers, body.as_deref()).await }))
}

async fn await_pending(address: SocketAddr, pending: &mut Vec<Pending<'_>>, differences_by_line: &mut Differences) {
    for request in pending.drain(..) {
        check_response(address, request, differences_by_line).await;
    }
}

async fn check_response(address: SocketAddr, request: Pending<'_>, differences_by_line: &mut Differences) {
    let response = request.response.await.unwrap_or_else(|error| Err(error.to_string()));
    let mut found = match response {
        Ok(response) => compare(request.line, &response),
        Err(error) => vec![error],
    };
    found.extend(compare_jobs(address, request.line).await);
    differences_by_line.insert(request.number, found);
}

fn compare(line: &Line, response: &HttpResponse) -> Vec<String> {
    let mut found = Vec::new();
    if line.expect.status != response.status {
        found.push(format!("status: expected {}, got {}", line.expect.status, response.status));
    }
    if line.r#match == Some(Match::Status) {
        return found;
    }
    match response.json() {
        Ok(body) => found.extend(differences("body", &line.expect.body, &body)),
        Err(error) => found.push(error),
    }
    for (name, expected) in &line.expect.headers {
        match response.headers.get(&name.to_ascii_lowercase()) {
            Some(got) if matches(expected, got) => {}
            got => found.push(format!("header {name}: expected {expected:?}, got {got:?}")),
        }
    }
    found
}

/// Compares the queue and the results of the worker.
async fn compare_jobs(address: SocketAddr, line: &Line) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(expected) = &line.jobs {
        match admin(address, "/__jobs", &json!({})).await {
            Ok(got) => {
                let got: Vec<Value> = got.as_array().into_iter().flatten().map(name_and_data).collect();
                let expected: Vec<Value> = expected.iter().map(name_and_data).collect();
                found.extend(differences("jobs", &expected.into(), &got.into()));
            }
            Err(error) => found.push(error),
        }
    }
    if let Some(expected) = &line.worker {
        match admin(address, "/__worker", &json!({})).await {
            Ok(got) => found.extend(differences("worker", expected, &got)),
            Err(error) => found.push(error),
        }
    }
    found
}

fn name_and_data(job: &Value) -> Value {
    json!({ "name": job["name"], "data": job["data"] })
}

/// Sends a request to one of the paths under `/__`.
async fn admin(address: SocketAddr, path: &str, body: &Value) -> Result<Value, String> {
    let headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
    let body = body.to_string();
    let response = wire::send(address, "POST", path, &headers, Some(body.as_bytes())).await?;
    match response.status {
        200 => response.json(),
        status => Err(format!("setup {path} {body}: {status} {}", String::from_utf8_lossy(&response.body))),
    }
}

//! Sends the lines of a corpus in order, keeps the server's state as the recording kept it, and judges the answers.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::compare::{differences, matches};
use super::corpus::{Entry, Line, Match};
use super::wire::{self, Answer};

/// Between the lines of one group: the 10 ms of the recording, and as long again, which the recorded server itself
/// took to answer. Its `RateLimit-Reset` counts from one request to the next.
const PAUSE: Duration = Duration::from_millis(20);

/// After a line whose answer is not awaited.
const PAUSE_AFTER_CONCURRENT: Duration = Duration::from_millis(150);

/// What is wrong with the answer to each line, by the line's number: nothing, if it is as recorded.
type Verdicts = HashMap<usize, Vec<String>>;

/// A request under way, whose answer the recording did not await either.
struct Pending<'a> {
    number: usize,
    line: &'a Line,
    answer: JoinHandle<Result<Answer, String>>,
}

/// Replays all lines.
pub(super) async fn all(address: SocketAddr, entries: &[Entry]) -> Verdicts {
    let mut verdicts = Verdicts::new();
    let mut pending = Vec::new();
    let mut group = None;
    for entry in entries {
        let line = match &entry.line {
            Ok(line) => line,
            Err(unreadable) => {
                verdicts.insert(entry.number, vec![format!("cannot be read: {unreadable}")]);
                continue;
            }
        };
        let next = group_of(entry, line);
        if next.is_none() || next != group {
            settle(address, &mut pending, &mut verdicts).await;
            if let Err(error) = admin(address, "/__reset", &json!({})).await {
                verdicts.insert(entry.number, vec![error]);
                continue;
            }
        } else {
            sleep(PAUSE).await;
        }
        group = next;
        // The queue is compared as it is when everything sent before has been answered.
        if line.jobs.is_some() || line.worker.is_some() {
            settle(address, &mut pending, &mut verdicts).await;
        }
        match start(address, line).await {
            Err(error) => drop(verdicts.insert(entry.number, vec![error])),
            Ok(answer) => {
                pending.push(Pending { number: entry.number, line, answer });
                if line.concurrent.is_some() {
                    sleep(PAUSE_AFTER_CONCURRENT).await;
                } else if let Some(last) = pending.pop() {
                    conclude(address, last, &mut verdicts).await;
                }
            }
        }
    }
    settle(address, &mut pending, &mut verdicts).await;
    verdicts
}

/// Lines of one group share the server's state. All `map/` lines do: they change nothing.
fn group_of(entry: &Entry, line: &Line) -> Option<String> {
    line.group.clone().or_else(|| entry.id.starts_with("map/").then(|| "map".to_owned()))
}

/// Sets the scene and sends the request.
async fn start(address: SocketAddr, line: &Line) -> Result<JoinHandle<Result<Answer, String>>, String> {
    for setup in &line.setup {
        admin(address, &setup.path, &setup.body).await?;
    }
    sleep(Duration::from_millis(line.wait_before_ms)).await;
    let body = line.body()?;
    let (method, target, headers) = (line.method.clone(), line.endpoint.clone(), line.headers.clone());
    Ok(tokio::spawn(async move { wire::send(address, &method, &target, &headers, body.as_deref()).await }))
}

async fn settle(address: SocketAddr, pending: &mut Vec<Pending<'_>>, verdicts: &mut Verdicts) {
    for request in pending.drain(..) {
        conclude(address, request, verdicts).await;
    }
}

async fn conclude(address: SocketAddr, request: Pending<'_>, verdicts: &mut Verdicts) {
    let answer = request.answer.await.unwrap_or_else(|error| Err(error.to_string()));
    let mut complaints = match answer {
        Ok(answer) => compare(request.line, &answer),
        Err(error) => vec![error],
    };
    complaints.extend(compare_afterwards(address, request.line).await);
    verdicts.insert(request.number, complaints);
}

fn compare(line: &Line, answer: &Answer) -> Vec<String> {
    let mut complaints = Vec::new();
    if line.expect.status != answer.status {
        complaints.push(format!("status: expected {}, got {}", line.expect.status, answer.status));
    }
    if line.r#match == Some(Match::Status) {
        return complaints;
    }
    match answer.json() {
        Ok(body) => complaints.extend(differences("body", &line.expect.body, &body)),
        Err(error) => complaints.push(error),
    }
    for (name, expected) in &line.expect.headers {
        match answer.headers.get(&name.to_ascii_lowercase()) {
            Some(got) if matches(expected, got) => {}
            got => complaints.push(format!("header {name}: expected {expected:?}, got {got:?}")),
        }
    }
    complaints
}

/// The queue, and what the worker makes of it.
async fn compare_afterwards(address: SocketAddr, line: &Line) -> Vec<String> {
    let mut complaints = Vec::new();
    if let Some(expected) = &line.jobs {
        match admin(address, "/__jobs", &json!({})).await {
            Ok(got) => {
                let got: Vec<Value> = got.as_array().into_iter().flatten().map(name_and_data).collect();
                let expected: Vec<Value> = expected.iter().map(name_and_data).collect();
                complaints.extend(differences("jobs", &expected.into(), &got.into()));
            }
            Err(error) => complaints.push(error),
        }
    }
    if let Some(expected) = &line.worker {
        match admin(address, "/__worker", &json!({})).await {
            Ok(got) => complaints.extend(differences("worker", expected, &got)),
            Err(error) => complaints.push(error),
        }
    }
    complaints
}

fn name_and_data(job: &Value) -> Value {
    json!({ "name": job["name"], "data": job["data"] })
}

/// Calls one of the emulator's own paths.
async fn admin(address: SocketAddr, path: &str, body: &Value) -> Result<Value, String> {
    let headers = BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]);
    let body = body.to_string();
    let answer = wire::send(address, "POST", path, &headers, Some(body.as_bytes())).await?;
    match answer.status {
        200 => answer.json(),
        status => Err(format!("setup {path} {body}: {status} {}", String::from_utf8_lossy(&answer.body))),
    }
}

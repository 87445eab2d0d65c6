//! One attempt of a request, and its response.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::Value;

use super::sensitive::SensitivePaths;

/// One attempt of a request.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) idempotency_key: Option<String>,
    body: Bytes,
    sensitive: SensitivePaths,
    /// When it was sent, as time since 1970.
    pub(crate) at: Duration,
    /// The status of the server's response. `None` if the server did not process the request.
    pub(crate) status: Option<StatusCode>,
    pub(super) results: Results,
    /// The status with which the server drops a broadcast.
    pub(super) dropped: Option<String>,
}

/// The results of the events of an attempt.
#[derive(Debug)]
pub(super) enum Results {
    /// One for each event.
    Each(Vec<EventResult>),
    /// All events have this one.
    All(EventResult),
}

/// The result of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EventResult {
    /// The server queued it.
    Queued,
    /// The server answered that it does not queue it, with this status or message.
    Refused(String),
    /// The server did not process the request.
    NotProcessed,
}

/// The routes that queue events.
const TRIGGER: &str = "/v1/events/trigger";
const BULK: &str = "/v1/events/trigger/bulk";
const BROADCAST: &str = "/v1/events/trigger/broadcast";

impl Attempt {
    pub(super) fn new(request: &Request<Bytes>, at: Duration) -> Self {
        let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
        Self {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            idempotency_key: key.map(str::to_owned),
            body: request.body().clone(),
            sensitive: request.extensions().get().cloned().unwrap_or_default(),
            at,
            status: None,
            results: Results::All(EventResult::NotProcessed),
            dropped: None,
        }
    }

    pub(super) fn finish(&mut self, status: StatusCode, body: &Value) {
        self.status = Some(status);
        self.results = if !status.is_success() {
            Results::All(EventResult::Refused(format!("{} {}", status.as_u16(), reason(body))))
        } else if let Some(Value::Array(results)) = body.get("data") {
            Results::Each(results.iter().map(result).collect())
        } else if let Some(status) = self.dropped.take() {
            Results::All(EventResult::Refused(status))
        } else {
            Results::All(body.get("data").map_or(EventResult::NotProcessed, result))
        };
    }

    /// The events of the body, if the request queues events.
    pub(crate) fn events(&self) -> Vec<Value> {
        let parse = || serde_json::from_slice::<Value>(&self.body).ok();
        match (&self.method, self.path.as_str()) {
            (&Method::POST, TRIGGER | BROADCAST) => parse().into_iter().collect(),
            (&Method::POST, BULK) => match parse().as_mut().and_then(|body| body.get_mut("events")?.as_array_mut()) {
                Some(events) => std::mem::take(events),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The paths to the sensitive values of the event at this position.
    pub(crate) fn sensitive_paths(&self, position: usize) -> &[String] {
        self.sensitive.of_event(position)
    }

    pub(crate) fn has_sensitive_values(&self) -> bool {
        !self.sensitive.is_empty()
    }

    pub(crate) fn is_broadcast(&self) -> bool {
        self.path == BROADCAST
    }

    /// The result of the event at this position.
    pub(crate) fn result(&self, position: usize) -> EventResult {
        match &self.results {
            Results::All(result) => result.clone(),
            Results::Each(results) => results.get(position).cloned().unwrap_or(EventResult::NotProcessed),
        }
    }
}

fn result(data: &Value) -> EventResult {
    match data.get("status").and_then(Value::as_str) {
        Some("processed") => EventResult::Queued,
        Some("error") => EventResult::Refused(messages(data.get("error"))),
        Some(status) => EventResult::Refused(status.to_owned()),
        None => EventResult::NotProcessed,
    }
}

fn reason(body: &Value) -> String {
    messages(body.get("message"))
}

/// The texts of one message or of a list.
fn messages(value: Option<&Value>) -> String {
    let values = value.map_or(&[][..], |value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    let texts = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    texts.collect::<Vec<_>>().join("; ")
}

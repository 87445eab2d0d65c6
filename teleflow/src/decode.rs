//! The only reader of answers: from a [`Response`] to a [`Receipt`] or an [`Error`].
//!
//! It reads leniently. Servers of several versions are in use, and a reader that insists on one
//! form turns good answers into errors, whereupon applications send twice.

use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::receipt::{Cancellation, Receipt};
use crate::request::{Endpoint, Label};
use crate::retry::leaves_open;
use crate::status::Status;
use crate::transport::Response;

mod messages;
mod retry_after;

use messages::messages;
pub(crate) use retry_after::retry_after;

/// The answer to one event, alone or broadcast.
pub(crate) fn receipt(endpoint: Endpoint, response: &Response, label: &Label) -> Result<Receipt> {
    let read = data(endpoint, response).and_then(|data| event(endpoint, response, &data, label));
    read.map_err(|error| label.mark(error))
}

/// The answer to a bulk, one result per event, in order.
pub(crate) fn bulk(response: &Response, labels: &[Label]) -> Vec<Result<Receipt>> {
    let items = match data(Endpoint::Bulk, response) {
        Ok(Value::Array(items)) => items,
        Ok(_) => {
            let error = unreadable(Endpoint::Bulk, response, "the answer to a bulk is not a list of results");
            return labels.iter().map(|label| Err(label.mark(error.clone()))).collect();
        }
        Err(error) => return labels.iter().map(|label| Err(label.mark(error.clone()))).collect(),
    };
    let result = |(index, label): (usize, &Label)| {
        let read = match items.get(index) {
            Some(item) => event(Endpoint::Bulk, response, item, label),
            None => {
                let detail = format!("the answer to a bulk has {} results for {} events", items.len(), labels.len());
                Err(unreadable(Endpoint::Bulk, response, detail))
            }
        };
        read.map_err(|error| label.mark(error))
    };
    labels.iter().enumerate().map(result).collect()
}

/// The answer to a cancellation.
pub(crate) fn cancellation(response: &Response, label: &Label) -> Result<Cancellation> {
    let read = data(Endpoint::Cancel, response).and_then(|data| match data {
        Value::Bool(true) => Ok(Cancellation::Cancelled),
        Value::Bool(false) => Ok(Cancellation::NothingPending),
        _ => Err(unreadable(Endpoint::Cancel, response, "the answer to a cancellation is neither true nor false")),
    });
    read.map_err(|error| label.mark(error))
}

/// What the answer holds, if it is a 2xx.
fn data(endpoint: Endpoint, response: &Response) -> Result<Value> {
    let body = serde_json::from_slice::<Value>(response.body());
    if !(200..300).contains(&response.status()) {
        return Err(refusal(endpoint, response, &body.unwrap_or_default()));
    }
    match body {
        // Everything of the Events API comes in an envelope.
        Ok(Value::Object(mut envelope)) if envelope.contains_key("data") => {
            Ok(envelope.remove("data").unwrap_or_default())
        }
        Ok(bare) => Ok(bare),
        Err(error) => Err(unreadable(endpoint, response, "the answer is not JSON").because(error)),
    }
}

/// What the server says of one event in a 2xx.
fn event(endpoint: Endpoint, response: &Response, data: &Value, label: &Label) -> Result<Receipt> {
    let Some(word) = data.get("status").and_then(Value::as_str) else {
        return Err(unreadable(endpoint, response, "the answer does not say what became of the event"));
    };
    let status = Status::from(word);
    let error = match &status {
        Status::Processed => {
            let named = data.get("transactionId").and_then(Value::as_str).filter(|id| !id.is_empty());
            if named.is_some_and(|id| id != label.transaction_id.as_str()) {
                return Err(unreadable(endpoint, response, "the response names another transaction id than was sent"));
            }
            return Ok(Receipt::new(label.transaction_id.clone(), status, response.status()));
        }
        Status::Error => {
            let texts = messages(data);
            let missing = texts.iter().any(|text| text == WORKFLOW_NOT_FOUND);
            let (kind, detail) = if missing { NO_WORKFLOW } else { (ErrorKind::Validation, "the event was refused") };
            let texts = if missing { Vec::new() } else { texts };
            Error::new(kind, Fate::NotQueued, detail).saying(texts)
        }
        Status::Other(word) => Error::new(ErrorKind::Dropped, Fate::Unknown, format!("{} (`{word}`)", status.reason())),
        known => {
            let detail = format!("the server dropped the event: {} (`{known}`)", known.reason());
            Error::new(ErrorKind::Dropped, Fate::NotQueued, detail)
        }
    };
    Err(error.with_status(status).at(endpoint.name()).answered(response.status()).tried(1))
}

const WORKFLOW_NOT_FOUND: &str = "workflow_not_found";
const NO_WORKFLOW: (ErrorKind, &str) =
    (ErrorKind::WorkflowNotFound, "no workflow has this trigger identifier in the environment of the API key");
const KEY_REUSED: &str = "is being reused for a different body";

/// An answer that is no 2xx. Old and new servers swap 400 and 422, so the texts decide.
fn refusal(endpoint: Endpoint, response: &Response, body: &Value) -> Error {
    let http_status = response.status();
    let mut texts = messages(body);
    let says = |text: &str| texts.iter().any(|message| message.contains(text));
    let (kind, detail) = match http_status {
        400 | 422 if says(WORKFLOW_NOT_FOUND) => NO_WORKFLOW,
        400 | 422 if says(KEY_REUSED) => {
            (ErrorKind::IdempotencyConflict, "the idempotency key was used before, for another request")
        }
        400 | 422 if !texts.is_empty() => (ErrorKind::Validation, "the server refused the request"),
        401 | 403 => (ErrorKind::Unauthorized, "the server does not accept the API key"),
        402 => (ErrorKind::PaymentRequired, "the plan's allowance is used up"),
        404 => (ErrorKind::Rejected, "there is no such path on this server, so the base URL is probably wrong"),
        408 => (ErrorKind::Timeout, "the server gave up waiting for the request"),
        409 => (ErrorKind::InProgress, "the server is still busy with an earlier attempt of this request"),
        413 => (ErrorKind::TooLarge, "the request is too large for the server"),
        429 => (ErrorKind::RateLimited, "the plan's rate limit is reached"),
        300..400 => (ErrorKind::Rejected, "the server redirects, and redirects are not followed: correct the base URL"),
        400..500 => (ErrorKind::Rejected, "the server refused the request"),
        500..600 => (ErrorKind::Server, "the server failed"),
        _ => (ErrorKind::Decode, "the answer has a status that HTTP does not know"),
    };
    if kind == ErrorKind::WorkflowNotFound {
        texts.clear();
    }
    let fate = if leaves_open(http_status) { Fate::Unknown } else { Fate::NotQueued };
    Error::new(kind, fate, detail)
        .saying(texts)
        .at(endpoint.name())
        .answered(http_status)
        .waiting(wait(response))
        .tried(1)
}

/// How long the answer asks to wait.
pub(crate) fn wait(response: &Response) -> Option<Duration> {
    retry_after(response.header("retry-after")?, response.header("date"))
}

fn unreadable(endpoint: Endpoint, response: &Response, detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, Fate::Unknown, detail).at(endpoint.name()).answered(response.status()).tried(1)
}

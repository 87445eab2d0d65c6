//! The only reader of responses: from a [`Response`] to a [`Receipt`] or an [`Error`].
//!
//! It reads leniently. Servers of several versions are in use, and a reader that insists on one form turns good responses
//! into errors, and then applications send twice. But it never takes the response of one event for that of another.

use std::collections::HashMap;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::receipt::{Cancellation, Receipt};
use crate::request::{Endpoint, EventId};
use crate::retry::leaves_open;
use crate::sanitize;
use crate::status::Status;
use crate::transport::Response;

mod body;
mod messages;
mod node;
mod retry_after;

use body::Body;
use node::{Fields, Node};
use retry_after::retry_after;

/// The response to one event, alone or broadcast.
pub(crate) fn receipt(endpoint: Endpoint, response: &Response, label: &EventId) -> Result<Receipt> {
    let body = Body::of(response);
    let read = data(endpoint, response, &body)
        .and_then(|data| event(endpoint, response, &data.fields().unwrap_or_default(), label));
    read.map_err(|error| label.annotate(error))
}

/// The response to a bulk, one result per event, in order.
pub(crate) fn bulk(response: &Response, labels: &[EventId]) -> Vec<Result<Receipt>> {
    let body = Body::of(response);
    let results = data(Endpoint::Bulk, response, &body).and_then(|data| {
        let not_a_list = || unreadable(Endpoint::Bulk, response, "the response to a bulk is not an array of results");
        data.elements().ok_or_else(not_a_list)
    });
    let results: Vec<Fields<'_>> = match results {
        Ok(results) => results.into_iter().map(|result| result.fields().unwrap_or_default()).collect(),
        Err(error) => return labels.iter().map(|label| Err(label.annotate(error.clone()))).collect(),
    };
    let read = |(label, result): (&EventId, Option<&Fields<'_>>)| {
        let read = match result {
            Some(result) => event(Endpoint::Bulk, response, result, label),
            None => Err(unreadable(Endpoint::Bulk, response, no_result(results.len(), labels.len()))),
        };
        read.map_err(|error| label.annotate(error))
    };
    labels.iter().zip(matched(&results, labels)).map(read).collect()
}

/// The result of each event of a bulk.
///
/// The server answers in the order of the events, and leaves out the ids of those that it refused. So a result counts by
/// its position, unless the response itself shows that positions say nothing: then only the ids count that it names.
fn matched<'r, 'a>(results: &'r [Fields<'a>], labels: &[EventId]) -> Vec<Option<&'r Fields<'a>>> {
    let ids = results.iter().map(named_id).collect::<Vec<_>>();
    let fits = |(id, label): (&Option<_>, &EventId)| id.as_deref().is_none_or(|id| id == label.transaction_id.as_str());
    if results.len() == labels.len() && ids.iter().zip(labels).all(fits) {
        return results.iter().map(Some).collect();
    }
    let named = by_id(ids.iter().map(Option::as_deref).zip(results));
    let sent = by_id(labels.iter().map(|label| (Some(label.transaction_id.as_str()), label)));
    let result_of = |label: &EventId| {
        let id = label.transaction_id.as_str();
        // Of several with one id it is not known which of them is whose.
        match (sent.get(id)?.as_slice(), named.get(id)?.as_slice()) {
            ([_], [result]) => Some(*result),
            _ => None,
        }
    };
    labels.iter().map(result_of).collect()
}

fn by_id<'a, T>(items: impl Iterator<Item = (Option<&'a str>, T)>) -> HashMap<&'a str, Vec<T>> {
    let mut map: HashMap<_, Vec<T>> = HashMap::new();
    for (id, item) in items {
        if let Some(id) = id {
            map.entry(id).or_default().push(item);
        }
    }
    map
}

fn no_result(results: usize, events: usize) -> String {
    if results == events {
        String::from(
            "the response to a bulk names other transaction ids than were sent, and has no result for this one",
        )
    } else {
        format!("the response to a bulk has {results} results for {events} events, and none of them names this one")
    }
}

/// The response to a cancellation.
pub(crate) fn cancellation(response: &Response, label: &EventId) -> Result<Cancellation> {
    let body = Body::of(response);
    let read = data(Endpoint::Cancel, response, &body).and_then(|data| match data.boolean() {
        Some(true) => Ok(Cancellation::Cancelled),
        Some(false) => Ok(Cancellation::NothingPending),
        None => Err(unreadable(Endpoint::Cancel, response, "the response to a cancellation is not a boolean")),
    });
    read.map_err(|error| label.annotate(error))
}

/// What the response holds, if it is a 2xx.
fn data<'a>(endpoint: Endpoint, response: &Response, body: &'a Body<'_>) -> Result<Node<'a>> {
    let node = Node::parse(body.text());
    if !(200..300).contains(&response.status()) {
        return Err(refusal(endpoint, response, node.unwrap_or(Node::NULL)));
    }
    match node {
        // Everything of the Events API comes in an envelope.
        Ok(node) => Ok(node.fields().and_then(|envelope| envelope.get("data")).unwrap_or(node)),
        Err(error) => {
            let detail = match body.unknown_encoding() {
                Some(encoding) => {
                    format!("the response has the content encoding `{encoding}`, which cannot be decoded")
                }
                None => String::from("the response is not JSON"),
            };
            Err(unreadable(endpoint, response, detail).because(error))
        }
    }
}

/// The transaction id that a result names: its own, or that of its event (newer servers, where they refused it).
fn named_id(result: &Fields<'_>) -> Option<String> {
    // A number is an id, too, but never one that was sent as a string with other characters.
    let id = |fields: &Fields<'_>| {
        let id = fields.get("transactionId")?;
        id.text().map(String::from).or_else(|| id.scalar().map(String::from)).filter(|id| !id.is_empty())
    };
    id(result).or_else(|| id(&result.get("event")?.fields()?))
}

/// What the server says of one event in a 2xx.
fn event(endpoint: Endpoint, response: &Response, result: &Fields<'_>, label: &EventId) -> Result<Receipt> {
    let sent = label.transaction_id.as_str();
    if let Some(id) = named_id(result).filter(|id| id != sent) {
        let (id, sent) = (sanitize::text(&id), sanitize::text(sent));
        let detail = format!("the response is about the transaction id `{id}`, but `{sent}` was sent");
        return Err(unreadable(endpoint, response, detail).naming_another_event());
    }
    let Some(word) = result.text("status") else {
        return Err(unreadable(
            endpoint,
            response,
            "the response has no `status`, which says what became of the event",
        ));
    };
    let status = Status::from(word.as_ref());
    let error = match &status {
        Status::Processed => return Ok(Receipt::new(label.transaction_id.clone(), status, response.status())),
        Status::Error => refused_event(messages::of_result(result)),
        Status::Other(word) => Error::new(ErrorKind::Dropped, Fate::Unknown, format!("{} (`{word}`)", status.reason())),
        known => {
            let detail = format!("the server dropped the event: {} (`{known}`)", known.reason());
            Error::new(ErrorKind::Dropped, Fate::NotQueued, detail)
        }
    };
    Err(error.with_status(status).at(endpoint.name()).answered(response.status()))
}

/// The error of an event with the status `error`.
fn refused_event(mut texts: Vec<String>) -> Error {
    let (kind, detail) = if texts.iter().any(|text| text.trim() == WORKFLOW_NOT_FOUND) {
        NO_WORKFLOW
    } else if texts.is_empty() {
        (ErrorKind::Validation, "the server refused the event and gave no reason")
    } else {
        (ErrorKind::Validation, "the server refused the event")
    };
    texts.retain(|text| text.trim() != WORKFLOW_NOT_FOUND);
    Error::new(kind, Fate::NotQueued, detail).saying(texts)
}

const WORKFLOW_NOT_FOUND: &str = "workflow_not_found";
const NO_WORKFLOW: (ErrorKind, &str) =
    (ErrorKind::WorkflowNotFound, "no workflow has this trigger identifier in the environment of the API key");
const KEY_REUSED: &str = "is being reused for a different body";

/// An answer that is no 2xx. Old and new servers swap 400 and 422, so the texts decide.
fn refusal(endpoint: Endpoint, response: &Response, body: Node<'_>) -> Error {
    let http_status = response.status();
    let mut texts = messages::of_refusal(body);
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
    Error::new(kind, fate, detail).saying(texts).at(endpoint.name()).answered(http_status).waiting(wait(response))
}

/// How long the answer asks to wait.
pub(crate) fn wait(response: &Response) -> Option<Duration> {
    retry_after(response.header("retry-after")?, response.header("date"))
}

fn unreadable(endpoint: Endpoint, response: &Response, detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, Fate::Unknown, detail).at(endpoint.name()).answered(response.status())
}

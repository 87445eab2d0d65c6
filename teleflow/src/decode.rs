//! Decodes a [`Response`] into a [`Receipt`] or an [`Error`]. No other module reads the body of a response.
//!
//! Decoding is lenient: several versions of the server are in use, and a strict decoder would turn good responses into
//! errors, so applications would send twice. But it never attributes the response of one event to another event.

use std::collections::HashMap;
use std::slice;
use std::time::Duration;

use teleflow_http::body::Body;
use teleflow_http::node::{Fields, Node};
use teleflow_http::{messages, sanitize};

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::history::History;
use crate::mismatches::Mismatches;
use crate::receipt::{Cancellation, Receipt};
use crate::request::{Endpoint, EventId};
use crate::retry::fate_unknown;
use crate::status::Status;
use crate::transport::LARGEST_RESPONSE;
use crate::transport::Response;

mod processed;

/// The facts about a request that its response does not contain.
pub(crate) struct DecodeContext<'a> {
    pub(crate) endpoint: Endpoint,
    /// The events of the request, in order.
    pub(crate) events: &'a [EventId],
    pub(crate) history: &'a History,
    pub(crate) mismatches: &'a Mismatches,
}

impl DecodeContext<'_> {
    /// The history that completes these results: they may show that the response belongs to another request.
    fn history_of(&self, results: &[Result<Receipt>]) -> History {
        if results.iter().any(|result| result.as_ref().is_err_and(Error::names_another_event)) {
            self.mismatches.record();
        }
        if self.mismatches.is_recent() { self.history.mismatched() } else { *self.history }
    }
}

/// Decodes the last response, or the error instead of it, into one result per event, in order.
///
/// Only this function and [`result`] complete results with the history of the request.
pub(crate) fn results(response: &Result<Response>, context: &DecodeContext<'_>) -> Vec<Result<Receipt>> {
    let DecodeContext { endpoint, events, .. } = *context;
    let results = match response {
        Ok(response) if endpoint == Endpoint::Bulk => bulk(response, events),
        _ => events.iter().map(|event| of_last_attempt(response, endpoint, event)).collect(),
    };
    let history = context.history_of(&results);
    results.into_iter().zip(events).map(|(result, event)| history.complete(result, endpoint, event)).collect()
}

/// Decodes the last response, or the error instead of it, into the result of `event`, which was sent alone.
pub(crate) fn result(response: &Result<Response>, context: &DecodeContext<'_>, event: &EventId) -> Result<Receipt> {
    let result = of_last_attempt(response, context.endpoint, event);
    context.history_of(slice::from_ref(&result)).complete(result, context.endpoint, event)
}

fn of_last_attempt(response: &Result<Response>, endpoint: Endpoint, event: &EventId) -> Result<Receipt> {
    match response {
        Ok(response) if endpoint == Endpoint::Cancel => cancellation(response, event),
        Ok(response) => single(response, event),
        Err(error) => Err(error.clone()),
    }
}

/// The response to one event, alone or broadcast.
fn single(response: &Response, event: &EventId) -> Result<Receipt> {
    let body = decode_body(response);
    if is_success(response) && processed::names(body.text(), event) {
        return Ok(processed_receipt(response, event));
    }
    data(response, &body).and_then(|data| receipt(response, &data.fields().unwrap_or_default(), event))
}

/// The response to a bulk: one result per event, in order.
fn bulk(response: &Response, events: &[EventId]) -> Vec<Result<Receipt>> {
    let body = decode_body(response);
    if is_success(response) && processed::names_all(body.text(), events) {
        return events.iter().map(|event| Ok(processed_receipt(response, event))).collect();
    }
    let results = data(response, &body).and_then(|data| {
        let not_an_array = || unreadable(response, "the response to a bulk is not an array of results");
        data.elements().ok_or_else(not_an_array)
    });
    let results: Vec<Fields<'_>> = match results {
        Ok(results) => results.into_iter().map(|result| result.fields().unwrap_or_default()).collect(),
        Err(error) => return vec![Err(error); events.len()],
    };
    let decode = |(event, result): (&EventId, Option<&Fields<'_>>)| match result {
        Some(result) => receipt(response, result, event),
        None => Err(unreadable(response, no_result(results.len(), events.len()))),
    };
    events.iter().zip(results_by_event(&results, events)).map(decode).collect()
}

fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status())
}

fn processed_receipt(response: &Response, event: &EventId) -> Receipt {
    Receipt::new(event.transaction_id.clone(), Status::Processed, response.status())
}

/// Finds the result of each event of a bulk.
///
/// The server responds in the order of the events, and omits the ids of those that it refused. So the position of a result
/// counts, unless the ids or the number of the results contradict it. Then only the ids count.
fn results_by_event<'r, 'a>(results: &'r [Fields<'a>], events: &[EventId]) -> Vec<Option<&'r Fields<'a>>> {
    let ids = results.iter().map(named_id).collect::<Vec<_>>();
    let has_id =
        |(id, event): (&Option<_>, &EventId)| id.as_deref().is_none_or(|id| id == event.transaction_id.as_str());
    if results.len() == events.len() && ids.iter().zip(events).all(has_id) {
        return results.iter().map(Some).collect();
    }
    let named = positions(&mut ids.iter().map(Option::as_deref));
    let sent = positions(&mut events.iter().map(|event| Some(event.transaction_id.as_str())));
    let result_of = |event: &EventId| {
        let id = event.transaction_id.as_str();
        // Several results or events with the same id cannot be distinguished.
        match (sent.get(id)?.as_slice(), named.get(id)?.as_slice()) {
            ([_], [position]) => results.get(*position),
            _ => None,
        }
    };
    events.iter().map(result_of).collect()
}

/// Where each id is.
fn positions<'a>(ids: &mut dyn Iterator<Item = Option<&'a str>>) -> HashMap<&'a str, Vec<usize>> {
    let mut positions: HashMap<_, Vec<_>> = HashMap::new();
    for (position, id) in ids.enumerate() {
        if let Some(id) = id {
            positions.entry(id).or_default().push(position);
        }
    }
    positions
}

fn no_result(results: usize, events: usize) -> String {
    if results == events {
        String::from(
            "the response to a bulk names other transaction ids than were sent, and has no result for this event",
        )
    } else {
        format!("the response to a bulk has {results} results for {events} events, and none of them names this event")
    }
}

/// The response to a cancellation.
fn cancellation(response: &Response, event: &EventId) -> Result<Receipt> {
    let body = decode_body(response);
    let cancellation = match data(response, &body)?.boolean() {
        Some(true) => Cancellation::Cancelled,
        Some(false) => Cancellation::NothingPending,
        None => return Err(unreadable(response, "the response to a cancellation is not a boolean")),
    };
    Ok(Receipt::of_cancellation(&event.transaction_id, cancellation, response.status()))
}

fn decode_body(response: &Response) -> Body<'_> {
    Body::decode(response.headers(), response.body(), LARGEST_RESPONSE)
}

/// The data of the response, if it is a 2xx.
fn data<'a>(response: &Response, body: &'a Body<'_>) -> Result<Node<'a>> {
    let node = Node::parse(body.text());
    if !is_success(response) {
        return Err(error_response(response, node.unwrap_or(Node::NULL)));
    }
    match node {
        // The Events API puts all data in an envelope.
        Ok(node) => Ok(node.fields().and_then(|envelope| envelope.get("data")).unwrap_or(node)),
        Err(error) => {
            let detail = match body.unknown_encoding() {
                Some(encoding) => {
                    format!("the response has the content encoding `{encoding}`, which cannot be decoded")
                }
                None => String::from("the response is not JSON"),
            };
            Err(unreadable(response, detail).with_source(error))
        }
    }
}

/// The transaction id in a result, or in the `event` of a result (newer servers, if they refused it).
fn named_id(result: &Fields<'_>) -> Option<String> {
    // A number is an id too.
    let id = |fields: &Fields<'_>| {
        let id = fields.get("transactionId")?;
        id.text().map(String::from).or_else(|| id.scalar().map(String::from)).filter(|id| !id.is_empty())
    };
    id(result).or_else(|| id(&result.get("event")?.fields()?))
}

/// Decodes the result of one event in a 2xx.
fn receipt(response: &Response, result: &Fields<'_>, event: &EventId) -> Result<Receipt> {
    let sent = event.transaction_id.as_str();
    if let Some(id) = named_id(result).filter(|id| id != sent) {
        let (id, sent) = (sanitize::text(&id), sanitize::text(sent));
        let detail = format!("the response is about the transaction id `{id}`, but `{sent}` was sent");
        return Err(unreadable(response, detail).naming_another_event());
    }
    let Some(status) = result.text("status") else {
        return Err(unreadable(
            response,
            "the response has no `status`, so it is unknown whether the event was queued",
        ));
    };
    let status = Status::from(status.as_ref());
    let error = match &status {
        Status::Processed => return Ok(processed_receipt(response, event)),
        Status::Error => refused_event(messages::of_bulk_result(result)),
        Status::Other(_) => Error::new(ErrorKind::Dropped, Fate::Unknown, format!("{} (`{status}`)", status.reason())),
        _ => {
            let detail = format!("the server dropped the event: {} (`{status}`)", status.reason());
            Error::new(ErrorKind::Dropped, Fate::NotQueued, detail)
        }
    };
    Err(error.with_status(status).with_http_status(response.status()))
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
    Error::new(kind, Fate::NotQueued, detail).with_messages(&texts)
}

const WORKFLOW_NOT_FOUND: &str = "workflow_not_found";
const NO_WORKFLOW: (ErrorKind, &str) =
    (ErrorKind::WorkflowNotFound, "no workflow has this trigger identifier in the environment of the API key");
const KEY_REUSED: &str = "is being reused for a different body";

/// The error of a response that is not a 2xx. Old and new servers swap 400 and 422, so their messages decide.
fn error_response(response: &Response, body: Node<'_>) -> Error {
    let http_status = response.status();
    let mut texts = messages::of_error_response(body);
    let contains = |text: &str| texts.iter().any(|message| message.contains(text));
    let (kind, detail) = match http_status {
        400 | 422 if contains(WORKFLOW_NOT_FOUND) => NO_WORKFLOW,
        400 | 422 if contains(KEY_REUSED) => {
            (ErrorKind::IdempotencyConflict, "the idempotency key was used before, for another request")
        }
        400 | 422 if !texts.is_empty() => (ErrorKind::Validation, "the server refused the request"),
        401 | 403 => (ErrorKind::Unauthorized, "the server does not accept the API key"),
        402 => (ErrorKind::PaymentRequired, "the plan's allowance is used up"),
        404 => (ErrorKind::Rejected, "the server does not have this path, so the base URL is probably wrong"),
        408 => (ErrorKind::Timeout, "the server gave up waiting for the request"),
        409 => (ErrorKind::InProgress, "the server is still processing an earlier attempt of this request"),
        413 => (ErrorKind::TooLarge, "the request is too large for the server"),
        429 => (ErrorKind::RateLimited, "the plan's rate limit is reached"),
        300..400 => (ErrorKind::Rejected, "the server redirects, and redirects are not followed; correct the base URL"),
        400..500 => (ErrorKind::Rejected, "the server refused the request"),
        500..600 => (ErrorKind::Server, "the server failed"),
        _ => (ErrorKind::Decode, "unexpected HTTP status"),
    };
    if kind == ErrorKind::WorkflowNotFound {
        texts.clear();
    }
    let fate = if fate_unknown(http_status) { Fate::Unknown } else { Fate::NotQueued };
    Error::new(kind, fate, detail)
        .with_messages(&texts)
        .with_http_status(http_status)
        .with_retry_after(retry_after(response))
}

/// How long the server asks to wait before the next attempt.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    teleflow_http::retry_after::retry_after(response.headers())
}

fn unreadable(response: &Response, detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::Decode, Fate::Unknown, detail).with_http_status(response.status())
}

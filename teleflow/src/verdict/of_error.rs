//! The verdict of one event, from its error.

use std::time::Duration;

use super::Pause;
use super::delivery::Delivery;
use crate::error::{Error, ErrorKind, Fate};
use crate::request::Endpoint;
use crate::status::Status;

/// The longest wait before the second delivery. It doubles with each delivery.
const FIRST_BACKOFF: Duration = Duration::from_secs(5);
/// The longest backoff.
const MAX_BACKOFF: Duration = Duration::from_secs(15 * 60);
/// The wait if somebody has to change the workflow.
const WORKFLOW_WAIT: Duration = Duration::from_secs(15 * 60);
/// The wait if somebody has to change the API key or the plan.
const ACCOUNT_WAIT: Duration = Duration::from_secs(5 * 60);
/// The wait if somebody has to change the base URL. It is short, because a proxy may answer 404 while the server restarts.
const BASE_URL_WAIT: Duration = Duration::from_secs(60);
/// The longest `Retry-After` that counts.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// The jitter that is added to a wait that does not grow.
const MAX_JITTER: Duration = Duration::from_secs(1);
/// How long the server keeps a response under its idempotency key.
const KEY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

const TOO_OLD: &str = "given up, because the request is too old";
const MAY_HAVE_BEEN_SENT: &str =
    "the broadcast may have been sent, and is not sent again, because it could reach every subscriber twice";
const KEY_EXPIRES: &str = "given up, because the server forgets the idempotency key of a broadcast after a day";

/// The facts that are not in the report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// The server has shown that it acts on idempotency keys.
    pub(crate) keys_work: bool,
    /// A random number, uniform between 0 and 1.
    pub(crate) jitter: f64,
    /// The request was not sent itself: its event was sent in a bulk with others, under another idempotency key.
    pub(crate) is_merged: bool,
}

/// The next step for one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Again { after: Duration, pause: Option<Pause> },
    Dead { note: Option<&'static str> },
}

impl Next {
    pub(super) fn is_again(&self) -> bool {
        matches!(self, Self::Again { .. })
    }

    pub(super) fn after(&self) -> Duration {
        match self {
            Self::Again { after, .. } => *after,
            Self::Dead { .. } => Duration::ZERO,
        }
    }

    pub(super) fn pause(&self) -> Option<Pause> {
        match self {
            Self::Again { pause, .. } => *pause,
            Self::Dead { .. } => None,
        }
    }

    /// Decides about an event that ended with this error.
    pub(super) fn of(error: &Error, endpoint: Endpoint, delivery: &Delivery, facts: Facts) -> Self {
        let retry_after = error.retry_after().filter(|wait| !wait.is_zero());
        let pass = retry_after.map_or_else(|| backoff(delivery.number, facts), |wait| fixed(wait, facts));
        // Whether the request is given up when it is too old.
        let (after, pause, expires) = match error.kind() {
            ErrorKind::Validation if is_unclear_result(error) => (pass, None, true),
            ErrorKind::Invalid | ErrorKind::Validation | ErrorKind::TooLarge | ErrorKind::IdempotencyConflict => {
                return Self::Dead { note: None };
            }
            ErrorKind::Rejected => match Rejection::of(error, endpoint) {
                Rejection::OfEvent => return Self::Dead { note: None },
                Rejection::Unclear => (fixed(WORKFLOW_WAIT, facts), None, true),
                Rejection::NotSent => (pass, None, true),
                Rejection::BaseUrl => (fixed(BASE_URL_WAIT, facts), Some(Pause::BaseUrl), false),
            },
            ErrorKind::Unauthorized | ErrorKind::PaymentRequired => {
                (fixed(ACCOUNT_WAIT, facts), Some(Pause::Account), false)
            }
            ErrorKind::RateLimited if error.exceeds_burst() => (fixed(WORKFLOW_WAIT, facts), None, true),
            // Without `Retry-After` the limit may concern this request only.
            ErrorKind::RateLimited => (pass, retry_after.map(|_| Pause::RateLimit), retry_after.is_none()),
            ErrorKind::Dropped | ErrorKind::WorkflowNotFound => (fixed(WORKFLOW_WAIT, facts), None, true),
            ErrorKind::Server
            | ErrorKind::Timeout
            | ErrorKind::Connect
            | ErrorKind::Interrupted
            | ErrorKind::Decode
            | ErrorKind::InProgress => (pass, None, true),
        };
        if endpoint == Endpoint::Broadcast {
            // The response to a dropped broadcast is kept under its key, and another key does not protect.
            let is_protected = facts.keys_work && error.kind() != ErrorKind::Dropped;
            if error.fate() == Fate::Unknown && !is_protected {
                return Self::Dead { note: Some(MAY_HAVE_BEEN_SENT) };
            }
            if delivery.age.saturating_add(after) >= KEY_LIFETIME {
                return Self::Dead { note: Some(KEY_EXPIRES) };
            }
        }
        if expires && delivery.age >= delivery.give_up_after {
            return Self::Dead { note: Some(TOO_OLD) };
        }
        Self::Again { after, pause }
    }
}

/// The meaning of [`ErrorKind::Rejected`] for the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    /// The API has read the event, and refuses it.
    OfEvent,
    /// The response does not have the format of the API, so it does not say whether it is about the event.
    Unclear,
    /// The event was not sent, because the request before it was refused.
    NotSent,
    /// The response is about the URL, not about the event: every request would have it.
    BaseUrl,
}

impl Rejection {
    // Source: the API answers 400 or 422 with a message to an event that it refuses. It answers 404 only to a path that it does
    // not have, and has no 405 and no redirects (`tests/conformance/corpus.jsonl`). The other statuses are of proxies.
    pub(super) fn of(error: &Error, endpoint: Endpoint) -> Self {
        match error.http_status() {
            None => Self::NotSent,
            Some(300..400 | 404 | 405 | 407 | 410 | 421 | 426) => match endpoint {
                // Its path contains the transaction id, which a proxy may misread, and its method may be forbidden.
                Endpoint::Cancel => Self::Unclear,
                Endpoint::Trigger | Endpoint::Bulk | Endpoint::Broadcast => Self::BaseUrl,
            },
            Some(_) if error.messages().len() == 0 => Self::Unclear,
            Some(_) => Self::OfEvent,
        }
    }
}

/// Whether the result of an event in a bulk may report a failure of the server, not of the event.
///
/// A single event gets a 500 then. In a bulk, both have only the text of an exception.
// Source: `process-bulk-trigger.usecase.ts` catches every exception. The texts are those of the validators, as recorded in
// `tests/conformance/corpus.jsonl`.
pub(super) fn is_unclear_result(error: &Error) -> bool {
    const OF_THE_EVENT: [&str; 4] = ["must be ", "should not be ", "missing required key", "Validation failed"];
    let is_of_the_event = |message: &str| OF_THE_EVENT.iter().any(|text| message.contains(text));
    error.kind() == ErrorKind::Validation
        && error.status() == Some(&Status::Error)
        && !error.messages().any(is_of_the_event)
}

/// The wait before the delivery that follows this one: between half of the longest wait and all of it.
pub(super) fn backoff(number: u32, facts: Facts) -> Duration {
    let doublings = number.saturating_sub(1).min(30);
    let longest = FIRST_BACKOFF.saturating_mul(1 << doublings).min(MAX_BACKOFF);
    longest.mul_f64(0.5 + 0.5 * facts.jitter.clamp(0.0, 1.0))
}

/// A wait that does not depend on the number of deliveries, and up to a second more.
fn fixed(wait: Duration, facts: Facts) -> Duration {
    wait.min(MAX_RETRY_AFTER) + MAX_JITTER.min(wait / 2).mul_f64(facts.jitter.clamp(0.0, 1.0))
}

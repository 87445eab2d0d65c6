//! Decides what a queue worker does next with a stored request: [`decide`].
//!
//! A pure function of the report: age and random number are arguments.

use std::fmt;
use std::time::Duration;

use crate::bulk_report::BulkReport;
use crate::error::{Error, ErrorKind};
use crate::request::{Endpoint, Request};

mod of_error;
mod delivery;

pub use delivery::Delivery;
pub(crate) use of_error::Facts;
use of_error::{Next, Rejection, backoff, is_unclear_result};

/// The next step of a queue worker with a stored request, returned by [`Client::deliver`](crate::Client::deliver).
///
/// | the delivery ended with | verdict |
/// | --- | --- |
/// | every event queued | `Done` |
/// | `Retry-After` | `Again` after that time, at most a day; after a 429 with [`Pause::RateLimit`] |
/// | `Server`, `Timeout`, `Connect`, `Interrupted`, `Decode`, `InProgress` | `Again` after 2.5 s to 15 min, until the request is too old |
/// | `Unauthorized`, `PaymentRequired` | `Again` after 5 min, with [`Pause::Account`], however old the request is |
/// | 3xx, 404, 405, 407, 410, 421, 426 (`Rejected`): the URL is wrong, not the event | `Again` after 1 min, with [`Pause::BaseUrl`], however old the request is |
/// | `Dropped`, `WorkflowNotFound`, a broadcast above the burst of the plan | `Again` after 15 min, until the request is too old |
/// | any other `Rejected` without a message of the API, and a cancellation with one of the statuses above | `Again` after 15 min, until the request is too old |
/// | an event of a bulk whose result is not a text of the server's validators, such as `Connection is closed.` | as `Server` |
/// | `Validation`, `TooLarge`, `Invalid`, any other `Rejected`, `IdempotencyConflict` | `Dead` |
/// | a broadcast of unknown fate, and no response has ever echoed an idempotency key | `Dead` |
/// | a bulk whose events ended differently, or that was refused as a whole with `Validation`, `TooLarge` or `Rejected`, unless the URL is wrong | `Replace` |
///
/// Up to a second is added at random to each wait. [`Delivery::give_up_after`] says when a request is too old. A broadcast is
/// too old before the server forgets its idempotency key, a day after it was stored.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use std::time::Duration;
/// use teleflow::{Client, Delivery, Event, Verdict};
/// use teleflow_emulator::{Emulator, Workflow};
///
/// let emulator = Emulator::new();
/// emulator.workflow(Workflow::new("welcome"));
/// let client = Client::builder().transport(emulator).build()?;
/// let request = Event::untyped("welcome", serde_json::json!({})).to("ada").into_request()?;
/// let verdict = client.deliver(&request, Delivery::new(1, Duration::ZERO)).await;
/// assert!(matches!(verdict, Verdict::Done(_)));
/// # Ok::<(), teleflow::Error>(()) }).unwrap();
/// ```
#[derive(Debug, Clone)]
#[must_use = "it says what to do with the stored request"]
pub enum Verdict {
    /// Every event is queued, or the cancellation has a result: remove the request from the queue.
    Done(BulkReport),
    /// Put the request back, unchanged, and send it again after this time.
    Again {
        /// How long the request waits in the queue, counted from now.
        after: Duration,
        /// Which workers pause for this time too.
        pause: Option<Pause>,
        /// Why it was not queued.
        reason: Reason,
    },
    /// Do not send the request again. Keep it where somebody sees it.
    Dead {
        /// Why not.
        reason: Reason,
    },
    /// Store other requests in place of this one, in one transaction if the queue has them.
    Replace {
        /// The result of each event.
        report: BulkReport,
        /// The new requests, each with its verdict, which is `Again` or `Dead`. They have the same transaction ids, and
        /// contain each event that is not queued once. Keep the age and the number of deliveries of the stored request.
        parts: Vec<(Request, Verdict)>,
    },
}

/// Which queue workers pause, because other requests would fail too.
///
/// ```
/// use teleflow::Pause;
///
/// assert!(Pause::Account > Pause::BaseUrl && Pause::BaseUrl > Pause::RateLimit);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Pause {
    /// The rate limit is used up: this process takes no request from the queue.
    RateLimit,
    /// The server does not have the endpoints of the API, or redirects: the base URL is wrong, or a proxy answers in place of
    /// the server. No worker with this client takes a request from the queue. Raise an alarm, because somebody has to act.
    BaseUrl,
    /// The API key is not accepted, or the plan's allowance is used up: no worker takes a request from the queue. Raise an
    /// alarm, because somebody has to act.
    Account,
}

/// Why a request is sent again or not. `Display` is one line, without payload, recipients or API key.
///
/// ```
/// fn log(reason: &teleflow::Reason) {
///     eprintln!("{reason} ({:?})", reason.error().fate());
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Reason {
    note: Option<&'static str>,
    error: Error,
}

impl Reason {
    /// The error of the delivery. For a request with several events it is that of one of them.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.note {
            Some(note) => write!(f, "{note}: {}", self.error),
            None => self.error.fmt(f),
        }
    }
}

impl Verdict {
    /// Which workers pause, and for how long from now. It includes the verdicts of the parts of [`Replace`](Self::Replace).
    #[must_use]
    pub fn pause(&self) -> Option<(Pause, Duration)> {
        match self {
            Self::Again { after, pause, .. } => pause.map(|pause| (pause, *after)),
            Self::Replace { parts, .. } => parts.iter().filter_map(|(_, verdict)| verdict.pause()).max(),
            Self::Done(_) | Self::Dead { .. } => None,
        }
    }
}

/// Decides what happens next with a request whose delivery ended with this report.
pub(crate) fn decide(request: &Request, report: BulkReport, delivery: &Delivery, facts: Facts) -> Verdict {
    if report.errors().next().is_none() {
        return Verdict::Done(report);
    }
    let next: Vec<(usize, Next)> = report
        .errors()
        .map(|(position, error)| (position, Next::of(error, request.endpoint(), delivery, facts)))
        .collect();
    let (again, dead): (Vec<_>, Vec<_>) = next.into_iter().partition(|(_, next)| next.is_again());
    let is_whole = again.len() == report.len() || dead.len() == report.len();
    // A result with a status is about one event, any other error is about the whole request.
    let is_shared = report.errors().all(|(_, error)| error.status().is_none());
    let is_single = request.endpoint() != Endpoint::Bulk || report.len() == 1;
    // The key of a bulk with other requests is not used again.
    let is_used_up = |error: &Error| error.key_used_up() || is_unclear_result(error);
    let rotates = !facts.is_merged && report.errors().any(|(_, error)| is_used_up(error));
    if facts.is_merged
        && let Some((_, error)) = report.errors().find(|(_, error)| is_refused_as_bulk(error))
    {
        return again_alone(error, facts);
    }
    if is_whole && is_shared && !is_single && is_refused_for_one_event(&report) {
        return alone(request, report, facts);
    }
    if is_whole && (is_single || is_shared || dead.is_empty()) {
        let is_dead = again.is_empty();
        let verdict = merge(if is_dead { dead } else { again }, &report);
        return match verdict {
            Some(verdict) if rotates && !is_dead => {
                Verdict::Replace { report, parts: vec![(request.with_next_key(), verdict)] }
            }
            Some(verdict) => verdict,
            None => Verdict::Done(report),
        };
    }
    let mut parts = Vec::new();
    let positions: Vec<usize> = again.iter().map(|(position, _)| *position).collect();
    if let Some((rest, verdict)) = request.subset(&positions).zip(merge(again, &report)) {
        parts.push((rest, verdict));
    }
    for (position, next) in dead {
        if let Some((event, verdict)) = request.subset(&[position]).zip(merge(vec![(position, next)], &report)) {
            parts.push((event, verdict));
        }
    }
    Verdict::Replace { report, parts }
}

/// Whether the server may have refused a whole bulk because of one event of it.
// Source: newer servers refuse a bulk with 422 for one malformed event, and with 413 for one that is too large.
fn is_refused_for_one_event(report: &BulkReport) -> bool {
    report.errors().all(|(_, error)| is_refusal_for_one_event(error))
}

fn is_refusal_for_one_event(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Validation | ErrorKind::TooLarge => true,
        ErrorKind::Rejected => matches!(Rejection::of(error, Endpoint::Bulk), Rejection::OfEvent | Rejection::Unclear),
        _ => false,
    }
}

/// Whether the server refused a bulk with others as a whole, and may accept the event alone.
fn is_refused_as_bulk(error: &Error) -> bool {
    error.exceeds_burst() || (error.status().is_none() && is_refusal_for_one_event(error))
}

/// Sends each event of a bulk alone, so that each gets a verdict of its own.
fn alone(request: &Request, report: BulkReport, facts: Facts) -> Verdict {
    let part = |(position, error): (usize, &Error)| Some((request.subset(&[position])?, again_alone(error, facts)));
    let parts = report.errors().filter_map(part).collect();
    Verdict::Replace { report, parts }
}

const SENT_ALONE: &str = "sent alone, because its bulk was refused";

fn again_alone(error: &Error, facts: Facts) -> Verdict {
    let reason = Reason { note: Some(SENT_ALONE), error: error.clone() };
    Verdict::Again { after: backoff(1, facts), pause: None, reason }
}

/// One verdict for these events: the longest wait, and its reason.
fn merge(next: Vec<(usize, Next)>, report: &BulkReport) -> Option<Verdict> {
    let longest = next.iter().map(|(_, next)| next.after()).max()?;
    let (position, next) =
        next.into_iter().max_by_key(|(position, next)| (next.pause(), next.after(), usize::MAX - position))?;
    let error = report.get(position)?.as_ref().err()?.clone();
    Some(match next {
        Next::Again { pause, .. } => Verdict::Again { after: longest, pause, reason: Reason { note: None, error } },
        Next::Dead { note } => Verdict::Dead { reason: Reason { note, error } },
    })
}

//! Sends a request and decides whether it is done, sent again or dead.

use std::time::Duration;

use teleflow::{BulkReport, Client, Error, ErrorKind, Fate, Request};

/// For errors that somebody has to correct: a workflow, an API key, an allowance.
const CORRECTION: Duration = Duration::from_secs(15 * 60);
const ACCOUNT_PAUSE: Duration = Duration::from_secs(5 * 60);

/// The decision about a request that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    Again(Again),
    /// Sending it again would not help, for this reason.
    Dead(String),
}

/// When to send a request again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Again {
    /// `None`: a backoff.
    pub(crate) after: Option<Duration>,
    /// No request would succeed earlier.
    pub(crate) pause: Option<Pause>,
    pub(crate) reason: String,
}

/// Why no request would succeed for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pause {
    RateLimit,
    /// The API key or the allowance of the plan.
    Account,
}

/// Sends a request, and decides what happens to it.
pub(crate) async fn deliver(client: &Client, request: Request) -> Verdict {
    let is_broadcast = request.path().ends_with("/broadcast");
    of_report(&client.send(request).await, is_broadcast)
}

/// A bulk is sent again as a whole: the server drops the events that it has already queued, by their transaction ids.
fn of_report(report: &BulkReport, is_broadcast: bool) -> Verdict {
    let verdicts = report.errors().map(|(_, error)| of_error(error, is_broadcast));
    verdicts.fold(Verdict::Done, later)
}

/// The verdict that lets neither event be lost: the later retry, otherwise the death.
fn later(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Again(one), Verdict::Again(other)) => Verdict::Again(Again {
            after: one.after.max(other.after),
            pause: one.pause.max(other.pause),
            reason: one.reason,
        }),
        (Verdict::Again(again), _) | (_, Verdict::Again(again)) => Verdict::Again(again),
        (Verdict::Dead(reason), _) | (_, Verdict::Dead(reason)) => Verdict::Dead(reason),
        (Verdict::Done, Verdict::Done) => Verdict::Done,
    }
}

fn of_error(error: &Error, is_broadcast: bool) -> Verdict {
    let reason = error.to_string();
    if is_broadcast && error.fate() == Fate::Unknown {
        return Verdict::Dead(format!(
            "may have been sent, and a second broadcast could reach everybody twice: {reason}"
        ));
    }
    let (after, pause) = match error.kind() {
        ErrorKind::Invalid
        | ErrorKind::Validation
        | ErrorKind::TooLarge
        | ErrorKind::Rejected
        | ErrorKind::IdempotencyConflict => return Verdict::Dead(reason),
        ErrorKind::Dropped | ErrorKind::WorkflowNotFound => (Some(CORRECTION), None),
        ErrorKind::Unauthorized | ErrorKind::PaymentRequired => (Some(ACCOUNT_PAUSE), Some(Pause::Account)),
        ErrorKind::RateLimited => (error.retry_after(), Some(Pause::RateLimit)),
        _ => (error.retry_after(), None),
    };
    Verdict::Again(Again { after, pause, reason })
}

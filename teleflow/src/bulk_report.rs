//! The results of a bulk.

use std::fmt;

use crate::error::{Error, ErrorKind, Fate, Result};
use crate::receipt::Receipt;

/// The results of a bulk: one for each event, in the order in which they were pushed.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let client = teleflow::Client::new("k").unwrap();
/// use teleflow::{Event, bulk};
///
/// let report = bulk![Event::untyped("welcome", "not an object").to("ada")].send(&client).await;
/// assert!(!report.all_queued());
/// assert_eq!(report.errors().count(), 1);
/// # });
/// ```
#[derive(Clone)]
#[must_use = "the report has the events that failed: call `failures`, `errors` or `into_result`"]
pub struct BulkReport(Vec<Result<Receipt>>);

impl BulkReport {
    pub(crate) fn new(results: Vec<Result<Receipt>>) -> Self {
        Self(results)
    }

    /// The number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the bulk had no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The result of the event at this position, starting at 0.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<&Result<Receipt>> {
        self.0.get(position)
    }

    /// The results, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Result<Receipt>> {
        self.0.iter()
    }

    /// Whether the server reported every event as queued. `false` for a request that cancels: see
    /// [`Receipt::cancellation`].
    #[must_use]
    pub fn all_queued(&self) -> bool {
        self.0.iter().all(|result| result.as_ref().is_ok_and(|receipt| receipt.cancellation().is_none()))
    }

    /// The receipts of the events that were queued, with their positions.
    pub fn receipts(&self) -> impl Iterator<Item = (usize, &Receipt)> {
        self.0.iter().enumerate().filter_map(|(position, result)| Some((position, result.as_ref().ok()?)))
    }

    /// The errors of the other events, with their positions.
    pub fn errors(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.0.iter().enumerate().filter_map(|(position, result)| Some((position, result.as_ref().err()?)))
    }

    /// The same errors, sorted by what happened to the event, with their positions.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, bulk: teleflow::Bulk) {
    /// use teleflow::Failure;
    ///
    /// for (position, failure) in bulk.send(&client).await.failures() {
    ///     match failure {
    ///         Failure::Invalid(error) => eprintln!("correct event {position}: {error}"),
    ///         Failure::NotSent(error) => eprintln!("event {position} was never sent: {error}"),
    ///         Failure::NotQueued(error) => eprintln!("event {position} was refused: {error}"),
    ///         Failure::Unknown(error) => eprintln!("event {position} may be queued: {error}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn failures(&self) -> impl Iterator<Item = (usize, Failure<'_>)> {
        self.errors().map(|(position, error)| (position, Failure::of(error)))
    }

    /// The errors of the events that may be queued if you send them again later, unchanged, with their positions.
    ///
    /// These are the errors that pass: the rate limit ([`Error::retry_after`] may say when), the connection, a timeout, a
    /// failure of the server. If the [`fate`](Error::fate) is [`Fate::Unknown`], send the event only under the same
    /// transaction id.
    ///
    /// ```no_run
    /// # use teleflow::{Bulk, Client, Event};
    /// # async fn f(client: Client, ids: Vec<String>) {
    /// let welcome = |id: String| {
    ///     let transaction_id = format!("welcome-{id}");
    ///     Event::untyped("welcome", serde_json::json!({})).to(id).transaction_id(transaction_id)
    /// };
    /// let report = ids.iter().cloned().map(welcome).collect::<Bulk>().send(&client).await;
    /// let again: Bulk = report.retryable().map(|(position, _)| welcome(ids[position].clone())).collect();
    /// # }
    /// ```
    pub fn retryable(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.errors().filter(|(_, error)| is_retryable(error))
    }

    /// Returns the receipts if every event was queued.
    ///
    /// # Errors
    ///
    /// The first error. The receipts are then lost.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, bulk: teleflow::Bulk) -> teleflow::Result<()> {
    /// let receipts = bulk.send(&client).await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn into_result(self) -> Result<Vec<Receipt>> {
        self.0.into_iter().collect()
    }
}

/// Whether the same event may be queued if it is sent again later.
fn is_retryable(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RateLimited
        | ErrorKind::InProgress
        | ErrorKind::Server
        | ErrorKind::Timeout
        | ErrorKind::Connect
        | ErrorKind::Interrupted => true,
        ErrorKind::Invalid
        | ErrorKind::Dropped
        | ErrorKind::WorkflowNotFound
        | ErrorKind::Validation
        | ErrorKind::Unauthorized
        | ErrorKind::PaymentRequired
        | ErrorKind::TooLarge
        | ErrorKind::IdempotencyConflict
        | ErrorKind::Rejected
        | ErrorKind::Decode => false,
    }
}

/// An event of a bulk that failed: what happened to it, with its error. See [`BulkReport::failures`].
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let client = teleflow::Client::new("k").unwrap();
/// use teleflow::{Event, Failure, bulk};
///
/// let report = bulk![Event::untyped("welcome", "not an object").to("ada")].send(&client).await;
/// assert!(matches!(report.failures().next(), Some((0, Failure::Invalid(_)))));
/// # });
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Failure<'a> {
    /// The event was never sent: it is invalid, or no tokio runtime is running ([`ErrorKind::Invalid`]).
    Invalid(&'a Error),
    /// The event was never sent: the rate limit had no room for it before the deadline, or an earlier request was refused
    /// and this one would have been too. [`Error::attempts`] is 0.
    NotSent(&'a Error),
    /// The event is not queued: the server refused or dropped it, or could not be reached.
    NotQueued(&'a Error),
    /// The event may be queued: see [`Fate::Unknown`].
    Unknown(&'a Error),
}

impl<'a> Failure<'a> {
    fn of(error: &'a Error) -> Self {
        match (error.fate(), error.attempts(), error.kind()) {
            (Fate::Unknown, ..) => Self::Unknown(error),
            (Fate::NotQueued, _, ErrorKind::Invalid) => Self::Invalid(error),
            (Fate::NotQueued, 0, _) => Self::NotSent(error),
            (Fate::NotQueued, ..) => Self::NotQueued(error),
        }
    }

    /// The error, whichever it is.
    #[must_use]
    pub fn error(&self) -> &'a Error {
        match self {
            Self::Invalid(error) | Self::NotSent(error) | Self::NotQueued(error) | Self::Unknown(error) => error,
        }
    }
}

impl IntoIterator for BulkReport {
    type Item = Result<Receipt>;
    type IntoIter = std::vec::IntoIter<Result<Receipt>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a BulkReport {
    type Item = &'a Result<Receipt>;
    type IntoIter = std::slice::Iter<'a, Result<Receipt>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for BulkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

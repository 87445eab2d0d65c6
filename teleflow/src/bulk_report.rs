//! The results of a bulk.

use std::fmt;

use crate::error::{Error, Result};
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
#[must_use = "the report has the events that failed: call `errors` or `into_result`"]
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

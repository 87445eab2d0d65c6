//! The requests of a bulk, one after the other.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Bulk, BulkReport, ends_all};
use crate::client::Client;
use crate::decode;
use crate::dispatch;
use crate::error::{Error, ErrorKind, Fate, Result};
use crate::receipt::Receipt;
use crate::request::{Endpoint, Request};

/// The requests of a bulk on their way: a future that ends with a [`BulkReport`].
///
/// `Send` and `'static`; dropped, it sends nothing more.
///
/// ```no_run
/// # async fn f(client: teleflow::Client, bulk: teleflow::Bulk) {
/// let report = tokio::spawn(bulk.send(&client)).await.unwrap();
/// # }
/// ```
#[must_use = "nothing is sent until it is awaited"]
pub struct SendingBulk(Pin<Box<dyn Future<Output = BulkReport> + Send>>);

impl SendingBulk {
    pub(super) fn new(client: Client, bulk: Bulk) -> Self {
        Self(Box::pin(send(client, bulk)))
    }
}

impl Future for SendingBulk {
    type Output = BulkReport;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<BulkReport> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for SendingBulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendingBulk").finish_non_exhaustive()
    }
}

async fn send(client: Client, bulk: Bulk) -> BulkReport {
    let (chunks, invalid) = bulk.into_chunks();
    let mut results: Vec<(usize, Result<Receipt>)> =
        invalid.into_iter().map(|(position, error)| (position, Err(error))).collect();
    let mut end: Option<Error> = None;
    for chunk in chunks {
        let mut of_chunk = Vec::new();
        if client.dispatcher().learned.plan.too_small().is_none() {
            of_chunk = one(&client, &chunk.request, &mut end).await;
        }
        // What costs 100 does not fit into the bucket of the plan, now or ever; what costs 1 does. The answer that told
        // may be the one to this very chunk, of which nothing was queued.
        if client.dispatcher().learned.plan.too_small().is_some() && of_chunk.iter().all(is_limited) {
            of_chunk.clear();
            for single in chunk.singles() {
                of_chunk.extend(one(&client, &single, &mut end).await);
            }
        }
        results.extend(chunk.positions.into_iter().zip(of_chunk));
    }
    results.sort_by_key(|(position, _)| *position);
    BulkReport::new(results.into_iter().map(|(_, result)| result).collect())
}

/// Sends one request, unless an earlier one ended in a way that this would share.
async fn one(client: &Client, request: &Request, end: &mut Option<Error>) -> Vec<Result<Receipt>> {
    if let Some(error) = end {
        return not_sent(error, request);
    }
    let results = attempt(client, request).await;
    *end = results.iter().find_map(|result| result.as_ref().err().filter(|error| stops(error)).cloned());
    results
}

fn is_limited(result: &Result<Receipt>) -> bool {
    result.as_ref().is_err_and(|error| error.kind() == ErrorKind::RateLimited)
}

/// Sends one request and reads a result for each of its events.
async fn attempt(client: &Client, request: &Request) -> Vec<Result<Receipt>> {
    match client.dispatcher().dispatch(request).await {
        Ok(answer) => {
            let read = match request.endpoint() {
                Endpoint::Bulk => decode::bulk(&answer.response, request.events()),
                endpoint => {
                    let one = |label| decode::receipt(endpoint, &answer.response, label);
                    request.events().iter().map(one).collect()
                }
            };
            let replayed = answer.replayed();
            let seen = |result| answer.seen(result, |receipt: Receipt, attempts| receipt.seen(attempts, replayed));
            read.into_iter().map(seen).collect()
        }
        Err(error) => dispatch::for_each(&error, request.events()),
    }
}

/// Whether this was the error of a whole request, of a kind that the next ones would share.
fn stops(error: &Error) -> bool {
    error.status().is_none() && ends_all(error.kind())
}

/// The results of a request that was not sent, since an earlier one ended with `error`.
fn not_sent<T>(error: &Error, request: &Request) -> Vec<Result<T>> {
    let error = error.clone().tried(0).fated(Fate::NotQueued);
    dispatch::for_each(&error, request.events())
}

impl Client {
    /// Sends a request that was made by `into_request`, now or long ago.
    ///
    /// The report has one result for each of its events. Of a broadcast a receipt says no more than a
    /// [`BroadcastReceipt`](crate::BroadcastReceipt) does.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let request: teleflow::Request = serde_json::from_str(stored)?;
    /// let receipts = client.send(request).await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn send(&self, request: Request) -> SendingBulk {
        let client = self.clone();
        SendingBulk(Box::pin(async move { BulkReport::new(attempt(&client, &request).await) }))
    }
}

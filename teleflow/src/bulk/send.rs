//! Sends the requests of a bulk, one after the other.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Bulk, BulkReport, ends_all};
use crate::client::Client;
use crate::decode;
use crate::error::{Error, Result};
use crate::history::History;
use crate::receipt::Receipt;
use crate::request::{Endpoint, EventId, Request};
use crate::transport::Response;

/// The requests of a bulk on their way: a future that ends with a [`BulkReport`].
///
/// `Send` and `'static`; dropped, it sends nothing more.
///
/// # Panics
///
/// As [`Sending`](crate::Sending) does.
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
    let (chunks, invalid) = bulk.split();
    let mut results: Vec<(usize, Result<Receipt>)> =
        invalid.into_iter().map(|(position, error)| (position, Err(error))).collect();
    let mut refusal = None;
    for chunk in chunks {
        let of_chunk = send_unless(&client, &chunk.request, History::default(), &mut refusal).await;
        results.extend(chunk.positions.into_iter().zip(of_chunk));
    }
    results.sort_by_key(|(position, _)| *position);
    BulkReport::new(results.into_iter().map(|(_, result)| result).collect())
}

/// Sends one request, unless an earlier one was refused in a way that this would share; and learns whether the next
/// ones share its refusal.
///
/// `earlier` is the history of a request for the same events.
async fn send_unless(
    client: &Client,
    request: &Request,
    earlier: History,
    refusal: &mut Option<Error>,
) -> Vec<Result<Receipt>> {
    if let Some(error) = refusal {
        let not_sent = |label: &EventId| earlier.not_sent(error).map_err(|error| label.annotate(error));
        return request.events().iter().map(not_sent).collect();
    }
    let ended = client.dispatcher().dispatch(request, earlier).await;
    if ended.exceeds_burst()
        && let Some(singles) = request.singles()
    {
        // What costs 100 does not fit into the bucket of the plan, now or later; what costs 1 does.
        let mut results = Vec::with_capacity(singles.len());
        for single in singles {
            results.extend(Box::pin(send_unless(client, &single, ended.history, refusal)).await);
        }
        return results;
    }
    let results = ended.results(request.events(), |response| read(request, response));
    *refusal = results.iter().find_map(|result| result.as_ref().err().filter(|error| is_shared(error)).cloned());
    results
}

/// Reads a result for each event of a request.
fn read(request: &Request, response: &Response) -> Vec<Result<Receipt>> {
    let one = |label| match request.endpoint() {
        Endpoint::Cancel => {
            let cancellation = decode::cancellation(response, label)?;
            Ok(Receipt::of_cancellation(&label.transaction_id, cancellation, response.status()))
        }
        endpoint => decode::receipt(endpoint, response, label),
    };
    match request.endpoint() {
        Endpoint::Bulk => decode::bulk(response, request.events()),
        _ => request.events().iter().map(one).collect(),
    }
}

/// Whether this is the refusal of a whole request, of a kind that the next ones would share.
fn is_shared(error: &Error) -> bool {
    error.status().is_none() && ends_all(error.kind())
}

impl Client {
    /// Sends a request that was made by `into_request`, now or long ago.
    ///
    /// The report has one result for each of its events. The receipt of a broadcast says no more than a
    /// [`BroadcastReceipt`](crate::BroadcastReceipt) does; that of a request that cancels has a
    /// [`cancellation`](Receipt::cancellation). On a plan that cannot carry a bulk, the events of one are sent as
    /// single requests, as by [`Bulk::send`].
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let request: teleflow::Request = serde_json::from_str(stored)?;
    /// let receipts = client.send(request).await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn send(&self, request: Request) -> SendingBulk {
        let client = self.clone();
        let report =
            async move { BulkReport::new(send_unless(&client, &request, History::default(), &mut None).await) };
        SendingBulk(Box::pin(report))
    }
}

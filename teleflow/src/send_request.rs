//! `Client::send`: sends a [`Request`] of any kind, for example a stored one.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::history::History;
use crate::receipt::Receipt;
use crate::request::Request;

impl Client {
    /// Sends a request that `into_request` built, now or long ago.
    ///
    /// The report has one result per event of the request. The receipt of a broadcast means no more than a
    /// [`BroadcastReceipt`](crate::BroadcastReceipt). The receipt of a request that cancels has a
    /// [`cancellation`](Receipt::cancellation). If the plan's rate limit is too low for a bulk, its events are sent as single
    /// requests, as [`Bulk::send`](crate::Bulk::send) does.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, stored: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let request: teleflow::Request = serde_json::from_str(stored)?;
    /// let receipts = client.send(request).await.into_result()?;
    /// # Ok(()) }
    /// ```
    pub fn send(&self, request: Request) -> SendingBulk {
        let client = self.clone();
        SendingBulk::new(async move { BulkReport::new(send_request(&client, &request, &mut None).await) })
    }
}

/// The future that sends the requests of a bulk. It returns a [`BulkReport`].
///
/// It is `Send` and `'static`. Dropping it stops further attempts, but does not recall a request that was already sent.
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
    pub(crate) fn new(future: impl Future<Output = BulkReport> + Send + 'static) -> Self {
        Self(Box::pin(future))
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

/// Sends one request and returns a result per event, in order.
///
/// `refusal` is the error of an earlier request that this one would end with too; the request is then not sent. Afterwards
/// it is the error that the next requests would end with, if there is one.
pub(crate) async fn send_request(
    client: &Client,
    request: &Request,
    refusal: &mut Option<Error>,
) -> Vec<Result<Receipt>> {
    send_after(client, request, History::default(), refusal).await
}

/// `earlier` is the history of an earlier request for the same events.
async fn send_after(
    client: &Client,
    request: &Request,
    earlier: History,
    refusal: &mut Option<Error>,
) -> Vec<Result<Receipt>> {
    if let Some(error) = refusal {
        let not_sent = |event| earlier.not_sent(error, request.endpoint(), event);
        return request.events().iter().map(not_sent).collect();
    }
    let ended = client.dispatcher().dispatch(request, earlier).await;
    if ended.exceeds_burst()
        && let Some(singles) = request.split()
    {
        // The plan's rate limit never allows a request that costs 100 tokens, but it allows those that cost one.
        let mut results = Vec::with_capacity(singles.len());
        for single in singles {
            results.extend(Box::pin(send_after(client, &single, ended.history, refusal)).await);
        }
        return results;
    }
    let results = ended.results(request);
    *refusal = results.iter().find_map(|result| result.as_ref().err().filter(|error| is_shared(error)).cloned());
    results
}

/// Whether this error refuses a whole request, and the next requests would be refused too.
fn is_shared(error: &Error) -> bool {
    error.status().is_none()
        && matches!(error.kind(), ErrorKind::Unauthorized | ErrorKind::PaymentRequired | ErrorKind::Rejected)
}

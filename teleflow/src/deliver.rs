//! `Client::deliver`: sends a stored request once, and decides what a queue worker does next with it.

use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::dispatch;
use crate::request::Request;
use crate::send_request::send_request;
use crate::verdict::{Delivery, Facts, Pause, Verdict, decide};

impl Client {
    /// Sends a stored request for a queue worker, and returns what to do with it next.
    ///
    /// One delivery sends the request as [`send`](Self::send) does, with the client's own retries. Dropping the future stops
    /// further attempts, but does not recall a request that was already sent.
    ///
    /// If the server does not accept the API key or the plan's allowance is used up, the log has an error, and
    /// [`Verdict::pause`] stops all workers.
    ///
    /// ```no_run
    /// # async fn f(client: teleflow::Client, stored: &str, queued: std::time::SystemTime) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use teleflow::{Delivery, Request, Verdict};
    ///
    /// let request: Request = serde_json::from_str(stored)?;
    /// let delivery = Delivery::new(1, queued.elapsed()?).give_up_after(Duration::from_secs(3600));
    /// match client.deliver(&request, delivery).await {
    ///     Verdict::Done(_) => println!("remove it from the queue"),
    ///     Verdict::Again { after, reason, .. } => println!("put it back for {after:?}: {reason}"),
    ///     Verdict::Dead { reason } => println!("move it to the dead letters: {reason}"),
    ///     Verdict::Replace { parts, .. } => println!("store these instead: {parts:?}"),
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn deliver(&self, request: &Request, delivery: Delivery) -> Verdict {
        let report = BulkReport::new(send_request(self, request, &mut None).await);
        let facts = Facts { keys_work: self.dispatcher().keys_work(), jitter: dispatch::jitter() };
        let verdict = decide(request, report, &delivery, facts);
        if let Some((Pause::Account, wait)) = verdict.pause() {
            let pause_s = wait.as_secs();
            tracing::error!(
                pause_s,
                "the server accepts no request of this account: all queue workers must pause; check the API key and the plan"
            );
        }
        verdict
    }
}

//! `Client::deliver` and `Client::deliver_many`: send stored requests once, and decide what a queue worker does next with them.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use crate::bulk;
use crate::bulk_report::BulkReport;
use crate::client::Client;
use crate::dispatch;
use crate::history::History;
use crate::request::{Endpoint, Request};
use crate::send_request::send_request;
use crate::verdict::{Delivery, Facts, Pause, Verdict, decide};

impl Client {
    /// Sends a stored request for a queue worker, and returns what to do with it next.
    ///
    /// One delivery sends the request as [`send`](Self::send) does, with the client's own retries. Dropping the future stops
    /// further attempts, but does not recall a request that was already sent.
    ///
    /// If the server does not accept the API key, if the plan's allowance is used up, or if the base URL is wrong, the log has an
    /// error, and [`Verdict::pause`] stops the workers.
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
        let verdict = decide(request, report, &delivery, self.facts(false));
        warn_of_pause(verdict.pause());
        verdict
    }

    /// Sends stored requests for a queue worker, and returns what to do with each of them next, in their order.
    ///
    /// Requests of one event that are delivered for the first time are sent together, as bulks of at most 100 events and
    /// 4 MiB, where [`Bulk::plan`](crate::Bulk::plan) would send a bulk. Each gets a verdict from the result of its own
    /// event. If the server refuses the whole bulk, because of one event or of its price, the verdict is `Again`, and the next
    /// delivery sends each event alone. All other requests are sent as [`deliver`](Self::deliver) sends them.
    ///
    /// A bulk has an idempotency key of its own, so only the transaction ids protect its events in a later delivery. An
    /// event that an earlier delivery may have queued is never sent in a bulk with others: its own idempotency key, if it was
    /// sent under it, and its transaction id both protect it.
    ///
    /// Each [batch](Self::delivery_batches) takes at most the client's [`deadline`](Self::deadline). Several batches are sent one
    /// after the other.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use std::time::Duration;
    /// use teleflow::{Client, Delivery, Event, Verdict};
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("welcome"));
    /// let client = Client::builder().transport(emulator.clone()).build()?;
    /// let stored = ["ada", "ben"].map(|id| Event::untyped("welcome", serde_json::json!({})).to(id).into_request());
    /// let stored: Vec<_> = stored.into_iter().collect::<Result<_, _>>()?;
    ///
    /// let first = Delivery::new(1, Duration::ZERO);
    /// let requests: Vec<_> = stored.iter().map(|request| (request, first)).collect();
    /// let verdicts = client.deliver_many(&requests).await;
    /// assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Done(_))));
    /// assert_eq!(emulator.jobs().len(), 2);
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    pub async fn deliver_many(&self, requests: &[(&Request, Delivery)]) -> Vec<Verdict> {
        let mut verdicts = BTreeMap::new();
        for positions in self.delivery_batches(requests) {
            let batch: Vec<_> = positions.iter().filter_map(|position| requests.get(*position).copied()).collect();
            let of_batch = match batch.as_slice() {
                [(request, delivery)] => vec![self.deliver(request, *delivery).await],
                batch => self.deliver_batch(batch).await,
            };
            verdicts.extend(positions.into_iter().zip(of_batch));
        }
        verdicts.into_values().collect()
    }

    /// The positions of the requests that [`deliver_many`](Self::deliver_many) would now send together, and each of the others
    /// in a batch by itself, ordered by their first request.
    ///
    /// A worker passes each batch to `deliver_many` in a task of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use teleflow::{Broadcast, Client, Delivery, Event};
    ///
    /// let client = Client::new("my-api-key")?;
    /// let welcome = || Event::untyped("welcome", serde_json::json!({})).to("ada").into_request();
    /// let (one, two) = (welcome()?, welcome()?);
    /// let all = Broadcast::untyped("welcome", serde_json::json!({})).into_request()?;
    ///
    /// let first = Delivery::new(1, Duration::ZERO);
    /// assert_eq!(client.delivery_batches(&[(&one, first), (&all, first), (&two, first)]), [vec![0, 2], vec![1]]);
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    #[must_use]
    pub fn delivery_batches(&self, requests: &[(&Request, Delivery)]) -> Vec<Vec<usize>> {
        let mut ids = HashSet::with_capacity(requests.len());
        // The results of events with the same id could not be distinguished.
        let mut has_new_id = |request: &Request| request.transaction_ids().all(|id| ids.insert(id.as_str().to_owned()));
        let (mut together, mut batches) = (Vec::new(), Vec::new());
        for (position, (request, delivery)) in requests.iter().enumerate() {
            if self.may_be_merged(request, delivery) && has_new_id(request) {
                together.push((position, request.body().len()));
            } else {
                batches.push(vec![position]);
            }
        }
        let sizes: Vec<usize> = together.iter().map(|(_, size)| *size).collect();
        for group in bulk::delivery_groups(&sizes, self.dispatcher().burst()) {
            batches.push(together.get(group).unwrap_or_default().iter().map(|(position, _)| *position).collect());
        }
        batches.sort_unstable();
        batches
    }

    /// Whether a request may be sent in a bulk with others.
    fn may_be_merged(&self, request: &Request, delivery: &Delivery) -> bool {
        // An event that a guard refuses would make the whole bulk invalid.
        request.endpoint() == Endpoint::Trigger
            && delivery.is_first()
            && self.dispatcher().guards.check_event(request.body()).is_ok()
    }

    /// Sends requests of one event each as one bulk.
    async fn deliver_batch(&self, batch: &[(&Request, Delivery)]) -> Vec<Verdict> {
        let bulk = Request::merged(&batch.iter().map(|(request, _)| *request).collect::<Vec<_>>());
        let ended = self.dispatcher().dispatch(&bulk, History::default()).await;
        let decide_one = |(result, (request, delivery)): (_, &(&Request, Delivery))| {
            decide(request, BulkReport::new(vec![result]), delivery, self.facts(true))
        };
        let verdicts: Vec<Verdict> = ended.results(&bulk).into_iter().zip(batch).map(decide_one).collect();
        warn_of_pause(verdicts.iter().filter_map(Verdict::pause).max());
        verdicts
    }

    fn facts(&self, is_merged: bool) -> Facts {
        Facts { keys_work: self.dispatcher().keys_work(), jitter: dispatch::jitter(), is_merged }
    }
}

/// Logs a pause that lasts until somebody acts.
fn warn_of_pause(pause: Option<(Pause, Duration)>) {
    let Some((pause, wait)) = pause else { return };
    let pause_s = wait.as_secs();
    match pause {
        Pause::Account => tracing::error!(
            pause_s,
            "the server accepts no request of this account: all queue workers must pause; check the API key and the plan"
        ),
        Pause::BaseUrl => tracing::error!(
            pause_s,
            "the server does not have the endpoints of the API: queue workers with this client must pause; check the base URL"
        ),
        Pause::RateLimit => {}
    }
}

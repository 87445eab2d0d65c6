//! `Relay`: sends the requests of a queue.

// A module imports only modules listed below it.
mod work_loop;
mod maintenance;
mod shutdown;
mod claim_size;
mod send_batch;
mod batch;
pub(crate) mod builder;
mod shared;
mod settler;
pub(crate) mod gauges;
mod pause;
mod lease_clock;

use std::fmt;
use std::sync::Arc;

use teleflow::Client;

use crate::error::Result;
use crate::store::{DeadMessage, Store};

use builder::RelayBuilder;
use gauges::Gauges;
use shared::Shared;

/// Sends the requests of a queue. Any number of relays, in any number of processes, may share a queue.
///
/// A relay claims a request for the time of its lease. When the lease is over and the request is not settled, another relay
/// claims it. Requests are sent with their own transaction ids, so the server recognizes those that it already has. A relay
/// settles only requests whose lease it still has.
///
/// The [`Verdict`](teleflow::Verdict) of [`Client::deliver_many`] decides about each request:
///
/// | verdict or message | the request |
/// | --- | --- |
/// | `Done` | is deleted, or [archived](RelayBuilder::archive_delivered) |
/// | `Again` | is sent again after the wait of the verdict |
/// | `Again` with a pause | the same, and this relay claims nothing for that time |
/// | `Replace` | is replaced by requests for the events that are left, with its age and its number of deliveries |
/// | `Dead` | is dead |
/// | the message is not a stored request | is dead |
/// | a newer version of this library stored it | stays in the queue, and is logged and counted. It is looked at again after a minute |
///
/// Requests of one event that wait together are [sent as bulks](RelayBuilder::merge).
///
/// During a pause, the relay gives back what it has claimed but not sent. If somebody has to act, the log has an error,
/// and [`Gauges::pause`] is not `RateLimit`. After such a pause, the relay sends one request. Only if that one causes no pause, it
/// sends the others. A request that causes such pauses itself, for example because a proxy answers 403 to it, waits up to
/// three times as long as the relay.
///
/// It is cheap to clone. Clones share their gauges.
///
/// ```
/// use std::time::Duration;
/// use teleflow_outbox::Relay;
///
/// # #[cfg(feature = "sqlite")]
/// # async fn f(client: teleflow::Client, stop: tokio::sync::oneshot::Receiver<()>) -> teleflow_outbox::Result<()> {
/// let store = teleflow_outbox::sqlite::store("shop.db", "teleflow").await?;
/// let relay = Relay::builder(client, store).lease(Duration::from_secs(90)).concurrency(8).build()?;
/// relay.run(async { stop.await.unwrap_or_default() }).await;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Relay(Arc<Shared>);

impl Relay {
    /// Returns a builder of a relay that sends the requests of `store` with `client`.
    pub fn builder(client: Client, store: Store) -> RelayBuilder {
        RelayBuilder::new(client, store)
    }

    /// Sends requests until `shutdown` is ready. Then it finishes the requests in flight, and gives back those that it has
    /// claimed but not sent.
    ///
    /// That takes at most the deadline of the client, and the time that the database needs. Requests that are given back are visible
    /// at once, as if they had not been claimed. A failure of the database is logged, and the relay tries again. If this
    /// future is dropped, the requests in flight are sent again when their leases are over.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay, stop: tokio::sync::oneshot::Receiver<()>) {
    /// relay.run(async { stop.await.unwrap_or_default() }).await;
    /// # }
    /// ```
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        work_loop::until_shutdown(&self.0, shutdown).await;
    }

    /// Sends requests until none is visible and none is in flight, for cron jobs and tests.
    ///
    /// * Requests that are not due stay in the queue: those that wait for their next delivery, those that another relay has
    ///   claimed, and those of a newer version. They are not waited for.
    /// * When the relay pauses, this function finishes what is in flight, gives the rest back and returns `Ok`: see
    ///   [`Gauges::pause`]. If it is called during a pause, it returns at once.
    /// * Dead requests stay dead. Those that are older than [`keep_dead_for`](RelayBuilder::keep_dead_for) are deleted.
    ///
    /// So the queue may not be empty afterwards: see [`Gauges::queued`].
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
    /// relay.once().await?;
    /// assert_eq!(relay.gauges().await?.queued, 0);
    /// # Ok(()) }
    /// ```
    pub async fn once(&self) -> Result<()> {
        work_loop::until_empty(&self.0).await
    }

    /// The dead requests, oldest first, at most 1000.
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
    /// for message in relay.dead().await? {
    ///     relay.redrive(message.id()).await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn dead(&self) -> Result<Vec<DeadMessage>> {
        self.0.store.dead().await
    }

    /// Puts a dead request back into the queue. `false` if no dead request has this id.
    ///
    /// It keeps its transaction ids and its idempotency key, and its age starts again. The server forgets an idempotency key
    /// after a day: a broadcast that may have been sent can then reach every subscriber twice.
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
    /// let found = relay.redrive(7).await?;
    /// # Ok(()) }
    /// ```
    pub async fn redrive(&self, id: i64) -> Result<bool> {
        self.0.store.redrive(id).await
    }

    /// The state of the queue and the counts of this relay.
    ///
    /// [`run`](Self::run) logs them once a minute.
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
    /// println!("{:?}", relay.gauges().await?);
    /// # Ok(()) }
    /// ```
    pub async fn gauges(&self) -> Result<Gauges> {
        self.0.gauges().await
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("client", &self.0.client)
            .field("store", &self.0.store)
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

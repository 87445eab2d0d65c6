//! `Relay`: sends the requests of a queue.

// A module imports only modules listed below it.
mod work_loop;
mod send_claim;
pub(crate) mod builder;
mod shared;
pub(crate) mod gauges;
mod pause;
mod lease_clock;
mod backoff;

use std::fmt;
use std::sync::Arc;

use teleflow::Client;

use crate::error::Result;
use crate::store::{DeadMessage, Store};

use builder::RelayBuilder;
use gauges::Gauges;
use shared::Shared;

/// The most dead messages that [`Relay::dead`] returns.
const MAX_DEAD: usize = 1000;

/// Sends the requests of a queue. Any number of relays, in any number of processes, may share a queue.
///
/// A relay claims a request for the time of its lease. When the lease is over and the request is not settled, another relay
/// claims it. Requests are sent with their own transaction ids and idempotency keys, so the server recognizes those that it
/// already has. A relay settles only requests whose lease it still has.
///
/// | result | the request |
/// | --- | --- |
/// | the server queued every event | is deleted |
/// | the server asked to wait (`Retry-After`) | is sent again after that time; after a 429 this relay claims nothing until then |
/// | the connection, a timeout, a failure of the server | is sent again with a growing wait, up to 15 minutes |
/// | the API key or the allowance was refused | is sent again, and this relay pauses for 5 minutes and logs an error |
/// | the workflow does not exist or is not active | is sent again after 15 minutes |
/// | the server refuses the event itself, or it is a broadcast that may have been sent | is dead |
/// | it is older than [`give_up_after`](RelayBuilder::give_up_after) | is dead |
/// | it is not a stored request | is dead |
/// | a newer version of this library stored it | stays in the queue, and is logged |
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
    /// That takes at most the deadline of the client. A failure of the database is logged, and the relay tries again. If
    /// this future is dropped, the requests in flight are sent again when their leases are over.
    ///
    /// ```no_run
    /// # async fn f(relay: teleflow_outbox::Relay, stop: tokio::sync::oneshot::Receiver<()>) {
    /// relay.run(async { stop.await.unwrap_or_default() }).await;
    /// # }
    /// ```
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        work_loop::until_shutdown(&self.0, shutdown).await;
    }

    /// Sends requests until none is visible, for cron jobs and tests.
    ///
    /// Requests that wait for another attempt stay in the queue. It also ends when the relay pauses.
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
        self.0.store.backend().dead(MAX_DEAD).await
    }

    /// Puts a dead request back into the queue. `false` if no dead request has this id.
    ///
    /// It keeps its transaction ids and its idempotency key, and its age starts again.
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
        self.0.store.backend().redrive(id).await
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

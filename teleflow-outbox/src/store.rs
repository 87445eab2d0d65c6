//! `Store`: the verbs that a relay needs of a database.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use teleflow::Request;

use crate::error::Result;
use crate::stored_message::StoredMessage;

/// The most dead messages that [`Store::dead`] returns.
const MAX_DEAD: usize = 1000;

/// The queue of a database that a [`Relay`](crate::Relay) reads.
///
/// `sqlite::store` and `postgres::store` open one. It is cheap to clone.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # async fn f() -> teleflow_outbox::Result<()> {
/// let store: teleflow_outbox::Store = teleflow_outbox::sqlite::store("shop.db", "teleflow").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Store(Arc<dyn Backend>);

impl Store {
    pub(crate) fn new(backend: impl Backend + 'static) -> Self {
        Self(Arc::new(backend))
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        &*self.0
    }

    /// The state of the queue.
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(store: teleflow_outbox::Store) -> teleflow_outbox::Result<()> {
    /// println!("{} queued", store.metrics().await?.queued);
    /// # Ok(()) }
    /// ```
    pub async fn metrics(&self) -> Result<Metrics> {
        self.backend().metrics().await
    }

    /// The dead requests, oldest first, at most 1000.
    ///
    /// # Errors
    ///
    /// If the database fails.
    ///
    /// ```no_run
    /// # async fn f(store: teleflow_outbox::Store) -> teleflow_outbox::Result<()> {
    /// for message in store.dead().await? {
    ///     println!("{}: {}", message.id(), message.reason());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn dead(&self) -> Result<Vec<DeadMessage>> {
        self.backend().dead(MAX_DEAD).await
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
    /// # async fn f(store: teleflow_outbox::Store) -> teleflow_outbox::Result<()> {
    /// let found = store.redrive(7).await?;
    /// # Ok(()) }
    /// ```
    pub async fn redrive(&self, id: i64) -> Result<bool> {
        self.backend().redrive(id).await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.0.name()).finish()
    }
}

pub(crate) type BackendFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A kind of database. Each function is one transaction, except that `settle` may need several.
pub(crate) trait Backend: Send + Sync {
    /// The kind of the database and the queue, for `Debug`.
    fn name(&self) -> String;

    /// Claims at most `max` visible messages, oldest first, and hides them for the time of the lease.
    fn claim(&self, lease: Duration, max: usize) -> BackendFuture<'_, Vec<Claim>>;

    /// Ends leases. Returns for each, in their order, whether it was not lost: a lease is lost if another claim has been made
    /// since, or the message does not exist.
    ///
    /// An error says nothing about any of them.
    fn settle(&self, settlements: Vec<(Lease, Settlement)>) -> BackendFuture<'_, Vec<bool>>;

    /// The dead messages, oldest first, at most `max`.
    fn dead(&self, max: usize) -> BackendFuture<'_, Vec<DeadMessage>>;

    /// Makes a dead message visible again, with a new age. `false` if there is none with this id.
    fn redrive(&self, id: i64) -> BackendFuture<'_, bool>;

    /// Deletes the messages that died longer ago than this, and returns their number.
    fn purge_dead(&self, older_than: Duration) -> BackendFuture<'_, u64>;

    fn metrics(&self) -> BackendFuture<'_, Metrics>;
}

/// A claim of a message. Every claim raises `read_ct`, so a later claim invalidates this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) id: i64,
    pub(crate) read_ct: i64,
}

/// A claimed message.
pub(crate) struct Claim {
    pub(crate) lease: Lease,
    /// The time since it was put into the queue, by the clock of the database.
    pub(crate) age: Duration,
    pub(crate) message: String,
}

/// How a lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settlement {
    Delete,
    /// Removes the message from the queue, and keeps it in the archive.
    Archive,
    /// Makes the message visible again after this time.
    ShowAfter(Duration),
    /// Makes the message visible at once, as if it had not been claimed: `read_ct` is lowered by one.
    ///
    /// It is not tried twice, because the next claim has the same `read_ct`.
    GiveBack,
    /// Keeps the message as dead, for this reason.
    Dead(String),
    /// Deletes the message, and puts these into the queue instead. They have its age and its `read_ct`.
    Replace(Vec<Part>),
}

/// A message that takes the place of another one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) message: String,
    pub(crate) fate: PartFate,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = format_args!("<{} bytes>", self.message.len());
        f.debug_struct("Part").field("message", &message).field("fate", &self.fate).finish()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartFate {
    /// It is visible after this time.
    ShowAfter(Duration),
    /// It is dead, for this reason.
    Dead(String),
}

/// The state of a queue. [`Store::metrics`] returns it.
///
/// ```
/// # async fn f(store: teleflow_outbox::Store) -> teleflow_outbox::Result<()> {
/// let metrics = store.metrics().await?;
/// println!("{} queued, {} of them due, {} dead", metrics.queued, metrics.due, metrics.dead);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// The requests in the queue, including those that a relay has claimed and those that wait for another attempt.
    pub queued: u64,
    /// Those of them that a relay would claim now.
    pub due: u64,
    /// The age of the oldest of them. `None` if the queue is empty.
    pub oldest_age: Option<Duration>,
    /// The dead requests.
    pub dead: u64,
}

/// A message that the relay does not send any more. [`Relay::dead`](crate::Relay::dead) lists them.
///
/// `Debug` shows neither payload nor recipients.
///
/// ```
/// # async fn f(relay: teleflow_outbox::Relay) -> teleflow_outbox::Result<()> {
/// for message in relay.dead().await? {
///     println!("{}: {}", message.id(), message.reason());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct DeadMessage {
    id: i64,
    reason: String,
    dead_for: Duration,
    request: Option<Request>,
}

impl DeadMessage {
    pub(crate) fn new(id: i64, reason: String, dead_for: Duration, message: &str) -> Self {
        let request = match StoredMessage::read(message) {
            StoredMessage::Request(request) => Some(request),
            StoredMessage::Newer(_) | StoredMessage::Unreadable(_) => None,
        };
        Self { id, reason, dead_for, request }
    }

    /// The id in the database, for [`Relay::redrive`](crate::Relay::redrive).
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Why the relay gave up.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The time since the relay gave up.
    #[must_use]
    pub fn dead_for(&self) -> Duration {
        self.dead_for
    }

    /// The request. `None` if the message is not a stored request.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }
}

//! `Store`: the verbs that a relay needs of a database.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use teleflow::Request;

use crate::error::Result;
use crate::stored_message::StoredMessage;

/// The queue of a database that a [`Relay`](crate::Relay) reads.
///
/// `sqlite::store` opens one. It is cheap to clone.
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
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.0.name()).finish()
    }
}

pub(crate) type BackendFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A kind of database. Each function is one transaction.
pub(crate) trait Backend: Send + Sync {
    /// The kind of the database and the queue, for `Debug`.
    fn name(&self) -> String;

    /// Claims at most `max` visible messages, oldest first, and hides them for the time of the lease.
    fn claim(&self, lease: Duration, max: usize) -> BackendFuture<'_, Vec<Claim>>;

    /// Ends a lease. `false` if the lease was lost: another claim has been made since, or the message does not exist.
    fn settle(&self, lease: Lease, settlement: Settlement) -> BackendFuture<'_, bool>;

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
    /// Makes the message visible again after this time.
    ShowAfter(Duration),
    /// Keeps the message as dead, for this reason.
    Dead(String),
}

/// The state of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Metrics {
    pub(crate) queued: u64,
    pub(crate) oldest_age: Option<Duration>,
    pub(crate) dead: u64,
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

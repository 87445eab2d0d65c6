//! `RelayBuilder`: the settings of a relay.

use std::sync::Arc;
use std::time::Duration;

use teleflow::Client;

use super::Relay;
use super::gauges::Counters;
use super::lease_clock::LEASE_MARGIN;
use super::pause::PauseState;
use super::settler::Settler;
use super::shared::{Settings, Shared};
use crate::error::{Error, Result};
use crate::store::Store;

const HOUR: Duration = Duration::from_secs(3600);

/// The settings of a [`Relay`]. [`Relay::builder`] returns it.
///
/// ```
/// use std::time::Duration;
/// use teleflow_outbox::Relay;
///
/// # fn f(client: teleflow::Client, store: teleflow_outbox::Store) -> teleflow_outbox::Result<()> {
/// let relay = Relay::builder(client, store)
///     .lease(Duration::from_secs(90))
///     .concurrency(8)
///     .give_up_after(Duration::from_secs(24 * 3600))
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RelayBuilder {
    client: Client,
    store: Store,
    settings: Settings,
}

impl RelayBuilder {
    pub(crate) fn new(client: Client, store: Store) -> Self {
        let settings = Settings {
            lease: Duration::from_secs(90),
            concurrency: 8,
            give_up_after: 24 * HOUR,
            keep_dead_for: 30 * 24 * HOUR,
            archive_delivered: false,
            merge: true,
        };
        Self { client, store, settings }
    }

    /// Sets how long a claimed request is hidden from other relays. The default is 90 s.
    ///
    /// A request of a relay that was killed is sent again after this time. It is at least the deadline of the client and
    /// 5 s. A request that cannot be sent within the rest of its lease is given back.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease;
        self
    }

    /// Sets how many requests are in flight at the same time. The default is 8. A bulk is one of them.
    ///
    /// The relay claims the messages for as many more requests, so that a free slot does not wait for the database.
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.settings.concurrency = concurrency;
        self
    }

    /// Sets the age after which a request that fails is not sent again, but is dead. The default is 24 hours.
    ///
    /// A claimed request is sent, however old it is. See [`Delivery::give_up_after`](teleflow::Delivery::give_up_after).
    pub fn give_up_after(mut self, age: Duration) -> Self {
        self.settings.give_up_after = age;
        self
    }

    /// Sets how long dead requests are kept before they are deleted, because they contain personal data. The default is
    /// 30 days.
    pub fn keep_dead_for(mut self, time: Duration) -> Self {
        self.settings.keep_dead_for = time;
        self
    }

    /// Sets whether requests that were sent are kept in the archive of the queue. By default they are deleted, because they
    /// contain personal data.
    ///
    /// Nothing deletes them from the archive. The archive has the time at which they were sent.
    pub fn archive_delivered(mut self, on: bool) -> Self {
        self.settings.archive_delivered = on;
        self
    }

    /// Sets whether requests of one event that wait together are sent as bulks. They are by default.
    ///
    /// See [`Client::deliver_many`]. Without it each request is sent as it was stored, which needs more
    /// HTTP requests for the same events.
    pub fn merge(mut self, on: bool) -> Self {
        self.settings.merge = on;
        self
    }

    /// Builds the relay.
    ///
    /// # Errors
    ///
    /// If the lease is shorter than the [deadline of the client](teleflow::ClientBuilder::deadline) and 5 s, or if
    /// `concurrency` is 0.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # fn f(client: teleflow::Client, store: teleflow_outbox::Store) {
    /// let relay = teleflow_outbox::Relay::builder(client, store).lease(Duration::from_secs(5)).build();
    /// assert!(relay.is_err());
    /// # }
    /// ```
    pub fn build(self) -> Result<Relay> {
        let Self { client, store, settings } = self;
        let shortest = client.deadline().saturating_add(LEASE_MARGIN);
        if settings.lease < shortest {
            return Err(Error::new(format!(
                "the `lease` is {:?}, but it must be at least {shortest:?}: the `deadline` of the client is {:?}, and to claim and \
                 to settle takes up to {LEASE_MARGIN:?}; set a longer lease or a shorter deadline",
                settings.lease,
                client.deadline()
            )));
        }
        if settings.concurrency == 0 {
            return Err(Error::new("`concurrency` must be greater than 0"));
        }
        Ok(Relay(Arc::new(Shared {
            client,
            store,
            settings,
            pause: PauseState::default(),
            counters: Counters::default(),
            settler: Settler::default(),
        })))
    }
}

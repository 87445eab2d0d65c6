//! The relay's own clock of a lease.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// By how much a lease must be longer than the deadline of the client: the time to claim and to settle.
pub(crate) const LEASE_MARGIN: Duration = Duration::from_secs(5);
/// The time to settle a request. No request is in flight in this last part of a lease.
const SETTLE_MARGIN: Duration = Duration::from_secs(2);

/// Measures a lease, from before it was claimed.
///
/// On some systems the monotonic clock stops while the machine is suspended, so the wall clock is read too, and the larger
/// time counts. A wall clock that is set back changes nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeaseClock {
    lease: Duration,
    monotonic: Instant,
    wall: SystemTime,
}

impl LeaseClock {
    pub(crate) fn start(lease: Duration) -> Self {
        Self { lease, monotonic: Instant::now(), wall: SystemTime::now() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.monotonic.elapsed().max(self.wall.elapsed().unwrap_or_default())
    }

    /// The rest of the lease.
    pub(crate) fn left(&self) -> Duration {
        self.lease.saturating_sub(self.elapsed())
    }

    /// The time in which a request must be sent, so that it can be settled afterwards.
    pub(crate) fn left_to_send(&self) -> Duration {
        self.left().saturating_sub(SETTLE_MARGIN)
    }
}

//! How long a connection, an attempt and a request may take.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The longest connect limit. It leaves time for two lost SYN packets, which are sent again after 1 s and 3 s.
const CONNECT: Duration = Duration::from_millis(3100);
/// The slowest line that an attempt allows for, in bytes a second. `ClientBuilder::timeout` documents it.
const FLOOR_RATE: u32 = 64 * 1024;

/// The time limits of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timing {
    /// For one attempt, without the time for its body.
    pub(crate) timeout: Duration,
    /// For a whole request.
    pub(crate) deadline: Duration,
}

/// The time limit of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AttemptLimit {
    pub(crate) time: Duration,
    /// The deadline of the request is what limits it.
    pub(crate) by_deadline: bool,
}

impl Timing {
    /// The time limit for a connection, with TLS and a proxy's tunnel.
    ///
    /// It lies below the timeout and the deadline, so that a server that never accepts is told apart from one that
    /// never responds.
    pub(crate) fn connect_timeout(&self) -> Duration {
        CONNECT.min(self.timeout / 2).min(self.deadline / 3)
    }

    /// The latest time, since the request began, at which a further attempt may begin: it needs time to connect, and
    /// a quarter of that to be answered.
    pub(crate) fn latest_start(&self) -> Duration {
        self.deadline.saturating_sub(self.connect_timeout() * 5 / 4)
    }

    /// The limit of an attempt that sends this many bytes and begins this long after the request began.
    pub(crate) fn attempt(&self, bytes: usize, elapsed: Duration) -> AttemptLimit {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let upload = Duration::from_secs(1).saturating_mul(bytes) / FLOOR_RATE;
        let left = self.deadline.saturating_sub(elapsed);
        let time = self.timeout.saturating_add(upload);
        AttemptLimit { time: time.min(left), by_deadline: left < time }
    }
}

/// The time since a request began.
///
/// The monotonic clock of some systems stands still while the machine is suspended, so the wall clock is read too and
/// the larger of both holds. If the wall clock is set forward, a request that has failed may end too early; it never
/// ends too late.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch {
    monotonic: Instant,
    wall: SystemTime,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { monotonic: Instant::now(), wall: SystemTime::now() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        larger(self.monotonic.elapsed(), self.wall.elapsed().ok())
    }
}

/// `wall` is none if the wall clock was set back.
fn larger(monotonic: Duration, wall: Option<Duration>) -> Duration {
    monotonic.max(wall.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{AttemptLimit, Timing, larger};
    use std::time::Duration;

    fn timing(timeout: u64, deadline: u64) -> Timing {
        Timing { timeout: Duration::from_secs(timeout), deadline: Duration::from_secs(deadline) }
    }

    #[test]
    fn the_connect_limit_is_below_timeout_deadline_and_the_least_time_of_an_attempt() {
        for (timeout, deadline) in [(10, 30), (10, 3), (10, 8), (10, 12), (1, 60), (60, 1), (100, 300), (3, 3)] {
            let timing = timing(timeout, deadline);
            let least = timing.deadline - timing.latest_start();
            let connect = timing.connect_timeout();
            assert!(connect < timing.timeout && connect < least, "{timing:?}: {connect:?}, {least:?}");
            assert!(least < timing.timeout && least < timing.deadline, "{timing:?}: {least:?}");
        }
    }

    #[test]
    fn the_limit_of_an_attempt_grows_with_its_body_up_to_the_deadline() {
        let limit = |seconds, by_deadline| AttemptLimit { time: Duration::from_secs(seconds), by_deadline };
        assert_eq!(timing(10, 30).attempt(0, Duration::ZERO), limit(10, false));
        assert_eq!(timing(10, 30).attempt(640 * 1024, Duration::ZERO), limit(20, false));
        assert_eq!(timing(10, 30).attempt(6 * 1024 * 1024, Duration::ZERO), limit(30, true));
        assert_eq!(timing(10, 300).attempt(6 * 1024 * 1024, Duration::ZERO), limit(106, false));
        assert_eq!(timing(10, 30).attempt(0, Duration::from_secs(25)), limit(5, true));
        assert_eq!(timing(10, 30).attempt(usize::MAX, Duration::from_secs(31)), limit(0, true));
    }

    #[test]
    fn a_suspended_machine_and_a_clock_that_was_set_back_do_not_prolong_a_request() {
        let seconds = Duration::from_secs;
        assert_eq!(larger(seconds(1), Some(seconds(3600))), seconds(3600));
        assert_eq!(larger(seconds(5), Some(seconds(1))), seconds(5));
        assert_eq!(larger(seconds(5), None), seconds(5));
    }
}

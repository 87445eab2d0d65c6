//! The timeouts of a connection and an attempt, and the deadline of a request.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// The longest connect timeout. It allows for two lost SYN packets, which are sent again after 1 s and 3 s.
const MAX_CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// The slowest upload that an attempt allows for, in bytes per second. `ClientBuilder::timeout` documents it.
const MIN_UPLOAD_RATE: u32 = 64 * 1024;

/// The timeout and the deadline of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timing {
    /// For one attempt, without the extra time for a large body.
    pub(crate) timeout: Duration,
    /// For a whole request.
    pub(crate) deadline: Duration,
}

/// The timeout of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AttemptTimeout {
    pub(crate) duration: Duration,
    /// The deadline of the request cuts it short.
    pub(crate) by_deadline: bool,
}

impl Timing {
    /// The timeout to connect, TLS and a proxy's tunnel included.
    ///
    /// It is below the timeout and the deadline, to distinguish a server that does not accept connections from one that
    /// does not respond.
    pub(crate) fn connect_timeout(&self) -> Duration {
        MAX_CONNECT_TIMEOUT.min(self.timeout / 2).min(self.deadline / 3)
    }

    /// The latest time, counted from the start of the request, at which a further attempt may start. It leaves the connect
    /// timeout, and a quarter of it for the response.
    pub(crate) fn latest_start(&self) -> Duration {
        self.deadline.saturating_sub(self.connect_timeout() * 5 / 4)
    }

    /// The timeout of an attempt with a body of this many bytes that starts `elapsed` after the start of the request.
    pub(crate) fn attempt_timeout(&self, bytes: usize, elapsed: Duration) -> AttemptTimeout {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let upload = Duration::from_secs(1).saturating_mul(bytes) / MIN_UPLOAD_RATE;
        let left = self.deadline.saturating_sub(elapsed);
        let timeout = self.timeout.saturating_add(upload);
        AttemptTimeout { duration: timeout.min(left), by_deadline: left < timeout }
    }
}

/// Measures the time since the start of a request.
///
/// On some systems the monotonic clock stops while the machine is suspended, so the wall clock is read too and the larger
/// time counts. If the wall clock is set forward, a request that fails may end too early, but none ends too late.
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

/// `wall` is `None` if the wall clock was set back.
fn larger(monotonic: Duration, wall: Option<Duration>) -> Duration {
    monotonic.max(wall.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{AttemptTimeout, Timing, larger};
    use std::time::Duration;

    fn timing(timeout: u64, deadline: u64) -> Timing {
        Timing { timeout: Duration::from_secs(timeout), deadline: Duration::from_secs(deadline) }
    }

    #[test]
    fn the_connect_timeout_is_below_timeout_deadline_and_the_least_time_of_an_attempt() {
        for (timeout, deadline) in [(10, 30), (10, 3), (10, 8), (10, 12), (1, 60), (60, 1), (100, 300), (3, 3)] {
            let timing = timing(timeout, deadline);
            let min_time = timing.deadline - timing.latest_start();
            let connect = timing.connect_timeout();
            assert!(connect < timing.timeout && connect < min_time, "{timing:?}: {connect:?}, {min_time:?}");
            assert!(min_time < timing.timeout && min_time < timing.deadline, "{timing:?}: {min_time:?}");
        }
    }

    #[test]
    fn the_timeout_of_an_attempt_grows_with_its_body_up_to_the_deadline() {
        let expected = |seconds, by_deadline| AttemptTimeout { duration: Duration::from_secs(seconds), by_deadline };
        assert_eq!(timing(10, 30).attempt_timeout(0, Duration::ZERO), expected(10, false));
        assert_eq!(timing(10, 30).attempt_timeout(640 * 1024, Duration::ZERO), expected(20, false));
        assert_eq!(timing(10, 30).attempt_timeout(6 * 1024 * 1024, Duration::ZERO), expected(30, true));
        assert_eq!(timing(10, 300).attempt_timeout(6 * 1024 * 1024, Duration::ZERO), expected(106, false));
        assert_eq!(timing(10, 30).attempt_timeout(0, Duration::from_secs(25)), expected(5, true));
        assert_eq!(timing(10, 30).attempt_timeout(usize::MAX, Duration::from_secs(31)), expected(0, true));
    }

    #[test]
    fn a_suspended_machine_and_a_clock_that_was_set_back_do_not_prolong_a_request() {
        let seconds = Duration::from_secs;
        assert_eq!(larger(seconds(1), Some(seconds(3600))), seconds(3600));
        assert_eq!(larger(seconds(5), Some(seconds(1))), seconds(5));
        assert_eq!(larger(seconds(5), None), seconds(5));
    }
}

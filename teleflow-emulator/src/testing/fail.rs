//! The one place where an assertion fails.

use super::escape;

/// Fails the test at the caller's line.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion of a test panics")]
pub(super) fn fail(text: &str) -> ! {
    panic!("{}", escape::lines(text.trim_end()))
}

//! Errors of the author of a test, which have no other way to be seen.

/// Panics at the caller's line.
#[track_caller]
#[allow(clippy::panic, reason = "the author of a test has made a mistake")]
pub(crate) fn misuse(text: &str) -> ! {
    panic!("{text}")
}

//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

/// How long the server asks to wait: seconds, or a date.
///
/// A date is reckoned from the answer's own `Date`, so that a clock that is wrong does no harm; one in
/// the past, or without a `Date` to compare it with, asks for no more than local time makes of it.
pub(super) fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 holds: so long that nobody waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

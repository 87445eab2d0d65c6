//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// Returns how long the server asks to wait: a number of seconds, or the time until a date.
///
/// A date counts from the response's own `Date`, so that a wrong local clock does no harm, and from the local clock if there is
/// no `Date`. The wait until a date in the past is zero. The result may be as long as `u64::MAX` seconds.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 has: longer than any client waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let date = headers.get(DATE).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?.trim()).ok());
    Some(until.duration_since(date.unwrap_or_else(SystemTime::now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::HeaderMap;
    use http::header::{DATE, RETRY_AFTER};

    use super::retry_after;

    #[test]
    fn seconds_or_a_date() {
        let read = |text: &str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]));
        assert_eq!(read(" 5 "), Some(Duration::from_secs(5)));
        assert_eq!(read("3600"), Some(Duration::from_secs(3600)));
        let date = read(&httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(30))).unwrap();
        assert!((28..=30).contains(&date.as_secs()), "{date:?}");
        assert_eq!(read("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(Duration::ZERO));
        for odd in ["soon", "-1", "+5", ""] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_response() {
        let read = |until: &str, date: &str| {
            let headers = [(RETRY_AFTER, until.parse().unwrap()), (DATE, date.parse().unwrap())];
            retry_after(&HeaderMap::from_iter(headers))
        };
        let (early, late) = ("Thu, 01 Jan 2015 00:00:00 GMT", "Thu, 01 Jan 2015 00:00:07 GMT");
        assert_eq!(read(late, early), Some(Duration::from_secs(7)));
        assert_eq!(read(early, late), Some(Duration::ZERO));
        assert_eq!(read(early, "yesterday"), Some(Duration::ZERO), "from the clock");
    }
}

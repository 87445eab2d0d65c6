//! How fast the server wants to be asked: its rate limit, shared by all requests.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The requests that are sent at the same time.
pub(crate) const AT_ONCE: usize = 8;
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The state of the server's rate limit.
#[derive(Default)]
pub(crate) struct Pace {
    limit: Mutex<Limit>,
    /// Held by the one request that may be sent while the limit is near.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Limit {
    /// Nothing is sent before.
    until: Option<Instant>,
    /// Requests are sent one by one.
    is_near: bool,
    /// People have been told that nothing is sent before.
    said: Option<Instant>,
}

impl Pace {
    /// Waits until a request may be sent. The guard is kept until the response has been noted.
    pub(crate) async fn wait(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let is_near = self.read(|limit| limit.is_near);
        let turn = if is_near { Some(self.turn.lock().await) } else { None };
        if let Some(until) = self.read(|limit| limit.until) {
            tokio::time::sleep_until(until.into()).await;
        }
        turn
    }

    /// Notes what a response says about the limit.
    pub(crate) fn note(&self, status: u16, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let remaining = number("ratelimit-remaining");
        let reset = number("ratelimit-reset").and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
        let pause = match (status, remaining) {
            (429, _) => retry_after(headers).or(reset),
            (_, Some(..=0)) => reset,
            _ => None,
        };
        self.read(|limit| {
            if status == 429 {
                limit.is_near = true;
            } else if let Some(remaining) = remaining.and_then(|remaining| usize::try_from(remaining.max(0)).ok()) {
                // What is under way may need as many as there are at once.
                limit.is_near = remaining < if limit.is_near { 2 * AT_ONCE } else { AT_ONCE };
            }
            if let Some(until) = pause.and_then(|pause| Instant::now().checked_add(pause.min(LONGEST_WAIT))) {
                limit.until = Some(limit.until.map_or(until, |other| other.max(until)));
            }
        });
    }

    /// Whether people do not know of this pause yet.
    pub(crate) fn is_news(&self, pause: Duration) -> bool {
        let until = Instant::now().checked_add(pause);
        self.read(|limit| {
            // All that are under way are refused at nearly the same time.
            let is_same = |said: Instant| until.is_none_or(|until| until < said + Duration::from_secs(1));
            let is_news = !limit.said.is_some_and(is_same);
            if is_news {
                limit.said = until;
            }
            is_news
        })
    }

    fn read<T>(&self, read: impl FnOnce(&mut Limit) -> T) -> T {
        read(&mut self.limit.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The wait that a response asks for, at most a minute: seconds, or a date. The library has the same rules.
///
/// A date counts from the response's own `Date`, so that a wrong clock does no harm. A date in the past is no wait.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 holds are a very long wait.
        return Some(text.parse().map_or(LONGEST_WAIT, Duration::from_secs).min(LONGEST_WAIT));
    }
    let date = |text: &str| httpdate::parse_http_date(text.trim()).ok();
    let now = headers.get(DATE).and_then(|value| date(value.to_str().ok()?)).unwrap_or_else(SystemTime::now);
    Some(date(text)?.duration_since(now).unwrap_or_default().min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

    use super::retry_after;

    #[test]
    fn a_time_to_come_back_may_be_a_date() {
        let read = |text: &str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]));
        assert_eq!(read(" 5 "), Some(Duration::from_secs(5)));
        assert_eq!(read("3600"), Some(Duration::from_secs(60)));
        let date = read(&httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(30))).unwrap();
        assert!((28..=30).contains(&date.as_secs()), "{date:?}");
        assert_eq!(read("99999999999999999999999"), Some(Duration::from_secs(60)));
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

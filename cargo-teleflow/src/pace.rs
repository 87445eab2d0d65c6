//! The rate limit of the server, which all requests share.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use teleflow_http::retry_after::retry_after;

/// The largest number of concurrent requests.
pub(crate) const AT_ONCE: usize = 8;
/// The longest wait between two requests, whatever the server asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The state of the rate limit.
#[derive(Default)]
pub(crate) struct Pace {
    limit: Mutex<Limit>,
    /// Locked by the one request that is under way while the limit is near.
    single: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Limit {
    /// No request is sent before.
    until: Option<Instant>,
    /// Requests are sent one at a time.
    is_near: bool,
    /// The end of the last pause that was announced.
    announced: Option<Instant>,
}

impl Pace {
    /// Waits until a request may be sent. Keep the guard until the response is recorded.
    pub(crate) async fn wait(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        let is_near = self.with(|limit| limit.is_near);
        let single = if is_near { Some(self.single.lock().await) } else { None };
        if let Some(until) = self.with(|limit| limit.until) {
            tokio::time::sleep_until(until.into()).await;
        }
        single
    }

    /// Records the rate limit of a response.
    pub(crate) fn record(&self, status: u16, headers: &HeaderMap) {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let remaining = number("ratelimit-remaining");
        let reset = number("ratelimit-reset").and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs);
        let pause = match (status, remaining) {
            (429, _) => requested_wait(headers).or(reset),
            (_, Some(..=0)) => reset,
            _ => None,
        };
        self.with(|limit| {
            if status == 429 {
                limit.is_near = true;
            } else if let Some(remaining) = remaining.and_then(|remaining| usize::try_from(remaining.max(0)).ok()) {
                // The concurrent requests may use up as many.
                limit.is_near = remaining < if limit.is_near { 2 * AT_ONCE } else { AT_ONCE };
            }
            if let Some(until) = pause.and_then(|pause| Instant::now().checked_add(pause.min(LONGEST_WAIT))) {
                limit.until = Some(limit.until.map_or(until, |other| other.max(until)));
            }
        });
    }

    /// Whether this pause has not been announced yet.
    pub(crate) fn announce(&self, pause: Duration) -> bool {
        let until = Instant::now().checked_add(pause);
        self.with(|limit| {
            // The server rejects concurrent requests at nearly the same time.
            let is_same = |announced: Instant| until.is_none_or(|until| until < announced + Duration::from_secs(1));
            let is_new = !limit.announced.is_some_and(is_same);
            if is_new {
                limit.announced = until;
            }
            is_new
        })
    }

    fn with<T>(&self, access: impl FnOnce(&mut Limit) -> T) -> T {
        access(&mut self.limit.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Returns the wait that a response asks for, at most a minute.
pub(crate) fn requested_wait(headers: &HeaderMap) -> Option<Duration> {
    retry_after(headers).map(|wait| wait.min(LONGEST_WAIT))
}

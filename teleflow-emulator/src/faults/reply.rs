//! A response that a proxy gives.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

/// A response that does not come from the server, but from a proxy, a load balancer or a captive portal.
///
/// It does not echo the idempotency key, unless you add that header.
///
/// ```
/// use std::time::Duration;
/// use teleflow_emulator::Reply;
///
/// let busy = Reply::new(503).header("retry-after", "2");
/// let redirect = Reply::redirect("https://login.example.com/");
/// // `Retry-After` in one minute, by a clock that is one hour ahead.
/// let skewed = Reply::new(429).retry_after_date(Duration::from_secs(60), 3600);
/// ```
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    retry_after_date: Option<(Duration, i64)>,
}

impl Reply {
    /// Creates a response with this status and no headers or body. A status outside 200 to 999 becomes 500.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
        Self {
            status: status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            retry_after_date: None,
        }
    }

    /// Creates a 307 redirect, which keeps the method and the body.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::new(307).header("location", location)
    }

    /// Adds a header. A header that is not valid in HTTP is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds `Retry-After` and `Date` as dates of a clock that is `seconds_ahead` of ours (behind, if negative).
    ///
    /// `Retry-After` is `wait` after `Date`. Both are computed when the response is sent.
    #[must_use]
    pub fn retry_after_date(mut self, wait: Duration, seconds_ahead: i64) -> Self {
        self.retry_after_date = Some((wait, seconds_ahead));
        self
    }

    pub(crate) fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(self.body.clone());
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        if let Some((wait, seconds_ahead)) = self.retry_after_date {
            let skew = Duration::from_secs(seconds_ahead.unsigned_abs());
            let now = SystemTime::now();
            let now = if seconds_ahead < 0 { now.checked_sub(skew) } else { now.checked_add(skew) };
            for (name, time) in [(DATE, now), (RETRY_AFTER, now.and_then(|now| now.checked_add(wait)))] {
                let date = time.filter(is_printable).map(httpdate::fmt_http_date);
                if let Some(value) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
                    response.headers_mut().insert(name, value);
                }
            }
        }
        response
    }
}

/// An HTTP date has four digits for the year.
fn is_printable(time: &SystemTime) -> bool {
    const YEAR_9999: Duration = Duration::from_secs(253_402_300_800);
    time.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since < YEAR_9999)
}

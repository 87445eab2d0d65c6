//! The rate limit: a token bucket for each environment and category of routes.
// Source: `throttler.guard.ts`, `evaluate-token-bucket-rate-limit.usecase.ts` and `apiRateLimits.ts`.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};

use super::response::Failure;
use super::route::Route;
use crate::database::store::ApiKey;

/// The rate limit of an environment, by the service level of its organization.
///
/// A bulk or a broadcast costs as much as 100 triggers, whatever its size. A token bucket has room for 10 % more than one
/// second's tokens. On the free level that is 66, so bulks and broadcasts are always rejected.
///
/// ```
/// use teleflow_emulator::{Emulator, RateLimit};
///
/// Emulator::new().rate_limit(RateLimit::Free);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RateLimit {
    /// No limit and no `RateLimit-*` headers. This is the server's default.
    #[default]
    Off,
    /// 60 triggers a second.
    Free,
    /// 600 triggers a second.
    Business,
    /// 6000 triggers a second.
    Enterprise,
    /// 6000 triggers a second. An organization without a service level has this level.
    Unlimited,
    /// This many triggers a second, and the same number of other requests.
    PerSecond(u32),
}

/// The category of a route. Each category has its own bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Category {
    Trigger,
    Global,
}

/// The cost of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Cost {
    Single,
    Bulk,
}

/// The length of a window, in seconds.
const WINDOW: u32 = 1;

/// The room of a bucket beyond the tokens of one window, as a fraction.
const BURST_ALLOWANCE: f64 = 0.1;

impl RateLimit {
    /// The level with this name on the server.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Free, Self::Business, Self::Enterprise, Self::Unlimited].into_iter().find(|level| level.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Free => "free",
            Self::Business => "business",
            Self::Enterprise => "enterprise",
            Self::Unlimited => "unlimited",
            Self::PerSecond(_) => "custom",
        }
    }

    fn per_second(self, category: Category) -> u32 {
        match (self, category) {
            (Self::PerSecond(rate), _) => rate,
            (Self::Free, Category::Trigger) => 60,
            (Self::Free, Category::Global) => 30,
            (Self::Business, Category::Trigger) => 600,
            (Self::Business, Category::Global) => 300,
            (Self::Off | Self::Enterprise | Self::Unlimited, Category::Trigger) => 6000,
            (Self::Off | Self::Enterprise | Self::Unlimited, Category::Global) => 3000,
        }
    }
}

impl Category {
    fn of(route: &Route) -> Self {
        match route {
            Route::Trigger | Route::Bulk | Route::Broadcast | Route::Cancel { .. } | Route::TestEmail => Self::Trigger,
            Route::Workflows
            | Route::Workflow { .. }
            | Route::Layouts
            | Route::Layout { .. }
            | Route::Notifications => Self::Global,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Global => "global",
        }
    }
}

impl Cost {
    fn of(route: &Route) -> Self {
        if matches!(route, Route::Bulk | Route::Broadcast) { Self::Bulk } else { Self::Single }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Bulk => "bulk",
        }
    }

    fn tokens(self) -> i64 {
        match self {
            Self::Single => 1,
            Self::Bulk => 100,
        }
    }
}

/// A token bucket. Times are milliseconds of the emulator's clock; a refill can end between two milliseconds.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: i64,
    last_refill: f64,
    expires: f64,
}

/// All buckets, and the costs that are blocked after a rejection.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    buckets: HashMap<(String, Category), Bucket>,
    blocked_until: HashMap<(String, Category, Cost), f64>,
}

impl Buckets {
    /// Takes the tokens for a request. `headers` get the rate limit headers of the response, also if it is rejected.
    pub(crate) fn take(
        &mut self,
        level: RateLimit,
        caller: &ApiKey,
        route: &Route,
        now: Duration,
        headers: &mut HeaderMap,
    ) -> Result<(), Failure> {
        if level == RateLimit::Off {
            return Ok(());
        }
        let (category, cost) = (Category::of(route), Cost::of(route));
        let rate = level.per_second(category).saturating_mul(WINDOW);
        // Rounded down with the same doubles as in JavaScript.
        let burst = (f64::from(rate) * (1.0 + BURST_ALLOWANCE)).floor();
        // The server's clock counts whole milliseconds.
        let now = (now.as_secs_f64() * 1e3).floor();
        let (remaining, reset) = self.evaluate(&caller.environment_id, category, cost, rate, burst, now);
        let seconds = to_integer(((reset - now) / 1e3).ceil()).max(0);
        let policy = format!(
            "{rate};w={WINDOW};burst={burst};comment=\"token bucket\";category=\"{}\";cost=\"{}\";serviceLevel=\"{}\"",
            category.name(),
            cost.name(),
            level.name(),
        );
        set(headers, "ratelimit-remaining", &remaining.max(0).to_string());
        set(headers, "ratelimit-limit", &rate.to_string());
        set(headers, "ratelimit-reset", &seconds.to_string());
        set(headers, "ratelimit-policy", &policy);
        if remaining >= 0 {
            return Ok(());
        }
        set(headers, "retry-after", &seconds.to_string());
        Err(Failure::Bare(StatusCode::TOO_MANY_REQUESTS, "API rate limit exceeded".to_owned()))
    }

    /// Returns the remaining tokens, negative if the request is rejected, and the time when this cost can be paid again.
    fn evaluate(
        &mut self,
        environment_id: &str,
        category: Category,
        cost: Cost,
        rate: u32,
        burst: f64,
        now: f64,
    ) -> (i64, f64) {
        let class = (environment_id.to_owned(), category, cost);
        match self.blocked_until.get(&class) {
            // The bucket is not checked: the server caches rejections.
            Some(until) if *until >= now => return (-1, *until),
            _ => drop(self.blocked_until.remove(&class)),
        }
        let fill_interval = f64::from(WINDOW) * 1e3 / f64::from(rate);
        let window = f64::from(WINDOW) * 1e3;
        let price = cost.tokens();
        let stored = self.buckets.get(&(environment_id.to_owned(), category)).filter(|bucket| bucket.expires > now);
        let (bucket, shortfall, is_stored) = match stored.copied() {
            // A new bucket can become negative, and is stored so.
            None => {
                let bucket =
                    Bucket { tokens: to_integer(burst) - price, last_refill: now, expires: now + 2.0 * window };
                (bucket, shortfall(bucket.tokens, price), true)
            }
            // A bucket is not refilled while it can pay.
            Some(bucket) if bucket.tokens >= price => {
                let bucket = Bucket { tokens: bucket.tokens - price, ..bucket };
                (bucket, shortfall(bucket.tokens, price), true)
            }
            Some(bucket) => {
                let added = ((now - bucket.last_refill) / fill_interval).floor();
                let filled = bucket.tokens.saturating_add(to_integer(added)).min(to_integer(burst));
                let left = filled - price;
                if left >= 0 {
                    let last_refill = bucket.last_refill + added * fill_interval;
                    let bucket = Bucket { tokens: left, last_refill, expires: now + 2.0 * window };
                    (bucket, shortfall(left, price), true)
                } else {
                    (Bucket { tokens: left, ..bucket }, price - bucket.tokens, false)
                }
            }
        };
        let remaining = bucket.tokens;
        // The server's script returns an integer.
        let reset = (bucket.last_refill + to_float(shortfall) * fill_interval).floor();
        if is_stored {
            self.buckets.insert((environment_id.to_owned(), category), bucket);
        }
        if remaining < 0 {
            self.blocked_until.insert(class, reset);
        }
        (remaining, reset)
    }
}

/// How many tokens must be added before the same price can be paid again.
fn shortfall(remaining: i64, price: i64) -> i64 {
    if remaining < price { price - remaining } else { price }
}

/// Casts to an integer. Float casts saturate, and the counts here are small.
fn to_integer(count: f64) -> i64 {
    count as i64
}

fn to_float(count: i64) -> f64 {
    count as f64
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evaluates at times given in milliseconds, at the free level.
    fn free(buckets: &mut Buckets, cost: Cost, at: f64) -> (i64, f64) {
        buckets.evaluate("e", Category::Trigger, cost, 60, 66.0, at)
    }

    #[test]
    fn a_bulk_on_the_free_level_is_always_rejected_and_blocks_triggers() {
        let mut buckets = Buckets::default();
        let waits = [0.0, 1900.0, 3000.0, 6000.0].map(|at| {
            let (remaining, reset) = free(&mut buckets, Cost::Bulk, at);
            assert!(remaining < 0);
            ((reset - at) / 1e3).ceil()
        });
        // The values of an independent port of the limiter.
        assert_eq!(waits, [3.0, 1.0, 3.0, 3.0]);

        let mut buckets = Buckets::default();
        free(&mut buckets, Cost::Bulk, 0.0);
        assert!(free(&mut buckets, Cost::Single, 500.0).0 < 0);
        let mut buckets = Buckets::default();
        free(&mut buckets, Cost::Bulk, 0.0);
        assert_eq!(free(&mut buckets, Cost::Single, 584.0).0, 0);
    }

    #[test]
    fn a_bucket_is_refilled_only_when_it_cannot_pay() {
        let mut buckets = Buckets::default();
        for left in (0..66).rev() {
            assert_eq!(free(&mut buckets, Cost::Single, 100.0).0, left);
        }
        assert!(free(&mut buckets, Cost::Single, 100.0).0 < 0);
        assert_eq!(free(&mut buckets, Cost::Single, 610.0).0, 29);
    }
}

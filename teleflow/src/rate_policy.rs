//! Reads the server's rate policy (header `RateLimit-Policy`) and remembers it for a while.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::transport::Response;

/// The cost of a bulk or a broadcast of any size, in tokens of the rate limit.
// Source: `apiRateLimits.ts`.
const BULK_COST: u32 = 100;
/// How long a policy counts after it was last seen. The plan may be upgraded, and a process that only broadcasts would
/// never notice.
const EXPIRY: Duration = Duration::from_secs(5 * 60);

/// The burst of the server's rate policy (the size of its token bucket), and when it was last seen.
///
/// If the burst is below 100, as on the free plan (66), the server refuses every bulk and every broadcast: they cost
/// more tokens than the bucket can contain, so waiting does not help.
#[derive(Debug, Default)]
pub(crate) struct RatePolicy(Mutex<Option<(u32, Instant)>>);

impl RatePolicy {
    /// Updates the policy from a response, if it has the header.
    pub(crate) fn update(&self, response: &Response) {
        if let Some(burst) = response.header("ratelimit-policy").and_then(parse_burst) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((burst, Instant::now()));
        }
    }

    /// The burst, if it is below the cost of a bulk or a broadcast.
    pub(crate) fn burst_below_bulk_cost(&self) -> Option<u32> {
        let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|(burst, when)| *burst < BULK_COST && when.elapsed() < EXPIRY).map(|(burst, _)| burst)
    }
}

/// Parses the burst of a `RateLimit-Policy`, such as
/// `60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free"`.
///
/// Ignores policies for other categories than events. Of several policies the first one counts.
fn parse_burst(policy: &str) -> Option<u32> {
    let mut quoted = false;
    let mut burst = None;
    for part in policy.split(|c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    }) {
        let Some((name, value)) = part.split_once('=') else { continue };
        match name.trim() {
            "burst" => burst = burst.or(value.trim().parse().ok()),
            "category" if value.trim().trim_matches('"') != "trigger" => return None,
            _ => {}
        }
    }
    burst
}

#[cfg(test)]
mod tests {
    use super::parse_burst;

    #[test]
    fn the_burst_is_parsed() {
        let policy = r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
        assert_eq!(parse_burst(policy), Some(66));
        assert_eq!(parse_burst(r#"60 ; w=1 ; comment="a;burst=1;b" ; burst=660"#), Some(660));
    }

    #[test]
    fn a_header_that_is_not_a_policy_for_events_is_ignored() {
        let texts =
            ["", "60", "60;w=1", "burst", "burst=", "burst=-1", "burst=99999999999", "burst=x;;=;", "\"burst=1"];
        for text in texts {
            assert_eq!(parse_burst(text), None, "{text}");
        }
        assert_eq!(parse_burst(r#"20;burst=22;category="configuration""#), None);
    }
}

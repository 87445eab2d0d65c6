//! What the server's rate policy allows: a reading of its headers, which expires.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::transport::Response;

/// What a bulk and a broadcast cost, whatever their size.
// Source: `apiRateLimits.ts`.
const COST_OF_BULK: u32 = 100;
/// How long a policy is believed after it was last seen. A plan may be upgraded meanwhile, and a process that only
/// broadcasts would never learn of it.
const EXPIRY: Duration = Duration::from_secs(5 * 60);

/// The most tokens that the server's bucket can hold, as far as is known, and when that was seen.
///
/// If it is below 100, as on the free plan (66), the server refuses every bulk and every broadcast: their cost does not
/// fit into the bucket, and waiting does not help.
#[derive(Debug, Default)]
pub(crate) struct Plan(Mutex<Option<(u32, Instant)>>);

impl Plan {
    /// Learns from a response, if it says something of its policy.
    pub(crate) fn learn(&self, response: &Response) {
        if let Some(burst) = response.header("ratelimit-policy").and_then(burst) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((burst, Instant::now()));
        }
    }

    /// The size of the bucket, if no bulk and no broadcast fits into it.
    pub(crate) fn burst_below_bulk_cost(&self) -> Option<u32> {
        let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.filter(|(burst, when)| *burst < COST_OF_BULK && when.elapsed() < EXPIRY).map(|(burst, _)| burst)
    }
}

/// The size of the bucket in a `RateLimit-Policy`, such as
/// `60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free"`.
///
/// Only a policy for the events of this API counts. Of several policies the first does.
pub(crate) fn burst(policy: &str) -> Option<u32> {
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
    use super::burst;

    #[test]
    fn the_size_of_the_bucket_is_read() {
        let policy = r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
        assert_eq!(burst(policy), Some(66));
        assert_eq!(burst(r#"60 ; w=1 ; comment="a;burst=1;b" ; burst=660"#), Some(660));
    }

    #[test]
    fn a_header_that_is_not_a_policy_for_events_is_ignored() {
        let texts =
            ["", "60", "60;w=1", "burst", "burst=", "burst=-1", "burst=99999999999", "burst=x;;=;", "\"burst=1"];
        for text in texts {
            assert_eq!(burst(text), None, "{text}");
        }
        assert_eq!(burst(r#"20;burst=22;category="configuration""#), None);
    }
}

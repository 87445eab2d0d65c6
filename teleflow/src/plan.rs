//! What the server's rate policy allows: a pure reading of its headers.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::transport::Response;

/// What a bulk and a broadcast cost, whatever their size (`apiRateLimits.ts`).
const COST_OF_BULK: u32 = 100;

/// The most tokens that the server's bucket can hold, as far as is known.
///
/// Where it is below 100, as on the free plan (66), a bulk and a broadcast are refused for ever: their
/// cost does not fit into the bucket, and waiting does not help.
#[derive(Debug)]
pub(crate) struct Plan(AtomicU32);

impl Default for Plan {
    fn default() -> Self {
        Self(AtomicU32::new(UNKNOWN))
    }
}

const UNKNOWN: u32 = u32::MAX;

impl Plan {
    /// Learns from an answer, if it says something of its policy.
    pub(crate) fn learn(&self, response: &Response) {
        if let Some(burst) = response.header("ratelimit-policy").and_then(burst) {
            self.0.store(burst, Ordering::Relaxed);
        }
    }

    /// The size of the bucket, if no bulk and no broadcast fits into it.
    pub(crate) fn too_small(&self) -> Option<u32> {
        Some(self.0.load(Ordering::Relaxed)).filter(|burst| *burst < COST_OF_BULK)
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
    fn what_is_no_policy_for_events_says_nothing() {
        let texts =
            ["", "60", "60;w=1", "burst", "burst=", "burst=-1", "burst=99999999999", "burst=x;;=;", "\"burst=1"];
        for text in texts {
            assert_eq!(burst(text), None, "{text}");
        }
        assert_eq!(burst(r#"20;burst=22;category="configuration""#), None);
    }
}

//! Reads the `RateLimit-*` headers of a response.

use std::time::Duration;

use http::HeaderName;

use crate::transport::Response;

static REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
static RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The rate limit as one response reports it. A header that is absent or malformed is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct RateHeaders {
    /// The tokens that are left (`RateLimit-Remaining`).
    pub(super) remaining: Option<u32>,
    /// When a request of the same cost can be paid again (`RateLimit-Reset`). It matters only if `remaining` is too low.
    pub(super) reset: Option<Duration>,
    pub(super) policy: Option<Policy>,
}

/// The server's rate policy (`RateLimit-Policy`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Policy {
    /// The size of the token bucket.
    pub(super) burst: u32,
    /// The time in which the server adds one token.
    pub(super) interval: Option<Duration>,
}

impl RateHeaders {
    pub(super) fn read(response: &Response) -> Self {
        let policy = response.header(&POLICY).and_then(parse_policy);
        if policy.is_none() && response.status() != 429 {
            // The server always sends its policy with these numbers. Without it they are a gateway's, which counts requests.
            return Self::default();
        }
        Self {
            remaining: response.header(&REMAINING).and_then(parse),
            reset: response.header(&RESET).and_then(parse).map(Duration::from_secs),
            policy,
        }
    }
}

fn parse<T: std::str::FromStr>(value: &str) -> Option<T> {
    value.trim().parse().ok()
}

/// Parses a `RateLimit-Policy`, such as
/// `60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free"`.
///
/// Ignores policies without a burst, and those for other categories than events. If there are several policies, the first one counts.
fn parse_policy(policy: &str) -> Option<Policy> {
    let mut quoted = false;
    let mut policies = policy.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    let policy = policies.next().unwrap_or_default();
    let mut quoted = false;
    let (mut limit, mut window, mut burst) = (None::<u32>, None::<u32>, None);
    for part in policy.split(|c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    }) {
        let Some((name, value)) = part.split_once('=') else {
            limit = limit.or(parse(part));
            continue;
        };
        match name.trim() {
            "w" => window = window.or(parse(value)),
            "burst" => burst = burst.or(parse(value)),
            "category" if value.trim().trim_matches('"') != "trigger" => return None,
            _ => {}
        }
    }
    let interval = match (limit, window) {
        (Some(limit @ 1..), Some(window)) => Some(Duration::from_secs(u64::from(window)) / limit),
        _ => None,
    };
    Some(Policy { burst: burst?, interval })
}

#[cfg(test)]
mod tests {
    use super::{Policy, RateHeaders, parse_policy};
    use crate::transport::Response;
    use std::time::Duration;

    #[test]
    fn burst_and_interval_are_parsed() {
        let policy = r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
        let policy_of = |burst, interval| Some(Policy { burst, interval });
        assert_eq!(parse_policy(policy), policy_of(66, Some(Duration::from_secs(1) / 60)));
        let spaced = r#" 300 ; w=5 ; comment="a;burst=1;b" ; burst=330"#;
        assert_eq!(parse_policy(spaced), policy_of(330, Some(Duration::from_secs(1) / 60)));
        let two = r#"60;w=5;burst=330;comment="a,b;burst=1", 20;w=1;burst=22;comment="x""#;
        assert_eq!(parse_policy(two), policy_of(330, Some(Duration::from_secs(5) / 60)));
        for without_interval in ["0;w=1;burst=66", "w=1;burst=66", "60;burst=66", "60;w=-1;burst=66"] {
            assert_eq!(parse_policy(without_interval), policy_of(66, None), "{without_interval}");
        }
    }

    #[test]
    fn a_header_that_is_not_a_policy_for_events_is_ignored() {
        let texts =
            ["", "60", "60;w=1", "burst", "burst=", "burst=-1", "burst=99999999999", "burst=x;;=;", "\"burst=1"];
        for text in texts {
            assert_eq!(parse_policy(text), None, "{text}");
        }
        assert_eq!(parse_policy(r#"20;burst=22;category="configuration""#), None);
    }

    #[test]
    fn malformed_numbers_count_as_absent() {
        for value in ["", "-1", "1.5", "soon", "99999999999999999999"] {
            let headers = ["ratelimit-remaining", "ratelimit-reset"];
            let headers = headers.map(|name| (name.parse().unwrap(), value.parse().unwrap())).into_iter().collect();
            assert_eq!(RateHeaders::read(&Response::new(429, headers, "")), RateHeaders::default(), "{value}");
        }
    }
}

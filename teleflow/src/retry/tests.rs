//! The retry rules, one line each.

use std::time::Duration;

use super::{Attempt, Cost, Decision, End, Key, Outcome, RetryPolicy};
use crate::request::Endpoint;

fn attempt(outcome: Outcome) -> Attempt {
    Attempt {
        endpoint: Endpoint::Trigger,
        outcome,
        number: 1,
        counted: 1,
        elapsed: Duration::ZERO,
        latest_start: Duration::from_secs(26),
        jitter: 0.5,
        keys_work: false,
        in_budget: true,
    }
}

fn response(status: u16) -> Outcome {
    Outcome::Response { status, retry_after: None, echoed: false, replayed: false }
}

fn with_retry_after(status: u16, seconds: u64) -> Outcome {
    Outcome::Response { status, retry_after: Some(Duration::from_secs(seconds)), echoed: false, replayed: false }
}

fn echoed(status: u16, replayed: bool) -> Outcome {
    Outcome::Response { status, retry_after: None, echoed: true, replayed }
}

/// The key of the retry. `None` if there is no retry.
fn key(attempt: Attempt) -> Option<Key> {
    match RetryPolicy::default().decide(&attempt) {
        Decision::Retry { key, .. } => Some(key),
        Decision::End(_) => None,
    }
}

#[test]
fn what_is_retried_and_under_which_key() {
    let mut table = vec![
        (Outcome::NotConnected, Some(Key::Same)),
        (Outcome::NoResponse, Some(Key::Same)),
        (Outcome::Permanent, None),
        (response(408), Some(Key::Same)),
        (response(409), None),
        (with_retry_after(409, 1), Some(Key::Same)),
        (response(429), Some(Key::Same)),
        (with_retry_after(429, 1), Some(Key::Same)),
        (response(501), None),
        (response(505), None),
    ];
    table.extend([500, 502, 503, 504, 507, 520, 529, 599].map(|status| (response(status), Some(Key::Same))));
    table.extend([200, 201, 202, 204, 301, 302, 307, 308, 0, 199, 600].map(|status| (response(status), None)));
    let refusals = (400..500).filter(|status| ![408, 409, 429].contains(status));
    table.extend(refusals.map(|status| (response(status), None)));
    for (outcome, expected) in table {
        assert_eq!(key(attempt(outcome)), expected, "{outcome:?}");
    }
}

#[test]
fn a_failure_that_echoes_the_key_is_retried_with_a_new_one() {
    for status in [500, 502, 503, 504] {
        assert_eq!(key(attempt(echoed(status, false))), Some(Key::New));
        assert_eq!(key(attempt(echoed(status, true))), Some(Key::New));
        let replayed = Outcome::Response { status, retry_after: None, echoed: false, replayed: true };
        assert_eq!(key(attempt(replayed)), Some(Key::New), "a replay is in the cache, whether or not it echoes");
    }
    assert_eq!(key(attempt(echoed(501, false))), None);
}

#[test]
fn a_replayed_response_below_500_is_final() {
    for (status, end) in [(200, End::Final), (201, End::Final)]
        .into_iter()
        .chain([400, 408, 409, 422, 429].map(|status| (status, End::Permanent)))
    {
        let decision = RetryPolicy::default().decide(&attempt(echoed(status, true)));
        assert_eq!(decision, Decision::End(end), "{status}");
    }
}

#[test]
fn a_broadcast_that_may_have_been_processed_is_retried_only_if_keys_work() {
    for outcome in [Outcome::NoResponse, response(408), response(502)] {
        let broadcast = Attempt { endpoint: Endpoint::Broadcast, ..attempt(outcome) };
        let decision = RetryPolicy::default().decide(&broadcast);
        assert_eq!(decision, Decision::End(End::UnsafeToRetry), "{outcome:?}");
        assert_eq!(key(Attempt { keys_work: true, ..broadcast }), Some(Key::Same), "{outcome:?}");
    }
    for outcome in [Outcome::NotConnected, response(429)] {
        let broadcast = Attempt { endpoint: Endpoint::Broadcast, ..attempt(outcome) };
        assert_eq!(key(broadcast), Some(Key::Same), "{outcome:?}");
    }
}

#[test]
fn attempts_that_count_are_limited() {
    let last = Attempt { number: 5, counted: 5, ..attempt(response(503)) };
    assert_eq!(RetryPolicy::default().decide(&last), Decision::End(End::MaxAttempts(5)));
    assert!(matches!(RetryPolicy::default().max_attempts(6).decide(&last), Decision::Retry { cost: Cost::Full, .. }));
}

#[test]
fn a_retry_after_counts_against_the_deadline_only() {
    for status in [409, 429] {
        let late = Attempt { number: 50, counted: 5, in_budget: false, ..attempt(with_retry_after(status, 1)) };
        assert!(matches!(RetryPolicy::default().decide(&late), Decision::Retry { cost: Cost::Free, .. }), "{status}");
        let too_late = Attempt { elapsed: Duration::from_secs(29), ..late };
        assert_eq!(RetryPolicy::default().decide(&too_late), Decision::End(End::RetryAfterTooLate), "{status}");
    }
    // A `Retry-After` of a server that fails is not a schedule.
    let failing = Attempt { number: 5, counted: 5, ..attempt(with_retry_after(503, 1)) };
    assert_eq!(RetryPolicy::default().decide(&failing), Decision::End(End::MaxAttempts(5)));
}

fn wait(policy: RetryPolicy, attempt: Attempt) -> u128 {
    match policy.decide(&attempt) {
        Decision::Retry { wait, .. } => wait.as_millis(),
        Decision::End(end) => panic!("{attempt:?}: {end:?}"),
    }
}

#[test]
fn a_retry_after_is_honoured_inside_the_deadline_and_fails_immediately_beyond_it() {
    for status in [409, 429, 503] {
        for (jitter, expected) in [(0.0, 7000), (0.5, 7500), (1.0, 8000)] {
            let attempt = Attempt { jitter, ..attempt(with_retry_after(status, 7)) };
            assert_eq!(wait(RetryPolicy::default(), attempt), expected, "{status}");
        }
        for seconds in [26, 30, u64::MAX] {
            let decision = RetryPolicy::default().decide(&attempt(with_retry_after(status, seconds)));
            assert_eq!(decision, Decision::End(End::RetryAfterTooLate), "{status}");
        }
    }
}

#[test]
fn the_jitter_on_top_of_a_retry_after_is_half_of_it_and_a_second_at_most() {
    let longest =
        |seconds| wait(RetryPolicy::default(), Attempt { jitter: 1.0, ..attempt(with_retry_after(429, seconds)) });
    assert_eq!([1, 2, 10].map(longest), [1500, 3000, 11_000]);
    // The jitter never ends a request that can be retried in time.
    assert_eq!(longest(25), 25_980);
}

#[test]
fn a_retry_that_does_not_count_waits_a_minimum_time_whatever_the_backoff() {
    let eager = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
    for outcome in [with_retry_after(429, 0), with_retry_after(409, 0), Outcome::NotConnected] {
        for (jitter, expected) in [(0.0, 100), (1.0, 200)] {
            assert_eq!(wait(eager, Attempt { jitter, ..attempt(outcome) }), expected, "{outcome:?}");
        }
        let slow = Attempt { number: 3, jitter: 1.0, ..attempt(outcome) };
        assert_eq!(wait(RetryPolicy::default(), slow), 900, "{outcome:?}");
    }
    assert_eq!(wait(eager, attempt(response(503))), 0, "these count as attempts");
}

#[test]
fn an_attempt_that_did_not_connect_is_retried_until_the_deadline_outside_attempts_and_budget() {
    let many = Attempt { number: 200, counted: 5, in_budget: false, ..attempt(Outcome::NotConnected) };
    assert!(matches!(RetryPolicy::default().decide(&many), Decision::Retry { cost: Cost::Free, .. }));
    let late = Attempt { elapsed: Duration::from_millis(25_950), ..many };
    assert_eq!(RetryPolicy::default().decide(&late), Decision::End(End::Deadline));
    // The wait is at most two seconds, and at the end at most the time left.
    assert_eq!(wait(RetryPolicy::default(), Attempt { jitter: 1.0, ..many }), 2100);
    assert_eq!(wait(RetryPolicy::default(), Attempt { elapsed: Duration::from_secs(25), ..many }), 980);
}

#[test]
fn max_attempts_limits_attempts_that_did_not_connect() {
    let policy = RetryPolicy::default().max_attempts(5);
    let last = Attempt { number: 5, counted: 5, in_budget: false, ..attempt(Outcome::NotConnected) };
    assert_eq!(policy.decide(&last), Decision::End(End::MaxAttempts(5)));
    let earlier = Attempt { counted: 4, ..last };
    assert!(
        matches!(policy.decide(&earlier), Decision::Retry { cost: Cost::Attempt, .. }),
        "the budget does not matter"
    );
}

#[test]
fn waits_double_up_to_the_longest_and_are_jittered_down_to_zero() {
    let policy = RetryPolicy::default().max_attempts(100).backoff(Duration::from_secs(1), Duration::from_secs(5));
    let wait = |number, jitter| wait(policy, Attempt { number, counted: 1, jitter, ..attempt(response(503)) });
    assert_eq!([1, 2, 3, 4, 99].map(|number| wait(number, 1.0)), [1000, 2000, 4000, 5000, 5000]);
    assert_eq!(wait(3, 0.25), 1000);
    assert_eq!(wait(3, 0.0), 0);
}

#[test]
fn a_wait_beyond_the_deadline_ends_it() {
    let late = Attempt { elapsed: Duration::from_millis(29_900), jitter: 1.0, ..attempt(response(503)) };
    assert_eq!(RetryPolicy::default().decide(&late), Decision::End(End::Deadline));
}

#[test]
fn none_means_one_attempt_even_with_a_retry_after() {
    for outcome in [Outcome::NotConnected, response(503), with_retry_after(429, 1)] {
        assert_eq!(RetryPolicy::none().decide(&attempt(outcome)), Decision::End(End::MaxAttempts(1)));
    }
    assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
}

#[test]
fn an_empty_budget_ends_it() {
    let no_budget = Attempt { in_budget: false, ..attempt(response(503)) };
    assert_eq!(RetryPolicy::default().decide(&no_budget), Decision::End(End::RetryBudget));
}

#[test]
fn after_which_outcomes_the_fate_is_unknown() {
    for status in [200, 201, 408, 409, 500, 503, 0, 100, 600] {
        assert!(response(status).fate_unknown(), "{status}");
    }
    for status in [301, 400, 401, 402, 404, 407, 410, 413, 422, 429, 499] {
        assert!(!response(status).fate_unknown(), "{status}");
    }
    assert!(Outcome::NoResponse.fate_unknown());
    assert!(!Outcome::NotConnected.fate_unknown());
}

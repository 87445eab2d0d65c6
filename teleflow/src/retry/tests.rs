//! The rules of retrying, a line each.

use std::time::Duration;

use super::{Attempt, Cost, End, Key, Next, Outcome, RetryPolicy};
use crate::request::Endpoint;

const FINAL: Next = Next::End(End::Final);

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

fn answered(status: u16) -> Outcome {
    Outcome::Response { status, retry_after: None, echoed: false, replayed: false }
}

fn asking(status: u16, seconds: u64) -> Outcome {
    Outcome::Response { status, retry_after: Some(Duration::from_secs(seconds)), echoed: false, replayed: false }
}

fn echoing(status: u16, replayed: bool) -> Outcome {
    Outcome::Response { status, retry_after: None, echoed: true, replayed }
}

/// The key of the repeat; none if there is no repeat.
fn key(attempt: Attempt) -> Option<Key> {
    match RetryPolicy::default().next(&attempt) {
        Next::Retry { key, .. } => Some(key),
        Next::End(_) => None,
    }
}

#[test]
fn what_is_retried_and_under_which_key() {
    let mut table = vec![
        (Outcome::NotConnected, Some(Key::Same)),
        (Outcome::NoResponse, Some(Key::Same)),
        (Outcome::Permanent, None),
        (answered(408), Some(Key::Same)),
        (answered(409), None),
        (asking(409, 1), Some(Key::Same)),
        (answered(429), Some(Key::Same)),
        (asking(429, 1), Some(Key::Same)),
        (answered(501), None),
        (answered(505), None),
    ];
    table.extend([500, 502, 503, 504, 507, 520, 529, 599].map(|status| (answered(status), Some(Key::Same))));
    table.extend([200, 201, 202, 204, 301, 302, 307, 308, 0, 199, 600].map(|status| (answered(status), None)));
    let refusals = (400..500).filter(|status| ![408, 409, 429].contains(status));
    table.extend(refusals.map(|status| (answered(status), None)));
    for (outcome, expected) in table {
        assert_eq!(key(attempt(outcome)), expected, "{outcome:?}");
    }
}

#[test]
fn a_failure_that_echoes_the_key_is_repeated_under_a_new_one() {
    for status in [500, 502, 503, 504] {
        assert_eq!(key(attempt(echoing(status, false))), Some(Key::New));
        assert_eq!(key(attempt(echoing(status, true))), Some(Key::New));
        let replayed = Outcome::Response { status, retry_after: None, echoed: false, replayed: true };
        assert_eq!(key(attempt(replayed)), Some(Key::New), "a replay is in the cache, whatever it echoes");
    }
    assert_eq!(key(attempt(echoing(501, false))), None);
}

#[test]
fn a_replayed_answer_below_500_is_final() {
    for status in [200, 201, 400, 408, 409, 422, 429] {
        assert_eq!(RetryPolicy::default().next(&attempt(echoing(status, true))), FINAL, "{status}");
    }
}

#[test]
fn a_broadcast_that_may_be_done_is_repeated_only_where_keys_work() {
    for outcome in [Outcome::NoResponse, answered(408), answered(502)] {
        let broadcast = Attempt { endpoint: Endpoint::Broadcast, ..attempt(outcome) };
        assert_eq!(key(broadcast), None, "{outcome:?}");
        assert_eq!(key(Attempt { keys_work: true, ..broadcast }), Some(Key::Same), "{outcome:?}");
    }
    for outcome in [Outcome::NotConnected, answered(429)] {
        let broadcast = Attempt { endpoint: Endpoint::Broadcast, ..attempt(outcome) };
        assert_eq!(key(broadcast), Some(Key::Same), "{outcome:?}");
    }
}

#[test]
fn attempts_that_count_are_limited() {
    let last = Attempt { number: 5, counted: 5, ..attempt(answered(503)) };
    assert_eq!(RetryPolicy::default().next(&last), Next::End(End::MaxAttempts(5)));
    assert!(matches!(RetryPolicy::default().max_attempts(6).next(&last), Next::Retry { cost: Cost::Full, .. }));
}

#[test]
fn a_retry_after_counts_against_the_deadline_only() {
    for status in [409, 429] {
        let late = Attempt { number: 50, counted: 5, in_budget: false, ..attempt(asking(status, 1)) };
        assert!(matches!(RetryPolicy::default().next(&late), Next::Retry { cost: Cost::Free, .. }), "{status}");
        let too_late = Attempt { elapsed: Duration::from_secs(29), ..late };
        assert_eq!(RetryPolicy::default().next(&too_late), Next::End(End::RetryAfterTooLate), "{status}");
    }
    // A failing server makes no appointments.
    let failing = Attempt { number: 5, counted: 5, ..attempt(asking(503, 1)) };
    assert_eq!(RetryPolicy::default().next(&failing), Next::End(End::MaxAttempts(5)));
}

fn wait(policy: RetryPolicy, attempt: Attempt) -> u128 {
    match policy.next(&attempt) {
        Next::Retry { wait, .. } => wait.as_millis(),
        Next::End(end) => panic!("{attempt:?}: {end:?}"),
    }
}

#[test]
fn a_retry_after_is_honoured_inside_the_deadline_and_fails_at_once_beyond_it() {
    for status in [409, 429, 503] {
        for (jitter, expected) in [(0.0, 7000), (0.5, 7500), (1.0, 8000)] {
            let attempt = Attempt { jitter, ..attempt(asking(status, 7)) };
            assert_eq!(wait(RetryPolicy::default(), attempt), expected, "{status}");
        }
        for seconds in [26, 30, u64::MAX] {
            let next = RetryPolicy::default().next(&attempt(asking(status, seconds)));
            assert_eq!(next, Next::End(End::RetryAfterTooLate), "{status}");
        }
    }
}

#[test]
fn the_jitter_on_top_of_a_retry_after_is_half_of_it_and_a_second_at_most() {
    let spread = |seconds| wait(RetryPolicy::default(), Attempt { jitter: 1.0, ..attempt(asking(429, seconds)) });
    assert_eq!([1, 2, 10].map(spread), [1500, 3000, 11_000]);
    // It never makes a request fail that could come back in time.
    assert_eq!(spread(25), 25_980);
}

#[test]
fn a_retry_that_uses_up_no_attempt_waits_a_least_time_whatever_the_backoff() {
    let eager = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
    for outcome in [asking(429, 0), asking(409, 0), Outcome::NotConnected] {
        for (jitter, expected) in [(0.0, 100), (1.0, 200)] {
            assert_eq!(wait(eager, Attempt { jitter, ..attempt(outcome) }), expected, "{outcome:?}");
        }
        let slow = Attempt { number: 3, jitter: 1.0, ..attempt(outcome) };
        assert_eq!(wait(RetryPolicy::default(), slow), 900, "{outcome:?}");
    }
    assert_eq!(wait(eager, attempt(answered(503))), 0, "attempts bound these");
}

#[test]
fn what_never_connected_is_retried_until_the_deadline_outside_attempts_and_budget() {
    let many = Attempt { number: 200, counted: 5, in_budget: false, ..attempt(Outcome::NotConnected) };
    assert!(matches!(RetryPolicy::default().next(&many), Next::Retry { cost: Cost::Free, .. }));
    let late = Attempt { elapsed: Duration::from_millis(25_950), ..many };
    assert_eq!(RetryPolicy::default().next(&late), Next::End(End::Deadline));
    // It waits no longer than two seconds, and at the end no longer than there is time.
    assert_eq!(wait(RetryPolicy::default(), Attempt { jitter: 1.0, ..many }), 2100);
    assert_eq!(wait(RetryPolicy::default(), Attempt { elapsed: Duration::from_secs(25), ..many }), 980);
}

#[test]
fn a_number_of_attempts_that_the_caller_sets_bounds_those_that_never_connected() {
    let policy = RetryPolicy::default().max_attempts(5);
    let last = Attempt { number: 5, counted: 5, in_budget: false, ..attempt(Outcome::NotConnected) };
    assert_eq!(policy.next(&last), Next::End(End::MaxAttempts(5)));
    let earlier = Attempt { counted: 4, ..last };
    assert!(matches!(policy.next(&earlier), Next::Retry { cost: Cost::Attempt, .. }), "the budget is not asked");
}

#[test]
fn waits_double_up_to_the_longest_and_are_jittered_down_to_zero() {
    let policy = RetryPolicy::default().max_attempts(100).backoff(Duration::from_secs(1), Duration::from_secs(5));
    let wait = |number, jitter| wait(policy, Attempt { number, counted: 1, jitter, ..attempt(answered(503)) });
    assert_eq!([1, 2, 3, 4, 99].map(|number| wait(number, 1.0)), [1000, 2000, 4000, 5000, 5000]);
    assert_eq!(wait(3, 0.25), 1000);
    assert_eq!(wait(3, 0.0), 0);
}

#[test]
fn a_wait_beyond_the_deadline_ends_it() {
    let late = Attempt { elapsed: Duration::from_millis(29_900), jitter: 1.0, ..attempt(answered(503)) };
    assert_eq!(RetryPolicy::default().next(&late), Next::End(End::Deadline));
}

#[test]
fn none_means_one_attempt_even_with_an_appointment() {
    for outcome in [Outcome::NotConnected, answered(503), asking(429, 1)] {
        assert_eq!(RetryPolicy::none().next(&attempt(outcome)), Next::End(End::MaxAttempts(1)));
    }
    assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
}

#[test]
fn an_empty_budget_ends_it() {
    let broke = Attempt { in_budget: false, ..attempt(answered(503)) };
    assert_eq!(RetryPolicy::default().next(&broke), Next::End(End::RetryBudget));
}

#[test]
fn what_leaves_open_whether_the_event_is_queued() {
    for status in [200, 201, 408, 409, 500, 503, 0, 100, 600] {
        assert!(answered(status).leaves_open(), "{status}");
    }
    for status in [301, 400, 401, 402, 404, 407, 410, 413, 422, 429, 499] {
        assert!(!answered(status).leaves_open(), "{status}");
    }
    assert!(Outcome::NoResponse.leaves_open());
    assert!(!Outcome::NotConnected.leaves_open());
}

//! The rules of repeating, a line each.

use std::time::Duration;

use super::{Attempt, End, Key, Next, Outcome, RetryPolicy};
use crate::request::Endpoint;

const FINAL: Next = Next::End(End::Final);

fn attempt(outcome: Outcome) -> Attempt {
    Attempt {
        endpoint: Endpoint::Trigger,
        outcome,
        number: 1,
        counted: 1,
        elapsed: Duration::ZERO,
        deadline: Duration::from_secs(30),
        jitter: 0.5,
        keys_work: false,
        in_budget: true,
    }
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered { status, retry_after: None, echoed: false, replayed: false }
}

fn asking(status: u16, seconds: u64) -> Outcome {
    Outcome::Answered { status, retry_after: Some(Duration::from_secs(seconds)), echoed: false, replayed: false }
}

fn echoing(status: u16, replayed: bool) -> Outcome {
    Outcome::Answered { status, retry_after: None, echoed: true, replayed }
}

/// The key of the repeat; none if there is no repeat.
fn key(attempt: Attempt) -> Option<Key> {
    match RetryPolicy::default().next(&attempt) {
        Next::Repeat { key, .. } => Some(key),
        Next::End(_) => None,
    }
}

#[test]
fn what_is_repeated_and_under_which_key() {
    let mut table = vec![
        (Outcome::NotConnected, Some(Key::Same)),
        (Outcome::Unanswered, Some(Key::Same)),
        (Outcome::Hopeless, None),
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
    for outcome in [Outcome::Unanswered, answered(408), answered(502)] {
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
    assert_eq!(RetryPolicy::default().next(&last), Next::End(End::Attempts));
    assert!(matches!(RetryPolicy::default().max_attempts(6).next(&last), Next::Repeat { counts: true, .. }));
}

#[test]
fn an_appointment_counts_against_the_deadline_only() {
    for status in [409, 429] {
        let late = Attempt { number: 50, counted: 5, in_budget: false, ..attempt(asking(status, 1)) };
        assert!(matches!(RetryPolicy::default().next(&late), Next::Repeat { counts: false, .. }), "{status}");
        let too_late = Attempt { elapsed: Duration::from_secs(29), ..late };
        assert_eq!(RetryPolicy::default().next(&too_late), Next::End(End::Appointment), "{status}");
    }
    // A failing server makes no appointments.
    let failing = Attempt { number: 5, counted: 5, ..attempt(asking(503, 1)) };
    assert_eq!(RetryPolicy::default().next(&failing), Next::End(End::Attempts));
}

#[test]
fn a_retry_after_is_honoured_inside_the_deadline_and_fails_at_once_beyond_it() {
    for status in [409, 429, 503] {
        let Next::Repeat { wait, .. } = RetryPolicy::default().next(&attempt(asking(status, 7))) else {
            panic!("{status} is not repeated")
        };
        assert_eq!(wait, Duration::from_secs(7), "{status}");
        let next = RetryPolicy::default().next(&attempt(asking(status, 30)));
        assert_eq!(next, Next::End(End::Appointment), "{status}");
        let next = RetryPolicy::default().next(&attempt(asking(status, u64::MAX)));
        assert_eq!(next, Next::End(End::Appointment), "{status}");
    }
}

#[test]
fn a_retry_after_of_zero_leaves_the_wait_to_the_backoff() {
    let Next::Repeat { wait, counts, .. } = RetryPolicy::default().next(&attempt(asking(429, 0))) else { panic!() };
    assert_eq!((wait, counts), (Duration::from_millis(100), false));
}

#[test]
fn waits_double_up_to_the_longest_and_are_jittered_down_to_zero() {
    let policy = RetryPolicy::default().max_attempts(100).backoff(Duration::from_secs(1), Duration::from_secs(5));
    let wait =
        |number, jitter| match policy.next(&Attempt { number, counted: 1, jitter, ..attempt(Outcome::NotConnected) }) {
            Next::Repeat { wait, .. } => wait.as_millis(),
            Next::End(end) => panic!("{end:?}"),
        };
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
        assert_eq!(RetryPolicy::none().next(&attempt(outcome)), Next::End(End::Attempts));
    }
    assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
}

#[test]
fn an_empty_budget_ends_it() {
    let broke = Attempt { in_budget: false, ..attempt(answered(503)) };
    assert_eq!(RetryPolicy::default().next(&broke), Next::End(End::Budget));
}

#[test]
fn what_leaves_open_whether_the_event_is_queued() {
    for status in [200, 201, 408, 409, 500, 503, 0, 100, 600] {
        assert!(answered(status).leaves_open(), "{status}");
    }
    for status in [301, 400, 401, 402, 404, 407, 410, 413, 422, 429, 499] {
        assert!(!answered(status).leaves_open(), "{status}");
    }
    assert!(Outcome::Unanswered.leaves_open());
    assert!(!Outcome::NotConnected.leaves_open());
}

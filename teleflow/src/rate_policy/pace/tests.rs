//! Tests of the pace, without a clock.

use std::time::Duration;

use super::{DEFAULT_SPACING, EXPIRY, MARGIN, Pace, Price, Report, TIMER_SLACK};
use crate::rate_policy::headers::{Policy, RateHeaders};

const NONE: RateHeaders = RateHeaders { remaining: None, reset: None, policy: None };
/// A policy is known: 100 tokens a second.
const SINGLE: Price = Price { tokens: 1, interval: Some(Duration::from_millis(10)) };
const BULK: Price = Price { tokens: 100, interval: Some(Duration::from_millis(10)) };
const UNKNOWN: Price = Price { tokens: 100, interval: None };

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn report(status: u16, remaining: u32, reset: u64) -> Report {
    let headers = RateHeaders { remaining: Some(remaining), reset: Some(seconds(reset)), policy: None };
    let retry_after = (status == 429).then_some(seconds(reset));
    Report { status, headers, retry_after, in_flight: 0 }
}

/// The pace after these reports, all at second 1.
fn pace(price: Price, reports: &[Report]) -> Pace {
    let mut pace = Pace::default();
    for report in reports {
        pace.update(price, report, seconds(1));
    }
    pace
}

#[test]
fn the_wait_after_one_response() {
    let policy = Policy { burst: 110, interval: BULK.interval };
    let bare = |status, retry_after| Report { status, headers: NONE, retry_after, in_flight: 0 };
    let with = |headers, retry_after| Report { status: 429, headers, retry_after, in_flight: 0 };
    let cases = [
        ("remaining below the cost: reset", report(201, 99, 2), seconds(2) + MARGIN),
        ("an error of the event has the headers too", report(400, 0, 2), seconds(2) + MARGIN),
        ("the tokens are there when they are asked for", report(201, 99, 0), Duration::ZERO),
        ("remaining is enough, so reset does not matter", report(201, 100, 2), Duration::ZERO),
        ("429: Retry-After", report(429, 0, 3), seconds(3) + MARGIN),
        ("429: even zero is not over at once", report(429, 0, 0), MARGIN),
        (
            "429 with a policy alone",
            with(RateHeaders { policy: Some(policy), ..NONE }, Some(seconds(3))),
            seconds(3) + MARGIN,
        ),
        ("429 with reset alone", with(RateHeaders { reset: Some(seconds(2)), ..NONE }, None), seconds(2) + MARGIN),
        ("429 of another limit", bare(429, Some(seconds(3))), Duration::ZERO),
        ("429 without any header", bare(429, None), Duration::ZERO),
        ("503 with Retry-After", bare(503, Some(seconds(3))), Duration::ZERO),
        ("no headers", bare(201, None), Duration::ZERO),
    ];
    for (case, report, wait) in cases {
        for price in [BULK, UNKNOWN] {
            assert_eq!(pace(price, &[report]).wait(price, seconds(1)), wait, "{case}");
        }
    }
    // Without `RateLimit-Reset` the policy says when there are enough tokens.
    let headers = RateHeaders { remaining: Some(60), ..NONE };
    let without_reset = Report { headers, ..bare(201, None) };
    assert_eq!(pace(BULK, &[without_reset]).wait(BULK, seconds(1)), Duration::from_millis(400) + MARGIN);
    assert_eq!(pace(UNKNOWN, &[without_reset]).wait(UNKNOWN, seconds(1)), Duration::ZERO);
    assert_eq!(Pace::default().wait(BULK, seconds(0)), Duration::ZERO);
}

#[test]
fn the_wait_ends_at_a_fixed_time() {
    let pace = pace(BULK, &[report(201, 0, 2)]);
    assert_eq!(pace.wait(BULK, seconds(2)), seconds(1) + MARGIN);
    assert_eq!(pace.wait(BULK, seconds(4)), Duration::ZERO);
}

#[test]
fn a_later_response_replaces_an_earlier_one_but_does_not_end_a_block() {
    assert_eq!(pace(BULK, &[report(201, 0, 2), report(201, 500, 0)]).wait(BULK, seconds(1)), Duration::ZERO);
    let blocked = pace(BULK, &[report(429, 0, 5), report(201, 500, 0), report(429, 0, 3)]);
    assert_eq!(blocked.wait(BULK, seconds(1)), seconds(5) + MARGIN);
    // The success was sent before the refusal, so its tokens do not count after the block either.
    assert_eq!(blocked.credit, Some(0));
}

#[test]
fn a_success_without_headers_clears_the_facts() {
    let success = Report { headers: NONE, ..report(201, 0, 0) };
    assert_eq!(pace(BULK, &[report(201, 0, 2), success]).wait(BULK, seconds(1)), Duration::ZERO);
    let proxy = Report { headers: NONE, ..report(502, 0, 0) };
    assert_eq!(pace(BULK, &[report(201, 0, 2), proxy]).wait(BULK, seconds(1)), seconds(2) + MARGIN);
}

#[test]
fn attempts_in_flight_use_up_what_remains() {
    let mut pace = pace(BULK, &[report(201, 250, 0)]);
    for _ in 0..2 {
        assert_eq!(pace.wait(BULK, seconds(1)), Duration::ZERO);
        pace.start(BULK, false, seconds(1));
    }
    // 50 of 100 tokens are missing.
    assert_eq!(pace.wait(BULK, seconds(1)), Duration::from_millis(500) + MARGIN);
    // The response to the first of them may not include the second.
    pace.update(BULK, &Report { in_flight: 1, ..report(201, 150, 0) }, seconds(1));
    assert_eq!(pace.wait(BULK, seconds(1)), Duration::from_millis(500) + MARGIN);
    pace.update(BULK, &report(201, 250, 0), seconds(1));
    assert_eq!(pace.wait(BULK, seconds(1)), Duration::ZERO);
}

#[test]
fn what_remains_counts_for_the_other_class_too() {
    let at = Duration::from_millis;
    let mut bulk = Pace::default();
    bulk.update_from_other_class(UNKNOWN, 40, 0, at(0));
    assert_eq!(bulk.wait(UNKNOWN, at(0)), Duration::ZERO, "nothing is assumed without a policy");
    bulk.update_from_other_class(BULK, 40, 0, at(0));
    assert_eq!(bulk.wait(BULK, at(0)), at(600) + MARGIN);
    // Further single events do not delay the bulk again and again.
    bulk.update_from_other_class(BULK, 30, 0, at(200));
    assert_eq!(bulk.wait(BULK, at(200)), at(400) + MARGIN);
    bulk.update_from_other_class(BULK, 250, 1, at(300));
    assert_eq!(bulk.wait(BULK, at(300)), Duration::ZERO);
    bulk.update_from_other_class(BULK, 250, 2, at(300));
    assert_eq!(bulk.wait(BULK, at(300)), at(500) + MARGIN);

    let mut blocked = pace(BULK, &[report(429, 0, 5)]);
    blocked.update_from_other_class(BULK, 500, 0, seconds(2));
    assert_eq!(blocked.wait(BULK, seconds(1)), seconds(5) + MARGIN);
}

#[test]
fn attempts_that_waited_start_one_after_another() {
    let after_reset = seconds(3) + MARGIN;
    for (price, spacing) in [(BULK, seconds(1)), (SINGLE, Duration::from_millis(10)), (UNKNOWN, DEFAULT_SPACING)] {
        for refused in [report(201, 0, 2), report(429, 0, 2)] {
            let mut pace = pace(price, &[refused]);
            assert_eq!(pace.wait(price, after_reset), Duration::ZERO);
            pace.start(price, true, after_reset);
            assert_eq!(pace.wait(price, after_reset), spacing);
            // A timer that ends a little late does not delay those that follow.
            pace.start(price, true, after_reset + spacing + TIMER_SLACK);
            assert_eq!(pace.wait(price, after_reset), spacing * 2);
            pace.start(price, true, seconds(60));
            assert_eq!(pace.wait(price, seconds(60)), spacing - TIMER_SLACK.min(spacing));
        }
    }
    // Without `RateLimit-Remaining` too, but only for those that have waited.
    let headers = RateHeaders { reset: Some(seconds(2)), ..NONE };
    let mut pace = pace(UNKNOWN, &[Report { headers, ..report(429, 0, 2) }]);
    pace.start(UNKNOWN, false, after_reset);
    assert_eq!(pace.wait(UNKNOWN, after_reset), Duration::ZERO);
    pace.start(UNKNOWN, true, after_reset);
    assert_eq!(pace.wait(UNKNOWN, after_reset), DEFAULT_SPACING);
}

#[test]
fn facts_expire() {
    let mut blocked = pace(BULK, &[report(429, 0, 3600)]);
    assert_eq!(blocked.wait(BULK, EXPIRY), seconds(1));
    assert_eq!(blocked.wait(BULK, seconds(1) + EXPIRY), Duration::ZERO);
    // New facts do not revive the old ones.
    blocked.update(BULK, &report(201, 500, 0), seconds(1) + EXPIRY);
    assert_eq!(blocked.wait(BULK, seconds(1) + EXPIRY), Duration::ZERO);
}

#[test]
fn huge_numbers_do_not_overflow() {
    for interval in [None, Some(Duration::MAX), Some(seconds(u32::MAX.into()))] {
        let price = Price { tokens: 100, interval };
        for (status, remaining) in [(201, 0), (429, 0), (201, u32::MAX)] {
            let in_flight = u32::MAX;
            let mut pace = pace(price, &[Report { in_flight, ..report(status, remaining, u64::MAX) }]);
            pace.start(price, true, seconds(1));
            pace.start(price, true, seconds(1));
            let _ = pace.wait(price, seconds(2));
        }
    }
}

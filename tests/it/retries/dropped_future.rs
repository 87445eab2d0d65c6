//! A `Sending` that is dropped sends nothing more.

use std::time::Duration;

use super::event;
use super::script::{Script, Step};

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_future_is_polled() {
    let script = Script::new([Step::queued()]);
    let sending = event().send(&script.client());
    assert_eq!(sending.transaction_id().as_str().len(), 36);
    drop(sending);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.attempt_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_at_any_time_sends_nothing_more() {
    // Attempts begin at 0 s, and again after each timeout of 10 s.
    for drop_time in [1, 5, 9, 11, 15, 19, 25] {
        let script = Script::new([Step::NoResponse]);
        let sending = event().send(&script.client());
        let id = sending.transaction_id().clone();
        let timed_out = tokio::time::timeout(Duration::from_secs(drop_time), sending).await;
        assert!(timed_out.is_err(), "the future ended before it was dropped");
        let attempts = script.attempt_count();
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(script.attempt_count(), attempts, "dropped after {drop_time} s");
        assert!(script.attempts()[0].body.contains(id.as_str()), "the body has another id than the future");
    }
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_during_a_wait_sends_nothing_more() {
    let script = Script::new([Step::status(429).header("retry-after", "20"), Step::queued()]);
    let client = script.client();
    let timed_out = tokio::time::timeout(Duration::from_secs(10), event().send(&client)).await;
    assert!(timed_out.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.attempt_count(), 1);
}

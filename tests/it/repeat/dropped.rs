//! A `Sending` dropped on its way leaves nothing running.

use std::time::Duration;

use super::event;
use super::script::{Script, Step};

#[tokio::test(start_paused = true)]
async fn nothing_leaves_before_it_is_polled() {
    let script = Script::new([Step::queued()]);
    let sending = event().send(&script.client());
    assert_eq!(sending.transaction_id().as_str().len(), 36);
    drop(sending);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.attempts(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_point_it_sends_nothing_more() {
    // Attempts at 0 s and 10 s (after a silence), and repeats at once after a failure.
    for after in [1, 5, 9, 11, 15, 19, 25] {
        let script = Script::new([Step::Silence]);
        let sending = event().send(&script.client());
        let id = sending.transaction_id().clone();
        let ended = tokio::time::timeout(Duration::from_secs(after), sending).await;
        assert!(ended.is_err(), "it was still waiting");
        let attempts = script.attempts();
        tokio::time::sleep(Duration::from_secs(120)).await;
        assert_eq!(script.attempts(), attempts, "dropped after {after} s");
        assert!(script.seen()[0].body.contains(id.as_str()), "the id was known before");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_while_it_waits_it_sends_nothing_more() {
    let script = Script::new([Step::status(429).header("retry-after", "20"), Step::queued()]);
    let client = script.client();
    let ended = tokio::time::timeout(Duration::from_secs(10), event().send(&client)).await;
    assert!(ended.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.attempts(), 1);
}

//! `Emulator::forget_after`: an emulator that runs for long does not grow without a limit.

use std::time::Duration;

use serde_json::json;
use teleflow::{Event, RetryPolicy, TeleflowWorkflow};
use teleflow_emulator::{Emulator, Workflow};

use super::{BY_DHL, BY_UPS, emulator, failure};

async fn send(emulator: &Emulator, trigger: &'static str, count: usize) {
    for _ in 0..count {
        Event::untyped(trigger, json!({})).to("ada").send(&emulator.client()).await.unwrap();
    }
}

/// The number of events, notifications and messages.
fn kept(emulator: &Emulator) -> [usize; 3] {
    [emulator.sent_events().len(), emulator.notifications().len(), emulator.messages().len()]
}

#[tokio::test]
async fn everything_is_kept_by_default_and_up_to_the_limit() {
    for emulator in [emulator(), emulator().forget_after(20)] {
        send(&emulator, "welcome", 20).await;
        assert_eq!(kept(&emulator), [20; 3]);
    }
}

#[tokio::test]
async fn after_more_requests_than_the_limit_everything_sent_is_dropped() {
    let emulator = emulator().forget_after(10);
    emulator.subscriber("ben");
    send(&emulator, "welcome", 11).await;
    assert_eq!(kept(&emulator), [0; 3]);
    emulator.assert_nothing_sent();
    // The workflow and the subscribers are still there, and assertions work as before.
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    emulator.assert_sent(BY_UPS.to("ada"));
    BY_UPS.broadcast().send(&emulator.client()).await.unwrap();
    assert!(failure(|| emulator.assert_nothing_else()).starts_with("1 of 2 events"));
    assert!(emulator.messages_to("ben").in_app().content().is_empty());
    for _ in 0..100 {
        send(&emulator, "welcome", 3).await;
        assert!(kept(&emulator).into_iter().max() <= Some(12));
    }
}

#[tokio::test(start_paused = true)]
async fn steps_that_wait_are_kept_until_there_are_twice_as_many_requests() {
    let emulator = Emulator::new().forget_after(10);
    emulator.workflow(Workflow::new("reminder").delay(Duration::from_secs(60))).workflow(Workflow::new("welcome"));
    send(&emulator, "reminder", 1).await;
    send(&emulator, "welcome", 19).await;
    assert_eq!(kept(&emulator), [20, 20, 19]);
    send(&emulator, "welcome", 1).await;
    assert_eq!(kept(&emulator), [0; 3]);
    // Nothing is left of the delay.
    emulator.advance_to_idle();
    assert_eq!(kept(&emulator), [0; 3]);
    send(&emulator, "reminder", 1).await;
    emulator.advance(Duration::from_secs(60));
    assert_eq!(kept(&emulator), [1; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_request_in_progress_does_not_change_the_result_of_another() {
    let emulator = emulator().forget_after(3);
    emulator.queue_delay(Duration::from_secs(5));
    let slow = tokio::spawn(BY_DHL.to("ada").send(&emulator.client()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    emulator.queue_delay(Duration::ZERO);
    send(&emulator, "welcome", 3).await;
    assert_eq!(emulator.sent_events().len(), 0);
    emulator.fail_queue(true);
    let failed = Event::untyped("other", json!({})).to("ada");
    let client = emulator.client_builder().retry(RetryPolicy::none()).build().unwrap();
    assert!(failed.send(&client).await.is_err());
    emulator.fail_queue(false);
    slow.await.unwrap().unwrap();
    emulator.assert_nothing_sent();
}

//! One request that cannot be sent does not stop the others.

use std::time::Duration;

use teleflow::{Broadcast, RetryPolicy};
use teleflow_emulator::Fault;

use crate::queue::{Queue, welcome};

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_while_one_request_is_sent_does_not_stop_the_others() {
    let mut queue = Queue::new();
    queue.server.panic_at("poison");
    queue.put(&welcome("poison"));
    queue.put_many(5);
    let relay = queue.relay().await;
    relay.once().await.unwrap();
    // The bulk with the poison was lost with its task. From the second delivery on, each request is alone.
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified(), ["t-0", "t-1", "t-2", "t-3", "t-4"]);
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.sent), (1, 5));
}

#[tokio::test]
async fn a_broadcast_of_unknown_fate_is_dead_and_the_others_are_sent() {
    let queue = Queue::new();
    let broadcast = Broadcast::untyped("welcome", serde_json::json!({})).transaction_id("all").into_request().unwrap();
    queue.put(&broadcast);
    queue.put_many(2);
    queue.server.emulator.faults().next(Fault::CloseAfter);
    let relay = queue.builder().await.concurrency(1).build().unwrap();
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    assert!(dead[0].reason().contains("may have been sent"), "{dead:?}");
    assert_eq!(queue.server.notified(), ["all", "t-0", "t-1"]);
}

#[tokio::test]
async fn a_database_that_fails_for_a_while_loses_nothing() {
    let queue = Queue::new();
    queue.put_many(3);
    let relay = queue.relay().await;
    queue.number("select 1");
    let other = rusqlite::Connection::open(&queue.file).unwrap();
    other.execute_batch("alter table teleflow_outbox rename to gone").unwrap();
    let error = relay.once().await.unwrap_err();
    assert_eq!(error.to_string(), "SQLite failed to delete old dead messages");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.starts_with("no such table: teleflow_outbox"), "{source}");
    other.execute_batch("alter table gone rename to teleflow_outbox").unwrap();
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_slow_lets_no_lease_run_out() {
    let queue = Queue::new();
    queue.put_many(4);
    // A request may begin in the first 3 s of its lease, and the two that wait are not sent by then.
    queue.server.emulator.faults().when(|_| Some(Fault::DelayAfter(Duration::from_millis(3_200))));
    let builder = teleflow::Client::builder().transport(queue.server.clone()).retry(RetryPolicy::none());
    let client = builder.deadline(Duration::from_secs(5)).build().unwrap();
    let builder = teleflow_outbox::Relay::builder(client, queue.store().await).merge(false).concurrency(2);
    let relay = builder.lease(Duration::from_secs(10)).build().unwrap();
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.lost_leases, gauges.queued), (4, 0, 0));
    assert_eq!(queue.server.paths().len(), 4);
}

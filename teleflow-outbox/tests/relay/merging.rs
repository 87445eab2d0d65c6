//! Requests of one event that wait together are sent as bulks.

use serde_json::json;
use teleflow::bulk;
use teleflow_emulator::{Fault, Reply, Workflow};

use crate::queue::{BULK, Queue, SINGLE, event, reply, welcome};

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_wait_together_are_sent_as_bulks() {
    let queue = Queue::new();
    queue.put_many(1000);
    let relay = queue.relay().await;
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued, gauges.lost_leases), (1000, 0, 0));
    assert_eq!(queue.server.notified().len(), 1000);
    let paths = queue.server.paths();
    assert!(paths.len() < 30 && paths.iter().all(|path| path == BULK), "{paths:?}");
}

#[tokio::test]
async fn merging_can_be_switched_off() {
    let queue = Queue::new();
    queue.put_many(20);
    queue.builder().await.merge(false).build().unwrap().once().await.unwrap();
    assert_eq!(queue.server.paths(), [SINGLE; 20]);
}

#[tokio::test]
async fn each_event_of_a_merged_bulk_has_its_own_verdict() {
    let queue = Queue::new();
    queue.put(&welcome("sent-1"));
    queue.put(&event("invoice", json!({}), "bad").into_request().unwrap());
    queue.put(&event("new-workflow", json!({}), "early").into_request().unwrap());
    queue.put(&welcome("sent-2"));
    let relay = queue.relay().await;
    relay.once().await.unwrap();
    assert_eq!(queue.server.paths(), [BULK]);
    assert_eq!(queue.server.notified(), ["sent-1", "sent-2"]);
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.dead, gauges.sent, gauges.retried), (1, 1, 2, 1));
    assert!(relay.dead().await.unwrap()[0].reason().contains("amount"));

    queue.server.emulator.workflow(Workflow::new("new-workflow"));
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified(), ["early", "sent-1", "sent-2"]);
}

#[tokio::test]
async fn a_bulk_that_is_refused_for_one_event_is_followed_by_its_events_alone() {
    for status in [400, 413, 422] {
        let queue = Queue::new();
        queue.put_many(4);
        queue.put(&event("invoice", json!({}), "bad").into_request().unwrap());
        queue.server.emulator.faults().next(Fault::Reply(reply(status)));
        let relay = queue.relay().await;
        relay.once().await.unwrap();
        assert_eq!((relay.gauges().await.unwrap().queued, queue.server.paths().len()), (5, 1), "{status}");

        queue.show_all();
        relay.once().await.unwrap();
        assert_eq!(queue.server.notified(), ["t-0", "t-1", "t-2", "t-3"]);
        assert_eq!(queue.server.paths()[1..], [SINGLE; 5]);
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.dead, gauges.sent), (0, 1, 4), "{status}");
    }
}

#[tokio::test]
async fn a_bulk_of_unknown_fate_notifies_nobody_twice() {
    let queue = Queue::new();
    queue.put_many(30);
    queue.server.emulator.faults().next(Fault::CloseAfter);
    let relay = queue.builder().await.concurrency(1).build().unwrap();
    relay.once().await.unwrap();
    assert!(!queue.server.emulator.jobs().is_empty());
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().sent, 30);
    assert_eq!(queue.server.notified().len(), 30);
}

#[tokio::test]
async fn a_stored_bulk_with_mixed_results_is_replaced_by_the_events_that_are_left() {
    let queue = Queue::new();
    let bulk = bulk![
        event("welcome", json!({}), "sent"),
        event("new-workflow", json!({"n": 1}), "early-1"),
        event("invoice", json!({}), "bad"),
        event("new-workflow", json!({"n": 2}), "early-2"),
    ];
    queue.put(&bulk.into_request().unwrap());
    let relay = queue.relay().await;
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    // Two events that wait are one request.
    assert_eq!((gauges.queued, gauges.dead, gauges.retried, gauges.lost_leases), (1, 1, 1, 0));
    let dead = relay.dead().await.unwrap();
    let ids: Vec<_> = dead[0].request().unwrap().transaction_ids().map(|id| id.as_str().to_owned()).collect();
    assert_eq!(ids, ["bad"]);
    assert_eq!(queue.number("select min(read_ct) from teleflow_outbox"), 1);

    queue.server.emulator.workflow(Workflow::new("new-workflow"));
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified(), ["early-1", "early-2", "sent"]);
}

#[tokio::test]
async fn a_failure_that_the_server_keeps_is_sent_again_under_another_key() {
    let queue = Queue::new();
    queue.server.emulator.idempotency(true).fail_queue(true);
    queue.put(&welcome("t-1"));
    let relay = queue.relay().await;
    relay.once().await.unwrap();
    queue.server.emulator.fail_queue(false);
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(queue.server.notified(), ["t-1"]);
    assert_eq!(relay.gauges().await.unwrap().queued, 0);
}

#[tokio::test]
async fn delivered_requests_are_kept_on_request() {
    let queue = Queue::new();
    queue.put_many(3);
    queue.server.emulator.faults().next(Fault::Reply(Reply::new(503)));
    let relay = queue.builder().await.archive_delivered(true).build().unwrap();
    relay.once().await.unwrap();
    assert_eq!(queue.number("select count(*) from teleflow_outbox_archive"), 0);
    queue.show_all();
    relay.once().await.unwrap();
    assert_eq!(queue.number("select count(*) from teleflow_outbox_archive"), 3);
    assert_eq!(relay.gauges().await.unwrap().queued, 0);
}

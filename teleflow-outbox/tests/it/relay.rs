//! What a relay sends, what stays in the queue, and what is dead.

use std::time::Duration;

use serde_json::json;
use teleflow::{Broadcast, bulk};
use teleflow_emulator::{Fault, Reply};

use crate::shop::{Kind, Shop, event, on_each_store, refused, request};

on_each_store! {
    only_what_was_committed_is_sent
    singles_bulks_and_broadcasts_mix
    a_message_that_is_not_a_stored_request_is_dead_and_the_others_are_sent
    a_request_of_a_newer_version_stays_and_is_counted
    a_refused_request_is_dead_until_it_is_redriven
    requests_that_are_redriven_are_sent_alone_because_they_may_have_been_sent
    failures_that_pass_are_sent_again_and_the_server_says_when
    a_rate_limit_and_a_refused_key_pause_the_relay
    a_request_is_given_up_by_its_age_but_tried_once
    a_broadcast_that_may_have_been_sent_is_not_sent_again
    dead_requests_are_deleted_after_their_time
    settings_that_cannot_work_are_refused
    the_age_does_not_depend_on_clock_steps
    the_state_of_a_queue_is_counted
}

async fn only_what_was_committed_is_sent(kind: Kind) {
    let shop = Shop::new(kind).await;
    for (id, end) in [("A-1", "commit"), ("A-2", "rollback"), ("A-3", "commit")] {
        shop.execute("begin").await;
        shop.execute(&format!("insert into orders values ('{id}')")).await;
        shop.put(&request(id)).await;
        shop.execute(end).await;
    }
    assert_eq!(shop.number("select count(*) from orders", "select count(*) from orders").await, 2.0);
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["A-1", "A-3"]);
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.oldest_age, gauges.dead, gauges.sent), (0, None, 0, 2));
}

async fn singles_bulks_and_broadcasts_mix(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put(&bulk![event("b-1"), event("b-2")].into_request().unwrap()).await;
    shop.put(&Broadcast::untyped("welcome", json!({})).transaction_id("to-all").into_request().unwrap()).await;
    shop.put(&request("single")).await;
    shop.relay().await.once().await.unwrap();
    assert_eq!(shop.notified(), ["b-1", "b-2", "single", "to-all"]);
}

async fn a_message_that_is_not_a_stored_request_is_dead_and_the_others_are_sent(kind: Kind) {
    let shop = Shop::new(kind).await;
    let mut rewritten = serde_json::to_value(request("t-0")).unwrap();
    rewritten["endpoint"] = json!("broadcast");
    let rewritten = rewritten.to_string();
    let mut poison = vec!["{}", "null", "[]", "\"text\"", &*rewritten];
    if kind == Kind::Sqlite {
        poison.extend(["", "not JSON"]);
    }
    for message in &poison {
        shop.put_text(message).await;
    }
    shop.put(&request("t-1")).await;
    let relay = shop.builder().await.concurrency(1).build().unwrap();
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
    let dead = relay.dead().await.unwrap();
    assert_eq!(dead.len(), poison.len());
    for message in dead {
        assert!(message.reason().starts_with("not a stored request"), "{message:?}");
        assert!(message.request().is_none());
    }
}

async fn a_request_of_a_newer_version_stays_and_is_counted(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put_text(r#"{"version": 2, "of": "the future"}"#).await;
    shop.put(&request("t-1")).await;
    let relay = shop.relay().await;
    for expected in 1..=2 {
        // It is not given up, however old it is and however often it was claimed.
        shop.make_older(48.0 * 3600.0).await;
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.newer_version), (1, expected));
        shop.end_leases().await;
    }
    assert_eq!(shop.notified(), ["t-1"]);
}

async fn a_refused_request_is_dead_until_it_is_redriven(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.emulator.faults().next(Fault::Reply(refused()));
    shop.put(&request("t-1")).await;
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    let [message] = &dead[..] else { panic!("{dead:?}") };
    assert!(message.reason().contains("400"), "{}", message.reason());
    let ids: Vec<_> = message.request().unwrap().transaction_ids().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["t-1"]);
    assert!(!relay.redrive(message.id() + 1).await.unwrap());
    assert!(relay.redrive(message.id()).await.unwrap());
    assert!(!relay.redrive(message.id()).await.unwrap());
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1"]);
    assert_eq!(relay.gauges().await.unwrap().dead, 0);
}

async fn requests_that_are_redriven_are_sent_alone_because_they_may_have_been_sent(kind: Kind) {
    let shop = Shop::new(kind).await;
    let ids = ["t-1", "t-2", "t-3"];
    for id in ids {
        shop.put(&request(id)).await;
    }
    shop.emulator.faults().when(|_| Some(Fault::Reply(refused())));
    shop.builder().await.merge(false).build().unwrap().once().await.unwrap();
    shop.emulator.faults().clear();
    shop.emulator.faults().when(|request| request.path().ends_with("bulk").then(|| Fault::Reply(Reply::new(500))));
    let relay = shop.relay().await;
    let dead = relay.dead().await.unwrap();
    assert_eq!(dead.len(), ids.len());
    for message in dead {
        assert!(relay.redrive(message.id()).await.unwrap());
    }
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ids);
}

async fn failures_that_pass_are_sent_again_and_the_server_says_when(kind: Kind) {
    for (status, retry_after, waits) in
        [(503, Some("40"), 38.0..=41.0), (503, None, 1.5..=5.0), (500, None, 1.5..=5.0), (408, None, 1.5..=5.0)]
    {
        let shop = Shop::new(kind).await;
        let reply = Reply::new(status);
        let reply = if let Some(seconds) = retry_after { reply.header("retry-after", seconds) } else { reply };
        shop.emulator.faults().next(Fault::Reply(reply));
        shop.put(&request("t-1")).await;
        let relay = shop.relay().await;
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.retried, gauges.sent, gauges.paused), (1, 1, 0, None), "{status}");
        let wait = shop.seconds_until_visible().await;
        assert!(waits.contains(&wait), "{status}: {wait}");
        shop.end_leases().await;
        relay.once().await.unwrap();
        assert_eq!(shop.notified(), ["t-1"], "{status}");
    }
}

async fn a_rate_limit_and_a_refused_key_pause_the_relay(kind: Kind) {
    for (status, least) in [(429, 50), (401, 290), (402, 290)] {
        let shop = Shop::new(kind).await;
        shop.emulator.faults().next(Fault::Reply(Reply::new(status).header("retry-after", "60")));
        shop.put(&request("t-1")).await;
        shop.put(&request("t-2")).await;
        let relay = shop.builder().await.concurrency(1).build().unwrap();
        relay.once().await.unwrap();
        let gauges = relay.gauges().await.unwrap();
        assert_eq!((gauges.queued, gauges.sent), (2, 0), "{status}");
        assert!(gauges.paused.is_some_and(|left| left.as_secs() >= least), "{status}: {gauges:?}");
        assert_eq!(shop.notified(), [""; 0], "{status}");
    }
}

async fn a_request_is_given_up_by_its_age_but_tried_once(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put(&request("late")).await;
    shop.make_older(72.0 * 3600.0).await;
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["late"]);

    shop.emulator.faults().next(Fault::Reply(Reply::new(500)));
    shop.put(&request("too-old")).await;
    shop.make_older(24.0 * 3600.0).await;
    relay.once().await.unwrap();
    let dead = relay.dead().await.unwrap();
    assert!(dead[0].reason().contains("too old"), "{dead:?}");

    // A relay had it during a long pause.
    shop.put(&request("paused")).await;
    shop.make_older(25.0 * 3600.0).await;
    shop.set_read_ct(3).await;
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 1);
    assert_eq!(shop.notified(), ["late", "paused"]);
}

async fn a_broadcast_that_may_have_been_sent_is_not_sent_again(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.emulator.faults().next(Fault::CloseAfter);
    shop.put(&Broadcast::untyped("welcome", json!({})).into_request().unwrap()).await;
    let relay = shop.relay().await;
    relay.once().await.unwrap();
    assert!(relay.dead().await.unwrap()[0].reason().contains("may have been sent"));
    assert_eq!(shop.notified().len(), 1);
}

async fn dead_requests_are_deleted_after_their_time(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put_text("{}").await;
    let relay = shop.builder().await.keep_dead_for(Duration::from_secs(60)).build().unwrap();
    relay.once().await.unwrap();
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 1);
    shop.make_dead_older(61.0).await;
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().dead, 0);
}

async fn settings_that_cannot_work_are_refused(kind: Kind) {
    let shop = Shop::new(kind).await;
    let short = shop.builder().await.lease(Duration::from_millis(14_999)).build().unwrap_err().to_string();
    assert!(short.starts_with("the `lease` is 14.999s, but it must be at least 15s"), "{short}");
    assert!(shop.builder().await.lease(Duration::from_secs(15)).build().is_ok());
    assert!(shop.builder().await.concurrency(0).build().is_err());
}

async fn the_age_does_not_depend_on_clock_steps(kind: Kind) {
    let shop = Shop::new(kind).await;
    let relay = shop.relay().await;
    shop.put(&request("t-1")).await;
    // The clock was set back by an hour after the request was put: it is sent, and not given up.
    shop.make_older(-3600.0).await;
    assert_eq!(relay.gauges().await.unwrap().oldest_age, Some(Duration::ZERO));
    shop.emulator.faults().next(Fault::Reply(Reply::new(500)));
    relay.once().await.unwrap();
    assert_eq!(relay.gauges().await.unwrap().queued, 1);
    // It was set forward by a century: the request is old, and tried once more.
    shop.make_older(100.0 * 366.0 * 24.0 * 3600.0).await;
    let oldest_age = relay.gauges().await.unwrap().oldest_age.unwrap();
    assert!(oldest_age > Duration::from_secs(99 * 366 * 24 * 3600), "{oldest_age:?}");
    shop.end_leases().await;
    shop.emulator.faults().next(Fault::Reply(Reply::new(500)));
    relay.once().await.unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.queued, gauges.dead), (0, 1), "{gauges:?}");
}

async fn the_state_of_a_queue_is_counted(kind: Kind) {
    let shop = Shop::new(kind).await;
    let store = shop.store().await;
    let metrics = store.metrics().await.unwrap();
    assert_eq!((metrics.queued, metrics.due, metrics.oldest_age, metrics.dead), (0, 0, None, 0));
    shop.put_text("{}").await;
    shop.relay().await.once().await.unwrap();
    shop.emulator.faults().next(Fault::Reply(Reply::new(500)));
    shop.put(&request("t-1")).await;
    shop.relay().await.once().await.unwrap();
    shop.make_older(60.0).await;
    shop.put(&request("t-2")).await;
    let metrics = store.metrics().await.unwrap();
    assert_eq!((metrics.queued, metrics.due, metrics.dead), (2, 1, 1));
    let oldest_age = metrics.oldest_age.unwrap().as_secs_f64();
    assert!((60.0..90.0).contains(&oldest_age), "{oldest_age}");
    assert!(store.redrive(store.dead().await.unwrap()[0].id()).await.unwrap());
    let metrics = store.metrics().await.unwrap();
    assert_eq!((metrics.queued, metrics.due, metrics.dead), (3, 2, 0));
}

//! Leases: relays that share a queue, that lose a lease, and that stop.

use std::time::Duration;

use teleflow_emulator::{Fault, Reply};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::shop::{Kind, Shop, on_each_store, refused, request};

on_each_store! {
    a_lease_that_ends_while_its_request_is_in_flight_settles_nothing
    a_dropped_relay_is_followed_by_another_and_nobody_is_notified_twice
    two_relays_share_a_queue
    a_relay_finishes_what_is_in_flight_when_it_is_stopped
}

async fn a_lease_that_ends_while_its_request_is_in_flight_settles_nothing(kind: Kind) {
    for second_is_refused in [false, true] {
        let shop = Shop::new(kind).await;
        shop.put(&request("t-1")).await;
        let (slow, other) = (shop.relay().await, shop.relay().await);
        shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(2)));
        let sending = tokio::spawn({
            let slow = slow.clone();
            async move { slow.once().await }
        });
        while shop.emulator.jobs().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        shop.end_leases().await;
        // The other relay claims the request, and what it decides counts.
        shop.emulator.faults().next(Fault::Reply(if second_is_refused { refused() } else { Reply::new(500) }));
        other.once().await.unwrap();
        sending.await.unwrap().unwrap();
        let gauges = slow.gauges().await.unwrap();
        let expected = if second_is_refused { (0, 1, 1) } else { (1, 0, 1) };
        assert_eq!((gauges.queued, gauges.dead, gauges.lost_leases), expected, "{gauges:?}");
        assert_eq!(other.gauges().await.unwrap().lost_leases, 0);
        assert_eq!(shop.notified(), ["t-1"]);
    }
}

async fn a_dropped_relay_is_followed_by_another_and_nobody_is_notified_twice(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put(&request("t-1")).await;
    shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(1)));
    let first = shop.relay().await;
    let sending = tokio::spawn(async move { first.once().await });
    while shop.emulator.jobs().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());
    let second = shop.relay().await;
    second.once().await.unwrap();
    assert_eq!(second.gauges().await.unwrap().sent, 0, "the lease is not over");
    sleep(Duration::from_millis(1200)).await;
    shop.end_leases().await;
    second.once().await.unwrap();
    let gauges = second.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued), (1, 0));
    assert_eq!(shop.notified(), ["t-1"]);
}

async fn two_relays_share_a_queue(kind: Kind) {
    let shop = Shop::new(kind).await;
    let mut ids: Vec<String> = (0..60).map(|number| format!("t-{number}")).collect();
    for id in &ids {
        shop.put(&request(id)).await;
    }
    let (one, other) = (shop.relay().await, shop.relay().await);
    let (first, second) = tokio::join!(one.once(), other.once());
    first.unwrap();
    second.unwrap();
    let (one, other) = (one.gauges().await.unwrap(), other.gauges().await.unwrap());
    assert_eq!((one.sent + other.sent, one.queued), (60, 0));
    assert_eq!((one.lost_leases, other.lost_leases), (0, 0));
    assert_eq!(shop.emulator.run_worker().len(), 60);
    ids.sort_unstable();
    assert_eq!(shop.notified(), ids);
}

async fn a_relay_finishes_what_is_in_flight_when_it_is_stopped(kind: Kind) {
    let shop = Shop::new(kind).await;
    shop.put(&request("t-1")).await;
    shop.put(&request("t-2")).await;
    shop.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(1)));
    let relay = shop.builder().await.concurrency(1).merge(false).build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let relay = relay.clone();
        async move { relay.run(async { drop(stopped.await) }).await }
    });
    while shop.emulator.jobs().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued), (1, 1));
    relay.once().await.unwrap();
    assert_eq!(shop.notified(), ["t-1", "t-2"]);
}

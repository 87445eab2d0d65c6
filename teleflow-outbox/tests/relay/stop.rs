//! A relay that is stopped finishes what is in flight, and gives the rest back.

use std::time::Duration;

use teleflow_emulator::Fault;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::queue::{Queue, welcome};

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_were_claimed_but_not_sent_are_given_back_as_if_they_were_not_claimed() {
    let queue = Queue::new();
    queue.put_many(10);
    queue.server.emulator.faults().next(Fault::DelayAfter(Duration::from_secs(1)));
    let relay = queue.builder().await.concurrency(1).merge(false).build().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn({
        let relay = relay.clone();
        async move { relay.run(async { drop(stopped.await) }).await }
    });
    while queue.server.emulator.jobs().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    assert!(queue.visible().0 < 9, "the relay has claimed more than it sends");
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    let gauges = relay.gauges().await.unwrap();
    assert_eq!((gauges.sent, gauges.queued, gauges.lost_leases), (1, 9, 0));
    assert_eq!(queue.visible(), (9, 9));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_runs_sends_what_is_put_later() {
    let queue = Queue::new();
    let relay = queue.relay().await;
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move { relay.run(async { drop(stopped.await) }).await });
    for id in ["t-1", "t-2"] {
        queue.put(&welcome(id));
        timeout(Duration::from_secs(5), async {
            while !queue.server.notified().contains(&id.to_owned()) {
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await
        .unwrap();
    }
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    assert_eq!(queue.number("select count(*) from teleflow_outbox"), 0);
}

//! Requests wait where the rate limit, as the emulator implements it, would refuse them.

use std::time::Duration;

use serde_json::json;
use teleflow::{Bulk, Event, Untyped};
use teleflow_emulator::RateLimit;

use super::paced::Paced;

fn event(n: usize) -> Event<Untyped<serde_json::Value>, String> {
    Event::untyped("welcome", json!({"n": n})).to(format!("subscriber-{n}"))
}

fn bulk(events: usize) -> Bulk {
    (0..events).map(event).collect()
}

#[tokio::test(start_paused = true)]
async fn a_bulk_of_1000_events_is_never_refused() {
    // With a burst of 100 each bulk needs all tokens; with 330, 660 and 6600 there are several bulks in a row.
    for (limit, at_most) in [(91, 19), (120, 10), (300, 5), (600, 3), (6000, 1)] {
        let paced = Paced::new(RateLimit::PerSecond(limit));
        assert!(bulk(1000).send(&paced.client()).await.all_queued());
        assert_eq!(paced.refused().len(), 0, "{limit}: {:?}", paced.refused());
        assert_eq!(paced.attempts().len(), 10, "{limit}");
        assert_eq!(paced.emulator.jobs().len(), 1000);
        assert!(paced.elapsed() < Duration::from_secs(at_most), "{limit}: {:?}", paced.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn the_clones_of_a_client_share_what_is_known() {
    let paced = Paced::new(RateLimit::PerSecond(300));
    let client = paced.client_with_deadline(Duration::from_secs(120));
    // The first response reports the policy. After it, nothing is refused, however many requests there are at once.
    assert!(bulk(11).send(&client).await.all_queued());
    let sending: Vec<_> = (0..8).map(|_| tokio::spawn(bulk(500).send(&client.clone()))).collect();
    for sent in sending {
        assert!(sent.await.unwrap().all_queued());
    }
    assert_eq!(paced.refused().len(), 0, "{:?}", paced.refused());
    assert_eq!(paced.attempts().len(), 41);
    // Three bulks a second are allowed.
    assert!(paced.elapsed() < Duration::from_secs(20), "{:?}", paced.elapsed());
}

#[tokio::test(start_paused = true)]
async fn single_events_that_wait_do_not_start_at_once() {
    let paced = Paced::new(RateLimit::Free);
    let client = paced.client();
    event(0).send(&client).await.unwrap();
    let sending: Vec<_> = (1..600).map(|n| tokio::spawn(event(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    assert_eq!(paced.refused().len(), 0, "{:?}", paced.refused());
    assert_eq!(paced.emulator.jobs().len(), 600);
    // 66 at once, then 60 a second.
    assert!(paced.elapsed() < Duration::from_secs(11), "{:?}", paced.elapsed());
}

#[tokio::test(start_paused = true)]
async fn single_events_that_were_all_refused_are_not_refused_again() {
    let paced = Paced::new(RateLimit::Free);
    let client = paced.client();
    let sending: Vec<_> = (0..400).map(|n| tokio::spawn(event(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    // All of them start before the first response.
    let refused = paced.refused();
    assert_eq!(refused.len(), 400 - 66);
    assert!(refused.iter().all(|attempt| attempt.time == Duration::ZERO), "{refused:?}");
    assert!(paced.elapsed() < Duration::from_secs(9), "{:?}", paced.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_events_of_a_bulk_above_the_burst_are_not_refused() {
    let paced = Paced::new(RateLimit::Free);
    let client = paced.client();
    assert!(bulk(200).send(&client).await.all_queued());
    let refused: Vec<_> = paced.refused().into_iter().map(|attempt| attempt.path).collect();
    // Until its response the policy is unknown.
    assert_eq!(refused, ["/v1/events/trigger/bulk"]);
    assert_eq!(paced.emulator.jobs().len(), 200);
    assert!(bulk(200).send(&client).await.all_queued());
    assert_eq!(paced.refused().len(), 1);
    assert!(paced.elapsed() < Duration::from_secs(9), "{:?}", paced.elapsed());
}

#[tokio::test(start_paused = true)]
async fn bulks_and_single_events_share_the_bucket() {
    let paced = Paced::new(RateLimit::Business);
    let client = paced.client();
    let bulks = tokio::spawn(bulk(3000).send(&client));
    for n in 0..100 {
        event(n).send(&client).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(bulks.await.unwrap().all_queued());
    assert_eq!(paced.emulator.jobs().len(), 3100);
    assert_eq!(paced.refused().len(), 0, "{:?}", paced.refused());
}

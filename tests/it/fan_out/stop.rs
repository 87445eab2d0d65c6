//! How a fan-out ends early: `stop`, and dropping it.

use std::time::Duration;

use teleflow::ErrorKind;

use super::positions;
use super::server::{FakeServer, Reply, numbered};

#[tokio::test(start_paused = true)]
async fn stop_ends_what_is_in_flight_and_says_what_was_not_begun() {
    let server = FakeServer::new();
    let mut numbers = 0..1000;
    let mut out = server.client().fan_out(numbers.by_ref().map(numbered)).concurrency(2);
    let mut results = Vec::new();
    let mut rest = None;
    while let Some(result) = out.next().await {
        results.push(result);
        if results.len() == 150 {
            rest = Some(out.stop());
            assert_eq!(out.stop(), rest.unwrap(), "it may be called again");
        }
    }
    drop(out);
    let rest = rest.unwrap();
    assert_eq!(numbers, rest..1000, "the events that were not begun are still in the source");
    let mut positions = positions(&results);
    positions.sort_unstable();
    assert_eq!(positions, (0..rest).collect::<Vec<_>>(), "each of the others has a result");
    assert!((150..400).contains(&rest), "{rest}");
    assert_eq!(server.sizes().into_iter().sum::<usize>(), rest);
}

#[tokio::test(start_paused = true)]
async fn stop_before_the_first_poll_sends_nothing() {
    let server = FakeServer::new();
    let mut out = server.client().fan_out((0..1000).map(numbered));
    assert_eq!(out.stop(), 0);
    assert!(out.next().await.is_none());
    assert_eq!(server.received(), []);
}

#[tokio::test(start_paused = true)]
async fn stop_after_a_refusal_sends_at_most_what_was_taken() {
    let server = FakeServer::replying(|_| Reply::queued().status(401));
    let mut out = server.client().fan_out((0..1_000_000).map(numbered));
    let mut results = 0;
    while let Some((_, result)) = out.next().await {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Unauthorized);
        out.stop();
        results += 1;
    }
    assert!(results <= 401 && server.received().len() <= 5, "{results}, {:?}", server.sizes());
}

#[tokio::test(start_paused = true)]
async fn dropping_it_ends_its_requests_and_sends_nothing_more() {
    for polls in [0, 1, 150] {
        let server = FakeServer::new();
        let mut out = server.client().fan_out((0..10_000).map(numbered));
        for _ in 0..polls {
            out.next().await.unwrap().1.unwrap();
        }
        drop(out);
        tokio::time::sleep(Duration::ZERO).await;
        let (in_flight, received) = (server.in_flight().0, server.received().len());
        assert_eq!(in_flight, 0, "after {polls} results");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(server.received().len(), received, "after {polls} results");
    }
}

/// As in `tokio::select!`.
#[tokio::test(start_paused = true)]
async fn dropping_the_future_of_next_loses_nothing() {
    let server = FakeServer::new();
    let mut out = server.client().fan_out((0..1000).map(numbered)).concurrency(3);
    let mut results = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(7), out.next()).await {
            Ok(Some(result)) => results.push(result),
            Ok(None) => break,
            Err(_) => {}
        }
    }
    let mut positions = positions(&results);
    positions.sort_unstable();
    assert_eq!(positions, (0..1000).collect::<Vec<_>>());
    assert_eq!(server.sizes(), [100; 10]);
}

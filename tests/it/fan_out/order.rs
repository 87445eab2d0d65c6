//! `FanOut::ordered`: the order of results, and what is sent while results are held back.

use std::cell::Cell;
use std::time::Duration;

use futures_core::FusedStream;
use teleflow::Client;
use teleflow::fan_out::FanOut;

use super::server::{FakeServer, Reply, numbered};
use super::timed::Timed;
use super::{collect, positions};

#[tokio::test(start_paused = true)]
async fn results_are_in_the_order_of_the_source_only_on_request() {
    let first_is_slow = || {
        FakeServer::replying(|request| {
            let is_first = request.numbers[0] == 0;
            Reply::queued().after(Duration::from_millis(if is_first { 900 } else { 100 }))
        })
    };
    let results = collect(first_is_slow().client().fan_out((0..1000).map(numbered)).ordered()).await;
    assert_eq!(positions(&results), (0..1000).collect::<Vec<_>>());

    let results = collect(first_is_slow().client().fan_out((0..1000).map(numbered))).await;
    let index = results.iter().position(|(position, _)| *position == 0).unwrap();
    assert!(index >= 500, "event 0 was returned as result {index}, although its request was slow");
}

/// The response to the first event takes five seconds, the others a tenth.
fn first_is_slow() -> FakeServer {
    FakeServer::replying(|request| {
        Reply::queued().after(Duration::from_millis(if request.numbers.contains(&0) { 5000 } else { 100 }))
    })
}

/// Fifty events that are sent when they have waited for `flush_after`, and then any number of events.
fn fifty_then_many(client: &Client, flush_after: u64, events: usize) -> FanOut<std::pin::Pin<Box<Timed>>> {
    let times = (0..events).map(|n| if n < 50 { 0 } else { flush_after + 100 });
    client.fan_out_stream(Timed::new(times)).flush_after(Duration::from_millis(flush_after))
}

/// The source is not asked for more events until event 0 has its result, so there is nothing to wait for.
#[tokio::test(start_paused = true)]
async fn while_results_are_held_back_a_batch_that_is_not_full_is_sent() {
    for flush_after in [50, 1000] {
        let server = first_is_slow();
        let out = fifty_then_many(&server.client(), flush_after, 500).concurrency(2).ordered();
        let results = collect(out).await;
        assert_eq!(positions(&results), (0..500).collect::<Vec<_>>());
        let received = server.received();
        let start = |index: usize| received[index].time.as_millis() as u64 - flush_after;
        assert_eq!(server.sizes()[..3], [50, 100, 50]);
        assert!((100..=102).contains(&start(1)) && (200..=203).contains(&start(2)), "{:?}", received[2].time);
        assert!(server.sizes()[3..].iter().sum::<usize>() == 300 && server.sizes().len() <= 7, "{:?}", server.sizes());
    }
}

#[tokio::test(start_paused = true)]
async fn while_results_can_be_returned_batches_are_filled() {
    // Without order, and with one request at a time, no result is held back.
    for (concurrency, is_ordered) in [(1, false), (1, true), (2, false), (4, false)] {
        let server = first_is_slow();
        let out = fifty_then_many(&server.client(), 50, 550).concurrency(concurrency);
        let mut out = if is_ordered { out.ordered() } else { out };
        while out.next().await.is_some() {
            // The slower caller has results of several batches at the same time.
            tokio::time::sleep(Duration::from_millis(7)).await;
        }
        assert_eq!(server.sizes(), [50, 100, 100, 100, 100, 100], "{concurrency}, {is_ordered}");
    }
}

/// Responses that overtake each other by a little make few more requests.
#[tokio::test(start_paused = true)]
async fn with_varying_response_times_most_batches_are_full() {
    for concurrency in [2, 4, 16] {
        let server = FakeServer::replying(|request| {
            let hash = (request.numbers[0] as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
            Reply::queued().after(Duration::from_millis(50 + hash % 100))
        });
        let out = fifty_then_many(&server.client(), 50, 5_050).concurrency(concurrency).ordered();
        assert_eq!(positions(&collect(out).await), (0..5_050).collect::<Vec<_>>());
        assert!(server.sizes().len() <= 55, "{concurrency}: {:?}", server.sizes());
    }
}

#[tokio::test(start_paused = true)]
async fn stop_while_results_are_held_back_sends_what_was_taken() {
    // 1: the batch waits for a request to end. 2: it was sent, or the third request is also in flight.
    for (concurrency, wait) in [(1, 300), (2, 170), (2, 300)] {
        let (server, taken) = (first_is_slow(), Cell::new(0));
        let events = (0..1000).map(|n| {
            taken.set(taken.get() + 1);
            numbered(n)
        });
        let mut out = server.client().fan_out(events).concurrency(concurrency).ordered();
        tokio::time::timeout(Duration::from_millis(wait), out.next()).await.unwrap_err();
        let rest = out.stop();
        assert_eq!((rest, taken.get(), out.is_terminated()), (concurrency * 100, rest, false));
        assert_eq!(positions(&collect(out).await), (0..rest).collect::<Vec<_>>());
        assert_eq!(server.sizes().into_iter().sum::<usize>(), rest);

        let server = first_is_slow();
        let mut out = fifty_then_many(&server.client(), 50, 1000).concurrency(concurrency).ordered();
        tokio::time::timeout(Duration::from_millis(wait), out.next()).await.unwrap_err();
        let rest = out.stop();
        assert_eq!(rest, concurrency * 100);
        assert_eq!(positions(&collect(out).await), (0..rest).collect::<Vec<_>>());
        assert_eq!(server.sizes().into_iter().sum::<usize>(), rest);
    }
}

#[tokio::test(start_paused = true)]
async fn one_event_is_a_batch() {
    for concurrency in [1, 2] {
        let server = first_is_slow();
        // Each event waits for 10 ms, so it is sent alone unless no request can be sent.
        let out = server.client().fan_out_stream(Timed::new((0..4).map(|n| n * 20))).concurrency(concurrency);
        let results = collect(out.flush_after(Duration::from_millis(10)).ordered()).await;
        assert_eq!(positions(&results), [0, 1, 2, 3]);
        assert_eq!(server.sizes(), if concurrency == 1 { vec![1, 3] } else { vec![1, 1, 2] });
    }
}

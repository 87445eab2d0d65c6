//! What bounds a fan-out: concurrency, back-pressure, the sizes of requests, and the wait for more events.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use serde_json::json;
use teleflow::Event;
use teleflow_emulator::RateLimit;

use super::server::{FakeServer, Reply, numbered};
use super::timed::Timed;
use super::{collect, positions};
use crate::bulk::paced::Paced;

/// The rate policy of a plan that allows no bulk.
const FREE_POLICY: &str =
    r#"60;w=1;burst=66;comment="token bucket";category="trigger";cost="bulk";serviceLevel="free""#;
const FOREVER: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn no_more_than_the_chosen_number_of_requests_are_in_flight() {
    for concurrency in [0, 1, 3, 8] {
        let server = FakeServer::new();
        let results = collect(server.client().fan_out((0..2000).map(numbered)).concurrency(concurrency)).await;
        assert_eq!((results.len(), server.in_flight()), (2000, (0, concurrency.max(1))));
        assert_eq!(server.sizes(), [100; 20]);
    }
}

/// A batch of 50 events waits while eight requests are in flight.
#[tokio::test(start_paused = true)]
async fn a_lower_number_of_requests_applies_to_the_next_one() {
    let server =
        FakeServer::replying(|request| Reply::queued().after(Duration::from_millis(1000 + request.numbers[0] as u64)));
    let times = (0..1000).map(|n| if n < 50 { 0 } else { 60 });
    let mut out = server.client().fan_out_stream(Timed::new(times)).concurrency(8);
    tokio::time::timeout(Duration::from_millis(500), out.next()).await.unwrap_err();
    out.stop();
    assert_eq!(collect(out.concurrency(1)).await.len(), 800);
    assert_eq!(server.sizes(), [50, 100, 100, 100, 100, 100, 100, 100, 50]);
    assert!(server.received()[8].time >= Duration::from_millis(1700), "{:?}", server.received()[8].time);
}

/// Never more than `concurrency` × 100 events are in memory: in a batch, in flight, or as results.
#[tokio::test(start_paused = true)]
async fn events_are_taken_from_the_source_only_as_results_are_returned() {
    for is_ordered in [false, true] {
        let (server, taken) = (FakeServer::new(), Cell::new(0));
        let events = (0..5000).map(|n| {
            taken.set(taken.get() + 1);
            numbered(n)
        });
        let out = server.client().fan_out(events).concurrency(3);
        let mut out = if is_ordered { out.ordered() } else { out };
        assert_eq!(taken.get(), 0, "nothing is taken before the first poll");
        for returned in 1..=5000 {
            out.next().await.unwrap().1.unwrap();
            assert!(taken.get() < returned + 300, "{} were taken before result {returned}", taken.get());
        }
        assert_eq!((taken.get(), server.sizes()), (5000, vec![100; 50]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_response_does_not_make_the_memory_grow() {
    let server = FakeServer::replying(|request| {
        Reply::queued().after(if request.numbers.contains(&0) { FOREVER } else { Duration::from_millis(10) })
    });
    let taken = Cell::new(0);
    let events = (0..100_000).map(|n| {
        taken.set(taken.get() + 1);
        numbered(n)
    });
    let mut out = server.client().fan_out(events).concurrency(4).ordered();
    // Each attempt has a timeout of 10 s.
    assert!(tokio::time::timeout(Duration::from_secs(9), out.next()).await.is_err());
    assert_eq!((taken.get(), server.sizes()), (400, vec![100; 4]));
    let (position, result) = out.next().await.unwrap();
    assert_eq!((position, result.unwrap_err().kind()), (0, teleflow::ErrorKind::Timeout));
}

#[tokio::test(start_paused = true)]
async fn events_of_a_slow_source_wait_a_short_time_for_others() {
    let server = FakeServer::new();
    // Those within 50 ms of the first share a request.
    let out = server.client().fan_out_stream(Timed::new([0, 20, 40, 200, 1000, 1049, 1051]));
    let results = collect(out.ordered()).await;
    assert_eq!(positions(&results), (0..7).collect::<Vec<_>>());
    let received = server.received();
    let requests: Vec<_> =
        received.iter().map(|request| (request.time.as_millis() as u64, request.numbers.clone())).collect();
    let expected = [(50, vec![0, 1, 2]), (250, vec![3]), (1050, vec![4, 5]), (1051, vec![6])];
    for ((time, numbers), (expected_time, expected)) in requests.iter().zip(&expected) {
        // Timers have a resolution of a millisecond.
        assert!(numbers == expected && time.abs_diff(*expected_time) <= 1, "{requests:?}");
    }
    assert_eq!(requests.len(), expected.len(), "{requests:?}");
    assert_eq!(received.iter().map(|request| request.is_bulk()).collect::<Vec<_>>(), [true, false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_others_can_be_chosen() {
    for (wait, sizes) in
        [(Duration::ZERO, vec![1, 1, 1]), (Duration::from_millis(150), vec![2, 1]), (Duration::MAX, vec![3])]
    {
        let server = FakeServer::new();
        let out = server.client().fan_out_stream(Timed::new([0, 100, 200])).flush_after(wait);
        assert_eq!(collect(out).await.len(), 3);
        assert_eq!(server.sizes(), sizes, "{wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn while_no_request_can_be_sent_a_batch_is_filled() {
    let server = FakeServer::replying(|_| Reply::queued().after(Duration::from_secs(1)));
    let out = server.client().fan_out_stream(Timed::new((0..10).map(|n| n * 100))).concurrency(1);
    assert_eq!(collect(out).await.len(), 10);
    assert_eq!(server.sizes(), [1, 9]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_is_slow_neither_shortens_batches_nor_ends_attempts() {
    let server = FakeServer::new();
    let mut out = server.client().fan_out((0..1000).map(numbered));
    while let Some((_, result)) = out.next().await {
        assert_eq!(result.unwrap().attempts(), 1);
        // The timeout of an attempt is 10 s.
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    assert_eq!(server.sizes(), [100; 10]);
}

/// An event that makes a request too large is in the next one.
#[tokio::test(start_paused = true)]
async fn large_events_fill_each_request() {
    for is_ordered in [false, true] {
        let server = FakeServer::new();
        let text = "x".repeat(50_000);
        let events = (0..400).map(|n| Event::untyped("numbered", json!({"n": n, "text": text})).to("ada"));
        let out = server.client().fan_out(events).concurrency(3);
        let results = collect(if is_ordered { out.ordered() } else { out }).await;
        let mut positions = positions(&results);
        positions.sort_unstable();
        assert_eq!(positions, (0..400).collect::<Vec<_>>());
        let mut sizes = server.sizes();
        sizes.sort_unstable();
        assert_eq!(sizes.iter().sum::<usize>(), 400);
        assert_eq!((sizes.pop(), sizes.len()), (Some(83), 4), "{:?}", server.sizes());
        for request in server.received() {
            assert!(request.numbers.is_sorted_by(|one, next| one + 1 == *next), "{:?}", request.numbers);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn requests_have_at_most_4_mib() {
    let server = FakeServer::new();
    let text = "x".repeat(1_500_000);
    let events = (0..7).map(|n| Event::untyped("numbered", json!({"n": n, "text": text})).to("ada"));
    let results = collect(server.client().fan_out(events)).await;
    assert_eq!(results.len(), 7);
    let numbers: Vec<_> = server.received().iter().flat_map(|request| request.numbers.clone()).collect();
    assert_eq!(numbers.len(), 7);
    assert!(server.sizes().into_iter().all(|events| events <= 2), "{:?}", server.sizes());
}

/// The server refuses every bulk on such a plan.
#[tokio::test(start_paused = true)]
async fn with_a_burst_below_100_events_are_sent_alone() {
    let server = FakeServer::replying(|request| {
        let reply = Reply::queued().header("ratelimit-policy", FREE_POLICY);
        if request.is_bulk() { reply.status(429).header("retry-after", "3") } else { reply }
    });
    let client = server.client();
    let results = collect(client.fan_out((0..250).map(numbered)).ordered()).await;
    assert!(results.iter().all(|(_, result)| result.is_ok()));
    let bulks = server.received().iter().filter(|request| request.is_bulk()).count();
    assert_eq!(server.received().len(), 250 + bulks);

    // The client remembers the policy.
    let results = collect(client.fan_out((0..250).map(numbered))).await;
    assert!(results.iter().all(|(_, result)| result.is_ok()));
    assert_eq!(server.received().iter().filter(|request| request.is_bulk()).count(), bulks);
}

/// The rate limit is the emulator's: 100 for each bulk, 1 for each single event.
#[tokio::test(start_paused = true)]
async fn within_the_rate_limit_of_the_plan_every_event_is_queued() {
    for (limit, events) in [(RateLimit::PerSecond(300), 3000), (RateLimit::Free, 1000)] {
        let paced = Paced::new(limit);
        let events = (0..events).map(|n| Event::untyped("welcome", json!({"n": n})).to("ada"));
        let results = collect(paced.client().fan_out(events)).await;
        assert!(results.iter().all(|(_, result)| result.is_ok()), "{limit:?}");
        assert_eq!(paced.emulator.jobs().len(), results.len());
        // Those that started before the first response.
        assert!(paced.refused().len() <= 4, "{limit:?}: {:?}", paced.refused());
    }
}

#[tokio::test(start_paused = true)]
async fn the_counters_can_be_read_at_any_time() {
    let server =
        FakeServer::replying(
            |request| {
                if request.numbers.contains(&0) { Reply::queued().status(500) } else { Reply::queued() }
            },
        );
    let mut out = server.client().fan_out((0..1000).map(numbered)).concurrency(2);
    let progress = out.progress();
    let counters = || (progress.taken(), progress.queued(), progress.failed(), progress.pending());
    assert_eq!(counters(), (0, 0, 0, 0));
    let seen = RefCell::new(Vec::new());
    let watch = async {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            seen.borrow_mut().push(counters());
        }
        std::future::pending::<()>().await;
    };
    let drain = async { while out.next().await.is_some() {} };
    tokio::select! {
        () = watch => {}
        () = drain => {}
    }
    assert_eq!(seen.into_inner()[..2], [(200, 0, 0, 200), (400, 100, 100, 200)]);
    assert_eq!(counters(), (1000, 900, 100, 0));
}

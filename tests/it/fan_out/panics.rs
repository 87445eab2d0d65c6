//! Panics of the source, of an event's `Serialize` and of a transport, which the caller catches.

use std::cell::Cell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::{FusedStream, Stream};
use serde::ser::{Serialize, SerializeMap, Serializer};
use teleflow::fan_out::FanOut;
use teleflow::{ErrorKind, Event, Fate, IntoBulkEvent, Receipt, Result, Untyped};

use super::server::{FakeServer, Numbered, Received, Reply, numbered};
use super::{collect, positions};

/// The next result. `None` if the poll panicked as the test says.
async fn next<S>(out: &mut FanOut<S>) -> Option<Option<(usize, Result<Receipt>)>>
where
    S: Stream<Item: IntoBulkEvent> + Unpin,
{
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut *out).poll_next(context))) {
        Ok(poll) => poll.map(Some),
        Err(panic) => {
            assert_eq!(panic.downcast_ref(), Some(&"as the test says"));
            Poll::Ready(None)
        }
    })
    .await
}

/// All results, sorted, and the number of panics.
async fn collect_with_panics<S>(out: &mut FanOut<S>) -> (Vec<(usize, Result<Receipt>)>, usize)
where
    S: Stream<Item: IntoBulkEvent> + Unpin,
{
    let (mut results, mut panics) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_secs(3600), next(out)).await.expect("the stream hangs") {
            Some(Some(result)) => results.push(result),
            Some(None) => break,
            None => panics += 1,
        }
    }
    assert!(out.is_terminated() && out.size_hint() == (0, Some(0)));
    let (progress, failed) = (out.progress(), results.iter().filter(|(_, result)| result.is_err()).count());
    assert_eq!((progress.queued(), progress.failed()), (results.len() - failed, failed));
    assert_eq!((progress.taken(), progress.pending()), (results.len(), 0));
    results.sort_by_key(|(position, _)| *position);
    (results, panics)
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_transport_is_passed_on() {
    let server = FakeServer::replying(|_| panic!("as the test says"));
    let panicked = tokio::spawn(collect(server.client().fan_out((0..3).map(numbered)))).await.unwrap_err();
    assert_eq!(panicked.into_panic().downcast_ref(), Some(&"as the test says"));
}

/// A server whose transport panics on some requests, before or after it sent them.
fn panics_on(is_panic: impl Fn(&Received) -> bool + Send + Sync + 'static, is_late: bool) -> FakeServer {
    FakeServer::replying(move |request| {
        let is_panic = is_panic(request);
        assert!(!is_panic || is_late, "as the test says");
        if is_panic { Reply::queued().panicking() } else { Reply::queued() }
    })
}

#[tokio::test(start_paused = true)]
async fn after_a_panic_of_a_transport_the_fate_of_its_events_is_unknown() {
    for (events, in_batch) in [(1, 0), (3, 1), (100, 99), (1000, 0), (1000, 450), (1000, 999)] {
        for (concurrency, is_ordered, is_late) in
            [(1, false, false), (1, true, true), (4, true, false), (4, false, true)]
        {
            let server = panics_on(move |request| request.numbers.contains(&in_batch), is_late);
            let out = server.client().fan_out((0..events).map(numbered)).concurrency(concurrency);
            let mut out = if is_ordered { out.ordered() } else { out };
            let (results, panics) = collect_with_panics(&mut out).await;
            assert_eq!((positions(&results), panics), ((0..events).collect(), 1));
            for (position, result) in results {
                if position / 100 != in_batch / 100 {
                    assert_eq!(result.unwrap().transaction_id().as_str(), format!("t-{position}"));
                    continue;
                }
                let error = result.unwrap_err();
                let facts = (error.kind(), error.fate(), error.attempts());
                assert_eq!(facts, (ErrorKind::Interrupted, Fate::Unknown, 1), "{error}");
                assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{position}"));
                assert!(error.to_string().contains("panicked"), "{error}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_batch_whose_transport_panics_panics_once() {
    let server = panics_on(|_| true, true);
    let mut out = server.client().fan_out((0..1000).map(numbered)).concurrency(3).ordered();
    let (results, panics) = collect_with_panics(&mut out).await;
    assert_eq!((positions(&results), panics), ((0..1000).collect(), 10));
    assert!(results.iter().all(|(_, result)| result.is_err()));
}

#[tokio::test(start_paused = true)]
async fn after_a_panic_of_a_transport_a_fan_out_can_be_stopped_or_dropped() {
    let server = panics_on(|request| request.numbers.contains(&0), true);
    let mut numbers = 0..10_000;
    let mut out = server.client().fan_out(numbers.by_ref().map(numbered)).ordered();
    assert!(next(&mut out).await.is_none());
    let rest = out.stop();
    assert_eq!(positions(&collect_with_panics(&mut out).await.0), (0..rest).collect::<Vec<_>>());
    drop(out);
    assert_eq!(numbers, rest..10_000);

    let mut out = server.client().fan_out((0..10_000).map(numbered));
    assert!(next(&mut out).await.is_none());
    drop(out);
    tokio::time::sleep(Duration::ZERO).await;
    let received = server.received().len();
    assert_eq!(server.in_flight().0, 0);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.received().len(), received);
}

/// A payload that panics at one number, after a part of it was written.
struct Panicking {
    number: usize,
    at: usize,
}

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("n", &self.number)?;
        assert!(self.number != self.at, "as the test says");
        map.end()
    }
}

type PanickingEvent = Event<Untyped<Panicking>, &'static str>;

/// A source of numbered events, as an iterator and as a stream, that panics at one number.
struct Source<'a, F> {
    numbers: &'a mut std::ops::Range<usize>,
    event: F,
    /// How often it was asked for an event.
    asked: &'a Cell<usize>,
}

impl<E, F: Fn(usize) -> E> Iterator for Source<'_, F> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        self.asked.set(self.asked.get() + 1);
        self.numbers.next().map(&self.event)
    }
}

impl<E, F: Fn(usize) -> E + Unpin> Stream for Source<'_, F> {
    type Item = E;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<E>> {
        Poll::Ready(self.next())
    }
}

/// The events before the panic are sent, and the stream says how many they are.
async fn assert_ends_at<S>(server: &FakeServer, mut out: FanOut<S>, at: usize)
where
    S: Stream<Item: IntoBulkEvent> + Unpin,
{
    let (results, panics) = collect_with_panics(&mut out).await;
    assert_eq!((positions(&results), panics, out.stop()), ((0..at).collect(), 1, at));
    for (position, result) in results {
        assert_eq!(result.unwrap().transaction_id().as_str(), format!("t-{position}"));
    }
    let mut sent: Vec<usize> = server.received().into_iter().flat_map(|request| request.numbers).collect();
    sent.sort_unstable();
    assert_eq!(sent, (0..at).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_serialize_or_of_the_source_ends_the_source() {
    for at in [0, 42, 99, 100, 999] {
        let serialize = |number| -> PanickingEvent {
            let payload = Panicking { number, at };
            Event::untyped("numbered", payload).to("ada").transaction_id(format!("t-{number}"))
        };
        let source = |number| -> Numbered {
            assert!(number != at, "as the test says");
            numbered(number)
        };
        for (concurrency, is_ordered) in [(1, true), (1, false), (4, true), (4, false)] {
            let asked = Cell::new(0);
            macro_rules! ends {
                ($fan_out:ident, $event:expr) => {{
                    let (mut numbers, server) = (0..1000, FakeServer::new());
                    asked.set(0);
                    let events = Source { numbers: &mut numbers, event: $event, asked: &asked };
                    let out = server.client().$fan_out(events).concurrency(concurrency);
                    assert_ends_at(&server, if is_ordered { out.ordered() } else { out }, at).await;
                    // The event that panicked is not in the source either.
                    assert_eq!((numbers, asked.get()), (at + 1..1000, at + 1));
                }};
            }
            ends!(fan_out, serialize);
            ends!(fan_out, source);
            ends!(fan_out_stream, serialize);
            ends!(fan_out_stream, source);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_panic_of_the_source_a_fan_out_says_what_was_not_begun_and_can_be_dropped() {
    let server = FakeServer::new();
    let events = (0..1000).map(|n| {
        assert!(n != 150, "as the test says");
        numbered(n)
    });
    let mut out = server.client().fan_out(events);
    assert!(next(&mut out).await.is_none());
    assert_eq!((out.stop(), out.size_hint(), out.is_terminated()), (150, (150, Some(150)), false));
    drop(out);
    tokio::time::sleep(Duration::from_secs(60)).await;
    // The events after the first request were not sent.
    assert!(server.sizes().into_iter().sum::<usize>() <= 100 && server.in_flight().0 == 0);
}

/// Both in one stream: the panic of a transport does not end the source.
#[tokio::test(start_paused = true)]
async fn panics_of_the_source_and_of_a_transport_are_independent() {
    let server = panics_on(|request| request.numbers.contains(&0), true);
    let events = (0..1000).map(|n| {
        assert!(n != 650, "as the test says");
        numbered(n)
    });
    let mut out = server.client().fan_out(events).concurrency(2).ordered();
    let (results, panics) = collect_with_panics(&mut out).await;
    assert_eq!((positions(&results), panics, out.stop()), ((0..650).collect(), 2, 650));
    assert!(results.iter().all(|(position, result)| result.is_err() == (*position < 100)));
}

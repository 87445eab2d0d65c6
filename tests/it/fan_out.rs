//! `Client::fan_out`: results, positions, order, and the requests that are sent.

mod limits;
mod order;
mod panics;
mod server;
mod stop;
mod timed;

use std::collections::HashSet;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_core::{FusedStream, Stream};
use serde_json::json;
use server::{FakeServer, Reply, numbered};
use teleflow::fan_out::FanOut;
use teleflow::{Client, ErrorKind, Event, Fate, IntoBulkEvent, Receipt, Result, TeleflowWorkflow};

/// All results, in the order in which they are returned.
async fn collect<S>(mut out: FanOut<S>) -> Vec<(usize, Result<Receipt>)>
where
    S: Stream<Item: IntoBulkEvent> + Unpin,
{
    let mut results = Vec::new();
    while let Some(result) = out.next().await {
        results.push(result);
    }
    assert!(out.is_terminated() && out.next().await.is_none(), "the stream has ended");
    let (progress, failed) = (out.progress(), results.iter().filter(|(_, result)| result.is_err()).count());
    let counters = (progress.taken(), progress.queued(), progress.failed(), progress.pending());
    assert_eq!(counters, (results.len(), results.len() - failed, failed, 0));
    results
}

fn positions(results: &[(usize, Result<Receipt>)]) -> Vec<usize> {
    results.iter().map(|(position, _)| *position).collect()
}

#[tokio::test(start_paused = true)]
async fn every_event_has_one_result_at_its_position() {
    let server = FakeServer::new();
    let results = collect(server.client().fan_out((0..250).map(numbered))).await;
    for (position, result) in &results {
        assert_eq!(result.as_ref().unwrap().transaction_id().as_str(), format!("t-{position}"));
    }
    assert_eq!(positions(&results).into_iter().collect::<HashSet<_>>(), (0..250).collect());
    assert_eq!((results.len(), server.sizes()), (250, vec![100, 100, 50]));
}

#[tokio::test(start_paused = true)]
async fn invalid_events_keep_their_positions_and_are_not_sent() {
    let server = FakeServer::new();
    let event = |n: usize| if n % 100 == 42 { Event::untyped("numbered", json!([])).to("ada") } else { numbered(n) };
    let results = collect(server.client().fan_out((0..350).map(event)).ordered()).await;
    assert_eq!(positions(&results), (0..350).collect::<Vec<_>>());
    for (position, result) in results {
        match result {
            Ok(receipt) => assert_eq!(receipt.transaction_id().as_str(), format!("t-{position}")),
            Err(error) => {
                assert_eq!((position % 100, error.kind(), error.attempts()), (42, ErrorKind::Invalid, 0), "{error}");
            }
        }
    }
    assert_eq!(server.received().iter().flat_map(|request| &request.numbers).count(), 346);
}

#[tokio::test(start_paused = true)]
async fn invalid_events_alone_send_nothing() {
    let server = FakeServer::new();
    let results = collect(server.client().fan_out((0..1000).map(|n| Event::untyped("x", n).to("ada"))).ordered()).await;
    assert!(results.len() == 1000 && results.iter().all(|(_, result)| result.is_err()));
    assert_eq!(server.received(), []);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_fails_does_not_affect_the_others() {
    for (status, kind) in [(400, ErrorKind::Validation), (401, ErrorKind::Unauthorized), (503, ErrorKind::Server)] {
        let server = FakeServer::replying(move |request| {
            if request.numbers.contains(&150) { Reply::queued().status(status) } else { Reply::queued() }
        });
        let results = collect(server.client().fan_out((0..1000).map(numbered)).concurrency(2)).await;
        for (position, result) in &results {
            let expected = (100..200).contains(position).then_some(kind);
            assert_eq!(result.as_ref().err().map(teleflow::Error::kind), expected, "{status}, {position}");
        }
        assert_eq!(server.sizes(), [100; 10], "{status}");
    }
}

#[derive(serde::Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "welcome")]
struct Welcome {
    n: usize,
}

#[derive(serde::Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "invoice")]
struct Invoice<'a> {
    n: usize,
    number: &'a str,
}

#[tokio::test(start_paused = true)]
async fn events_of_several_workflows_are_mixed() {
    let server = FakeServer::new();
    let number = String::from("A-7");
    let events = (0..7).map(|n| match n % 3 {
        0 => Welcome { n }.to("ada").into_request(),
        1 => Invoice { n, number: &number }.to(["ben", "eve"]).into_request(),
        _ => Invoice { n, number: &number }.to(" ").into_request(),
    });
    let results = collect(server.client().fan_out(events)).await;
    let failed: Vec<usize> = results.iter().filter(|(_, result)| result.is_err()).map(|(n, _)| *n).collect();
    assert_eq!((positions(&results), failed), ((0..7).collect(), vec![2, 5]));
    let received = server.received();
    assert_eq!((received.len(), &*received[0].numbers), (1, [0, 1, 3, 4, 6].as_slice()));
    assert_eq!(received[0].triggers, ["welcome", "invoice", "welcome", "invoice", "welcome"]);
}

#[tokio::test(start_paused = true)]
async fn a_stored_request_keeps_its_transaction_id_and_a_bulk_or_a_broadcast_is_invalid() {
    let server = FakeServer::new();
    let id = numbered(1).into_request().unwrap();
    let bulk = teleflow::bulk![numbered(2), numbered(3)].into_request().unwrap();
    let broadcast = Welcome { n: 4 }.broadcast().into_request().unwrap();
    let stored = serde_json::to_string(&[id, bulk, broadcast]).unwrap();
    let stored: Vec<teleflow::Request> = serde_json::from_str(&stored).unwrap();
    let results = collect(server.client().fan_out(stored).ordered()).await;
    assert_eq!(results[0].1.as_ref().unwrap().transaction_id().as_str(), "t-1");
    for (_, result) in &results[1..] {
        let error = result.as_ref().unwrap_err();
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Invalid, Fate::NotQueued), "{error}");
    }
    assert_eq!(server.received().len(), 1);
}

/// An event is serialized when it is taken, so it may borrow and need not be `Send`. The stream can be sent if its source can.
#[tokio::test(start_paused = true)]
async fn events_may_borrow_and_need_not_be_send() {
    let texts: Vec<Rc<String>> = (0..3).map(|n| Rc::new(format!("A-{n}"))).collect();
    let events = texts.iter().enumerate().map(|(n, number)| Invoice { n, number }.to(Rc::clone(number).to_string()));
    assert_eq!(collect(FakeServer::new().client().fan_out(events)).await.len(), 3);

    let out = FakeServer::new().client().fan_out((0..3).map(numbered));
    assert_eq!(tokio::spawn(collect(out)).await.unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_number_of_results_is_known_if_that_of_the_events_is() {
    let client = FakeServer::new().client();
    let mut out = client.fan_out((0..250).map(numbered));
    assert_eq!(out.size_hint(), (250, Some(250)));
    for left in (0..250).rev() {
        assert!(!out.is_terminated());
        out.next().await.unwrap().1.unwrap();
        assert_eq!(out.size_hint(), (left, Some(left)));
    }
    assert!(out.is_terminated());
}

#[test]
fn without_a_runtime_every_result_is_invalid() {
    let server = FakeServer::new();
    let out = server.client().fan_out((0..250).map(numbered)).ordered();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(results) = pin!(collect(out)).poll(&mut context) else {
        panic!("it waits for something");
    };
    assert_eq!(positions(&results), (0..250).collect::<Vec<_>>());
    for (_, result) in results {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.fate(), error.attempts()), (ErrorKind::Invalid, Fate::NotQueued, 0));
        assert!(error.to_string().contains("tokio runtime"), "{error}");
    }
    assert_eq!(server.received(), []);
}

/// The tasks end with the runtime that started them, and the server may have received their requests.
#[test]
fn after_the_runtime_is_shut_down_the_fate_is_unknown() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let first = runtime();
    let server = FakeServer::replying(|_| Reply::queued().after(Duration::from_secs(3600)));
    let mut out = server.client().fan_out((0..3).map(numbered)).ordered();
    first.block_on(async {
        tokio::time::timeout(Duration::from_millis(10), out.next()).await.unwrap_err();
    });
    drop(first);
    let results = runtime().block_on(collect(out));
    assert_eq!(positions(&results), [0, 1, 2]);
    for (position, result) in results {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.fate()), (ErrorKind::Interrupted, Fate::Unknown), "{error}");
        assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{position}"));
    }
}

#[tokio::test]
async fn the_emulator_queues_every_event_once() {
    let emulator = teleflow_emulator::Emulator::new();
    emulator.workflow(teleflow_emulator::Workflow::new("numbered"));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let results = collect(client.fan_out((0..1234).map(numbered)).concurrency(16)).await;
    assert!(results.iter().all(|(_, result)| result.is_ok()));
    let ids: HashSet<String> = emulator.jobs().iter().map(|job| job.transaction_id().to_owned()).collect();
    assert_eq!((emulator.jobs().len(), ids.len()), (1234, 1234));
}

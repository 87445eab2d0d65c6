//! Bulks and fan-outs: an event that is refused does not stop the others.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use teleflow::{Bulk, Client, ErrorKind, Event, Failure, Fate, RecipientGuard, Request};

use super::{Recorder, only_ada};

/// Event `n` of a bulk. Every seventh is for `mallory`.
fn numbered(n: usize) -> Event<teleflow::Untyped<Value>, &'static str> {
    let to = if n % 7 == 3 { "mallory" } else { "ada" };
    Event::untyped("numbered", json!({"n": n})).to(to).transaction_id(format!("t-{n}"))
}

/// The events that were sent, alone or in a bulk: their numbers.
fn sent(recorder: &Recorder) -> Vec<u64> {
    let events = recorder.bodies().into_iter().flat_map(|body| match body["events"].as_array() {
        Some(events) => events.clone(),
        None => vec![body],
    });
    let events = events.inspect(|event| assert_eq!(event["to"], "ada"));
    events.map(|event| event["payload"]["n"].as_u64().unwrap()).collect()
}

fn allowed(events: usize) -> Vec<u64> {
    (0..events as u64).filter(|n| n % 7 != 3).collect()
}

#[tokio::test]
async fn the_other_events_of_a_bulk_are_sent() {
    for events in [1, 4, 5, 100, 250] {
        let recorder = Recorder::default();
        let client = recorder.client(only_ada());
        let bulk: Bulk = (0..events).map(numbered).collect();
        let plan = bulk.plan(&client);
        let report = bulk.send(&client).await;
        assert_eq!((report.len(), sent(&recorder)), (events, allowed(events)));
        assert_eq!((plan.requests().len(), plan.events()), (recorder.bodies().len(), allowed(events).len()));
        assert_eq!(plan.events() + plan.invalid_events(), events);
        for (n, result) in report.iter().enumerate() {
            match result {
                Ok(receipt) => assert_eq!(receipt.transaction_id().as_str(), format!("t-{n}")),
                Err(error) => {
                    assert!(n % 7 == 3 && error.to_string().contains("recipient 1 is a subscriber"), "{error}");
                    assert_eq!((error.kind(), error.fate()), (ErrorKind::Invalid, Fate::NotQueued));
                    assert_eq!(error.transaction_id().unwrap().as_str(), format!("t-{n}"));
                }
            }
        }
        assert!(report.failures().all(|(_, failure)| matches!(failure, Failure::Invalid(_))));
    }
}

#[tokio::test]
async fn refused_events_among_invalid_ones_keep_their_positions() {
    let recorder = Recorder::default();
    let mut bulk = Bulk::new();
    for n in 0..20 {
        bulk.push(if n % 2 == 0 { numbered(n) } else { Event::untyped("numbered", json!([])).to("ada") });
    }
    let report = bulk.send(&recorder.client(only_ada())).await;
    let kinds = report.iter().map(|result| result.as_ref().map(|_| ()).map_err(|error| error.to_string()));
    for (n, kind) in kinds.enumerate() {
        let reason = if n % 2 == 1 { "not a JSON object" } else { "recipient guard" };
        assert_eq!(kind.is_ok(), n % 2 == 0 && n % 7 != 3, "{n}: {kind:?}");
        assert!(kind.is_ok() || kind.unwrap_err().contains(reason), "{n}");
    }
    assert_eq!(sent(&recorder), [0, 2, 4, 6, 8, 12, 14, 16, 18]);
}

#[tokio::test]
async fn a_bulk_without_an_allowed_event_sends_nothing() {
    let recorder = Recorder::default();
    let bulk: Bulk = [3, 10, 17].map(numbered).into_iter().collect();
    let report = bulk.send(&recorder.client(only_ada())).await;
    assert_eq!((report.errors().count(), recorder.bodies().len()), (3, 0));
}

#[tokio::test]
async fn the_other_events_of_a_fan_out_are_sent() {
    let recorder = Recorder::default();
    let mut results = recorder.client(only_ada()).fan_out((0..250).map(numbered));
    let mut kinds = BTreeMap::new();
    while let Some((position, result)) = results.next().await {
        kinds.insert(position, result.map(|_| ()).map_err(|error| error.kind()));
    }
    let expected = |n| if n % 7 == 3 { Err(ErrorKind::Invalid) } else { Ok(()) };
    assert_eq!(kinds, (0..250).map(|n| (n, expected(n))).collect());
    let mut numbers = sent(&recorder);
    numbers.sort_unstable();
    assert_eq!(numbers, allowed(250));
}

#[tokio::test]
async fn each_event_of_a_bulk_is_redirected() {
    let recorder = Recorder::default();
    let bulk: Bulk = (0..30).map(numbered).collect();
    let report = bulk.send(&recorder.client(RecipientGuard::redirect_to("qa"))).await;
    assert!(report.all_queued(), "{report:?}");
    let [body] = &recorder.bodies()[..] else { panic!("one bulk") };
    let events = body["events"].as_array().unwrap();
    assert!(events.len() == 30 && events.iter().all(|event| event["to"] == json!({"subscriberId": "qa"})), "{body}");
}

/// It keeps its bytes and its key, so it is not split.
#[tokio::test]
async fn a_stored_bulk_with_a_refused_event_is_refused_as_a_whole() {
    let recorder = Recorder::default();
    let client: Client = recorder.client(only_ada());
    let stored = |events: Vec<usize>| -> Request {
        let request = events.into_iter().map(numbered).collect::<Bulk>().into_request().unwrap();
        serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap()
    };
    let report = client.send(stored(vec![1, 2, 3])).await;
    assert_eq!((report.errors().count(), recorder.bodies().len()), (3, 0));
    for (_, error) in report.errors() {
        assert!(error.kind() == ErrorKind::Invalid && error.to_string().contains("event 3"), "{error}");
    }
    let allowed = stored(vec![0, 1, 2]);
    assert!(client.send(allowed.clone()).await.all_queued());
    assert_eq!(recorder.0.lock().unwrap()[..], [allowed]);
}

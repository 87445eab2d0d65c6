//! Bulks whose events end differently: what is left is a smaller request with the same transaction ids.

use super::*;

fn ids(request: &Request) -> Vec<&str> {
    request.transaction_ids().map(teleflow::TransactionId::as_str).collect()
}

fn request(events: &[(&str, Value, &str)]) -> Request {
    let bulk: Bulk = events.iter().map(|(trigger, payload, id)| event(trigger, payload.clone(), id)).collect();
    stored(bulk.into_request())
}

/// Each body of the part is in the whole, so the events have the same bytes.
fn assert_same_bytes(whole: &Request, part: &Request) {
    let whole: Value = serde_json::from_slice(whole.body()).unwrap();
    let body: Value = serde_json::from_slice(part.body()).unwrap();
    let events = body.get("events").map_or_else(|| vec![body.clone()], |events| events.as_array().unwrap().clone());
    assert_eq!(events.len(), part.transaction_ids().len());
    for event in events {
        assert!(whole["events"].as_array().unwrap().contains(&event), "{event}");
    }
}

#[tokio::test]
async fn a_bulk_with_mixed_results_has_a_verdict_for_each_event_that_is_left() {
    for idempotency in [false, true] {
        let emulator = emulator();
        emulator.idempotency(idempotency);
        let client = client(&emulator);
        let whole = request(&[
            ("welcome", json!({}), "queued-1"),
            ("nowhere", json!({"n": 1}), "later-1"),
            ("invoice", json!({}), "dead-1"),
            ("nowhere", json!({"n": 2}), "later-2"),
            ("invoice", json!({"amount": null}), "dead-2"),
            ("welcome", json!({}), "queued-2"),
        ]);
        let verdict = client.deliver(&whole, first()).await;
        let Verdict::Replace { report, parts } = verdict else { panic!("{verdict:?}") };
        assert_eq!((report.len(), report.receipts().count(), parts.len()), (6, 2, 3));
        let [(later, wait), (one, first_dead), (two, second_dead)] = &parts[..] else { panic!() };
        assert_eq!((ids(later), later.path()), (vec!["later-1", "later-2"], "/v1/events/trigger/bulk"));
        assert!(again(wait).0 >= Duration::from_secs(900));
        assert_eq!((ids(one), ids(two), one.path()), (vec!["dead-1"], vec!["dead-2"], "/v1/events/trigger"));
        assert!(dead(first_dead).contains("dead-1") && dead(second_dead).contains("dead-2"));
        for (part, _) in &parts {
            assert_same_bytes(&whole, part);
            assert_ne!(part.idempotency_key(), whole.idempotency_key());
            assert_eq!(stored(Ok(part.clone())), *part);
        }

        // A worker that ends before it stores the parts gets the same parts again.
        if idempotency {
            let Verdict::Replace { parts: same, .. } = client.deliver(&whole, first()).await else { panic!() };
            assert!(same.iter().zip(&parts).all(|((same, _), (part, _))| same == part));
        }
        emulator.workflow(Workflow::new("nowhere"));
        let later = stored(Ok(later.clone()));
        assert!(matches!(client.deliver(&later, Delivery::new(2, DAY / 24)).await, Verdict::Done(_)));
    }
}

#[tokio::test]
async fn one_event_that_is_left_is_sent_alone() {
    let emulator = emulator();
    let whole = request(&[("welcome", json!({}), "a"), ("nowhere", json!({}), "b")]);
    let verdict = client(&emulator).deliver(&whole, first()).await;
    let Verdict::Replace { parts, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(parts.len(), 1);
    assert_eq!((ids(&parts[0].0), parts[0].0.path()), (vec!["b"], "/v1/events/trigger"));
}

#[tokio::test]
async fn a_bulk_without_results_is_sent_again_unchanged() {
    let whole = request(&[("welcome", json!({}), "a"), ("welcome", json!({}), "b")]);
    for fault in [Fault::CloseAfter, Fault::Reply(reply(503)), Fault::GarbageBody] {
        again(&with_fault(&whole, fault, first()).await);
    }
    let (_, pause) = again(&with_fault(&whole, Fault::Reply(reply(401)), first()).await);
    assert_eq!(pause, Some(Pause::Account));
    let _ = dead(&with_fault(&whole, Fault::CloseAfter, Delivery::new(9, DAY)).await);
}

#[tokio::test]
async fn a_bulk_that_is_refused_as_a_whole_is_sent_as_single_events() {
    let whole = request(&[("welcome", json!({}), "a"), ("invoice", json!({}), "b"), ("welcome", json!({}), "c")]);
    for status in [400, 413, 418, 422] {
        let emulator = emulator();
        emulator.faults().next(Fault::Reply(reply(status)));
        let client = client(&emulator);
        let verdict = client.deliver(&whole, first()).await;
        let Verdict::Replace { parts, .. } = verdict else { panic!("{verdict:?}") };
        assert_eq!(parts.iter().map(|(part, _)| ids(part)).collect::<Vec<_>>(), [["a"], ["b"], ["c"]]);
        let mut done = 0;
        for (part, verdict) in &parts {
            again(verdict);
            match client.deliver(part, Delivery::new(2, Duration::ZERO)).await {
                Verdict::Done(_) => done += 1,
                other => assert!(dead(&other).contains("amount")),
            }
        }
        assert_eq!((done, emulator.jobs().len()), (2, 2), "{status}");
    }
}

/// The server catches the exceptions of each event of a bulk. Alone, the event would get a 500.
#[tokio::test]
async fn a_failure_of_the_server_that_is_the_result_of_an_event_is_sent_again() {
    let emulator = emulator();
    emulator.idempotency(true).fail_queue(true);
    let client = client(&emulator);
    let mixed = request(&[("welcome", json!({}), "a"), ("invoice", json!({}), "b"), ("welcome", json!({}), "c")]);
    let Verdict::Replace { parts, .. } = client.deliver(&mixed, first()).await else { panic!() };
    let [(later, wait), (refused, verdict)] = &parts[..] else { panic!("{parts:?}") };
    assert_eq!((ids(later), ids(refused)), (vec!["a", "c"], vec!["b"]));
    assert!(again(wait).0 <= Duration::from_secs(5) && dead(verdict).contains("amount"));

    // The server keeps such results under the idempotency key, too.
    let whole = request(&[("welcome", json!({}), "d"), ("welcome", json!({}), "e")]);
    let Verdict::Replace { parts, .. } = client.deliver(&whole, first()).await else { panic!() };
    let [(same, wait)] = &parts[..] else { panic!("{parts:?}") };
    assert_eq!(ids(same), ["d", "e"]);
    again(wait);

    emulator.fail_queue(false);
    for request in [later, same] {
        assert!(matches!(client.deliver(request, Delivery::new(2, DAY / 24)).await, Verdict::Done(_)));
    }
    assert_eq!(emulator.jobs().len(), 4);
}

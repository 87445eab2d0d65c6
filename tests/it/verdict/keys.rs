//! The idempotency keys of the next delivery: the server must neither replay an old failure nor queue an event twice.

use super::*;

/// The only part of the replacement.
fn replacement(verdict: Verdict) -> (Request, Verdict) {
    match verdict {
        Verdict::Replace { mut parts, .. } if parts.len() == 1 => parts.remove(0),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_failure_that_the_server_keeps_under_the_key_is_sent_again_under_another_key() {
    let emulator = Emulator::new();
    emulator.idempotency(true);
    let client = client(&emulator);
    let request = welcome();
    let verdict = || client.deliver(&request, first());
    let (next, again_verdict) = replacement(verdict().await);
    assert!(again(&again_verdict).0 >= Duration::from_secs(900));
    assert_eq!((next.body(), next.path()), (request.body(), request.path()));
    assert_ne!(next.idempotency_key(), request.idempotency_key());

    // Somebody creates the workflow. Under the old key the server still replays its refusal.
    emulator.workflow(Workflow::new("welcome"));
    let (same, _) = replacement(verdict().await);
    assert_eq!(
        same, next,
        "the next key is derived, so a worker that ends before it stores the request changes nothing"
    );
    assert!(matches!(client.deliver(&stored(Ok(next)), Delivery::new(2, DAY / 24)).await, Verdict::Done(_)));
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn a_failure_of_the_server_under_the_key_is_sent_again_under_the_key_of_the_retry() {
    let emulator = emulator();
    emulator.idempotency(true).fail_queue(true);
    let request = welcome();
    let (next, _) = replacement(client(&emulator).deliver(&request, first()).await);
    emulator.fail_queue(false);
    let retrying = Client::builder().transport(emulator.clone()).build().unwrap();
    // A client that retries uses the same next key itself.
    assert!(matches!(retrying.deliver(&request, Delivery::new(2, Duration::ZERO)).await, Verdict::Done(_)));
    let verdict = retrying.deliver(&next, Delivery::new(2, Duration::ZERO)).await;
    let Verdict::Done(report) = verdict else { panic!("{verdict:?}") };
    assert!(report.get(0).unwrap().as_ref().unwrap().replayed());
    assert_eq!(emulator.jobs().len(), 1);
}

#[tokio::test]
async fn a_request_without_a_response_keeps_its_key() {
    let emulator = emulator();
    emulator.idempotency(true);
    emulator.faults().next(Fault::CloseAfter);
    let (client, request) = (client(&emulator), welcome());
    again(&client.deliver(&request, first()).await);
    let Verdict::Done(report) = client.deliver(&request, Delivery::new(2, Duration::ZERO)).await else { panic!() };
    assert!(report.get(0).unwrap().as_ref().unwrap().replayed());
    assert_eq!(emulator.jobs().len(), 1);
}

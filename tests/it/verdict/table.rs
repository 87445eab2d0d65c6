//! One test per row of the table in the documentation of `Verdict`.

use super::*;

use std::ops::RangeInclusive;

use teleflow::ErrorKind;
use tracing_subscriber::fmt;

use crate::support::CapturedLog;

const MINUTE: f64 = 60.0;

#[track_caller]
fn assert_within(after: Duration, seconds: RangeInclusive<f64>) {
    assert!(seconds.contains(&after.as_secs_f64()), "{after:?} is not within {seconds:?}");
}

#[tokio::test]
async fn a_request_that_was_queued_is_done() {
    let emulator = emulator();
    let bulk: Bulk = ["a", "b"].map(|id| event("welcome", json!({}), id)).into_iter().collect();
    for (request, events) in [(welcome(), 1), (broadcast(), 1), (stored(bulk.into_request()), 2)] {
        let Verdict::Done(report) = client(&emulator).deliver(&request, first()).await else { panic!() };
        assert!(report.all_queued() && report.len() == events);
    }
    assert_eq!(emulator.jobs().len(), 4);
}

#[tokio::test]
async fn a_cancellation_is_done_whatever_its_result() {
    let cancel = include_str!("../../stored/version_1/cancel.json");
    let verdict = client(&emulator()).deliver(&serde_json::from_str(cancel).unwrap(), first()).await;
    let Verdict::Done(report) = verdict else { panic!("{verdict:?}") };
    assert!(report.get(0).unwrap().as_ref().unwrap().cancellation().is_some());
}

#[tokio::test]
async fn a_retry_after_is_waited_for_and_a_429_pauses_the_process() {
    for (status, pause) in [(429, Some(Pause::RateLimit)), (409, None), (503, None)] {
        let reply = reply(status).header("retry-after", "90");
        let verdict = with_fault(&welcome(), Fault::Reply(reply), Delivery::new(9, Duration::ZERO)).await;
        let (after, actual) = again(&verdict);
        assert_within(after, 90.0..=91.0);
        assert_eq!(actual, pause, "{status}");
        assert_eq!(verdict.pause(), pause.map(|pause| (pause, after)));
    }
}

#[tokio::test]
async fn a_429_is_not_the_fault_of_an_old_event_but_an_old_event_that_fails_is_dead() {
    let old = || Delivery::new(9, 2 * DAY);
    again(&with_fault(&welcome(), Fault::Reply(reply(429).header("retry-after", "9")), old()).await);
    for status in [409, 503] {
        let verdict = with_fault(&welcome(), Fault::Reply(reply(status).header("retry-after", "9")), old()).await;
        assert!(dead(&verdict).contains("too old"), "{verdict:?}");
    }
}

#[tokio::test]
async fn a_failure_that_passes_is_sent_again_with_a_growing_backoff_until_it_is_too_old() {
    let faults = || {
        [
            (Fault::Reply(reply(500)), ErrorKind::Server),
            (Fault::Reply(reply(429)), ErrorKind::RateLimited),
            (Fault::Reply(reply(408)), ErrorKind::Timeout),
            (Fault::Reply(reply(409)), ErrorKind::InProgress),
            (Fault::RefuseConnections(Duration::from_secs(60)), ErrorKind::Connect),
            (Fault::CloseAfter, ErrorKind::Interrupted),
            (Fault::GarbageBody, ErrorKind::Decode),
        ]
    };
    for (number, limits) in
        [(0, 2.5..=5.0), (1, 2.5..=5.0), (2, 5.0..=10.0), (5, 40.0..=80.0), (u32::MAX, 450.0..=900.0)]
    {
        for (fault, kind) in faults() {
            let delivery = Delivery::new(number, DAY / 2);
            let verdict = with_fault(&welcome(), fault.clone(), delivery).await;
            let (after, pause) = again(&verdict);
            assert_within(after, limits.clone());
            assert_eq!(pause, None);
            let Verdict::Again { reason, .. } = &verdict else { panic!() };
            assert_eq!(reason.error().kind(), kind);

            let verdict = with_fault(&welcome(), fault, delivery.give_up_after(DAY / 2)).await;
            assert!(dead(&verdict).contains("too old"), "{verdict:?}");
        }
    }
}

#[tokio::test]
async fn an_account_that_is_refused_pauses_all_workers_and_says_so_loudly() {
    for status in [401, 402, 403] {
        let log = CapturedLog::default();
        let guard = tracing::subscriber::set_default(fmt().with_writer(log.clone()).finish());
        let verdict = with_fault(&welcome(), Fault::Reply(reply(status)), Delivery::new(1, 30 * DAY)).await;
        drop(guard);
        let (after, pause) = again(&verdict);
        assert_within(after, 5.0 * MINUTE..=5.0 * MINUTE + 1.0);
        assert_eq!(pause, Some(Pause::Account));
        let text = log.text();
        assert!(text.contains("ERROR") && text.contains("all queue workers must pause"), "{text}");
    }
}

#[tokio::test]
async fn an_event_that_its_workflow_does_not_accept_yet_waits_for_the_workflow_until_it_is_too_old() {
    let emulator = emulator();
    emulator.workflow(Workflow::new("off").inactive());
    for (trigger, kind) in [("off", ErrorKind::Dropped), ("nowhere", ErrorKind::WorkflowNotFound)] {
        let request = stored(event(trigger, json!({}), "t-1").into_request());
        let verdict = client(&emulator).deliver(&request, first()).await;
        assert_within(again(&verdict).0, 15.0 * MINUTE..=15.0 * MINUTE + 1.0);
        let Verdict::Again { reason, .. } = verdict else { panic!() };
        assert_eq!(reason.error().kind(), kind);
        assert!(dead(&client(&emulator).deliver(&request, Delivery::new(9, DAY)).await).contains("too old"));
    }
}

#[tokio::test]
async fn an_event_that_the_server_refuses_is_dead() {
    let emulator = emulator();
    let invalid = stored(event("invoice", json!({}), "t-1").into_request());
    let verdict = client(&emulator).deliver(&invalid, first()).await;
    assert!(dead(&verdict).contains("amount"), "{verdict:?}");

    let conflict = r#"{"message":"Request with key \"k\" is being reused for a different body"}"#;
    let table = [
        (reply(400), ErrorKind::Validation),
        (Reply::new(422).body(conflict), ErrorKind::IdempotencyConflict),
        (reply(413), ErrorKind::TooLarge),
        (reply(418), ErrorKind::Rejected),
        (reply(431), ErrorKind::Rejected),
    ];
    for (reply, kind) in table {
        let verdict = with_fault(&welcome(), Fault::Reply(reply), first()).await;
        let Verdict::Dead { reason } = &verdict else { panic!("{verdict:?}") };
        assert_eq!(reason.error().kind(), kind);
        assert_eq!(verdict.pause(), None);
    }
}

#[tokio::test]
async fn a_wrong_base_url_is_not_the_fault_of_the_event() {
    let nest = r#"{"message":"Cannot POST /api/v1/events/trigger","error":"Not Found","statusCode":404}"#;
    let replies = [301, 302, 303, 307, 308, 404, 405, 407, 410, 421, 426].map(Reply::new);
    let bulk: Bulk = ["a", "b"].map(|id| event("welcome", json!({}), id)).into_iter().collect();
    let requests = [welcome(), broadcast(), stored(bulk.into_request())];
    for reply in replies.into_iter().chain([Reply::new(404).body(nest), Reply::redirect("https://elsewhere.example/")])
    {
        for request in &requests {
            let log = CapturedLog::default();
            let guard = tracing::subscriber::set_default(fmt().with_writer(log.clone()).finish());
            let old = Delivery::new(9, DAY - Duration::from_secs(3600)).give_up_after(DAY / 24);
            let verdict = with_fault(request, Fault::Reply(reply.clone()), old).await;
            drop(guard);
            let (after, pause) = again(&verdict);
            assert_within(after, MINUTE..=MINUTE + 1.0);
            assert_eq!(pause, Some(Pause::BaseUrl));
            assert!(log.text().contains("check the base URL"), "{}", log.text());
        }
    }
}

#[tokio::test]
async fn a_rejection_without_a_message_of_the_api_is_sent_again_until_it_is_too_old() {
    for status in [400, 406, 415, 422, 451] {
        let page = || Fault::Reply(Reply::new(status).header("content-type", "text/html").body("<h1>Bad Request</h1>"));
        let (after, pause) = again(&with_fault(&welcome(), page(), first()).await);
        assert_within(after, 15.0 * MINUTE..=15.0 * MINUTE + 1.0);
        assert_eq!(pause, None, "{status}");
        assert!(dead(&with_fault(&welcome(), page(), Delivery::new(9, DAY)).await).contains("too old"));
    }
}

#[tokio::test]
async fn a_cancellation_pauses_nobody_for_its_path() {
    let cancel: Request = serde_json::from_str(include_str!("../../stored/version_1/cancel.json")).unwrap();
    for status in [301, 404, 405] {
        assert_eq!(again(&with_fault(&cancel, Fault::Reply(reply(status)), first()).await).1, None);
        assert!(
            dead(&with_fault(&cancel, Fault::Reply(reply(status)), Delivery::new(9, DAY)).await).contains("too old")
        );
    }
}

#[tokio::test]
async fn a_broadcast_of_unknown_fate_is_dead_unless_a_key_was_echoed() {
    for fault in [Fault::CloseAfter, Fault::Reply(reply(502)), Fault::GarbageBody, Fault::Reply(reply(408))] {
        let verdict = with_fault(&broadcast(), fault.clone(), first()).await;
        assert!(dead(&verdict).contains("may have been sent"), "{verdict:?}");

        let emulator = emulator();
        emulator.idempotency(true);
        let client = client(&emulator);
        assert!(matches!(client.deliver(&welcome(), first()).await, Verdict::Done(_)));
        emulator.faults().next(fault.clone());
        let request = broadcast();
        again(&client.deliver(&request, first()).await);
        assert!(matches!(client.deliver(&request, Delivery::new(2, DAY / 2)).await, Verdict::Done(_)));
        assert_eq!(emulator.jobs().len(), 2, "{fault:?}: the key protects");

        // The server forgets the key.
        emulator.faults().next(fault);
        let late = Delivery::new(2, DAY - Duration::from_secs(1)).give_up_after(9 * DAY);
        assert!(dead(&client.deliver(&broadcast(), late).await).contains("a day"));
    }
}

#[tokio::test]
async fn a_broadcast_that_was_not_sent_is_sent_again() {
    let refused = Fault::RefuseConnections(Duration::from_secs(60));
    again(&with_fault(&broadcast(), refused, first()).await);
    let limited = Fault::Reply(reply(429).header("retry-after", "9"));
    assert_eq!(again(&with_fault(&broadcast(), limited, first()).await).1, Some(Pause::RateLimit));
}

#[tokio::test]
async fn a_broadcast_above_the_burst_waits_for_another_plan_and_pauses_nobody() {
    let emulator = emulator();
    emulator.rate_limit(teleflow_emulator::RateLimit::Free);
    let client = client(&emulator);
    for _ in 0..2 {
        let (after, pause) = again(&client.deliver(&broadcast(), first()).await);
        assert_within(after, 15.0 * MINUTE..=15.0 * MINUTE + 1.0);
        assert_eq!(pause, None);
    }
}

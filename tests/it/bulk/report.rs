//! `BulkReport`: what happened to each event, and which may be sent again.

use teleflow::{Bulk, BulkReport, ErrorKind, Event, Failure};

use super::{BulkServer, numbered};

/// What happened to each event that failed, in a word.
fn failures(report: &BulkReport) -> Vec<(usize, &'static str)> {
    let word = |failure: &Failure<'_>| match failure {
        Failure::Invalid(_) => "invalid",
        Failure::NotSent(_) => "not sent",
        Failure::NotQueued(_) => "not queued",
        Failure::Unknown(_) => "unknown",
    };
    report.failures().map(|(position, failure)| (position, word(&failure))).collect()
}

async fn report(statuses: &[u16]) -> BulkReport {
    let server = BulkServer::default();
    server.statuses.lock().unwrap().extend(statuses);
    let mut bulk: Bulk = (0..47).map(numbered).collect();
    bulk.push(Event::untyped("welcome", "not an object").to("ada"));
    bulk.extend((48..148).map(numbered));
    server.send(bulk).await
}

#[tokio::test]
async fn events_that_were_never_sent_differ_from_those_that_were_refused() {
    let report = report(&[401]).await;
    let failures = failures(&report);
    assert_eq!(failures.len(), 148);
    for (position, word) in failures {
        assert_eq!(
            word,
            if position == 47 {
                "invalid"
            } else if position <= 100 {
                "not queued"
            } else {
                "not sent"
            }
        );
    }
    assert_eq!(report.retryable().count(), 0, "the key is wrong for the others too");
    for ((position, failure), (same_position, error)) in report.failures().zip(report.errors()) {
        assert_eq!((position, failure.error().to_string()), (same_position, error.to_string()));
        assert_eq!(matches!(failure, Failure::Invalid(_) | Failure::NotSent(_)), error.attempts() == 0);
    }
}

#[tokio::test]
async fn events_are_retryable_if_their_error_passes() {
    let report_of_second = |report: &BulkReport| {
        let retryable: Vec<usize> = report.retryable().map(|(position, _)| position).collect();
        assert!(retryable.is_empty() || retryable == (0..47).chain(48..101).collect::<Vec<_>>(), "{retryable:?}");
        !retryable.is_empty()
    };
    for (status, word, is_retryable) in [
        (429, "not queued", true),
        (500, "unknown", true),
        (503, "unknown", true),
        (408, "unknown", true),
        (409, "unknown", true),
        (400, "not queued", false),
        (404, "not queued", false),
        (413, "not queued", false),
    ] {
        let report = report(&[status]).await;
        assert_eq!(failures(&report)[0], (0, word), "{status}");
        assert_eq!(report_of_second(&report), is_retryable, "{status}");
    }
    let refused = report(&[]).await;
    let kinds: Vec<_> = refused.errors().map(|(position, error)| (position, error.kind())).collect();
    let refusals = [(48, ErrorKind::Validation), (49, ErrorKind::WorkflowNotFound)];
    assert_eq!(kinds[..3], [(47, ErrorKind::Invalid), refusals[0], refusals[1]]);
    assert_eq!(refused.retryable().count(), 0);
}

#[tokio::test]
async fn receipts_are_the_result_only_if_every_event_was_queued() {
    let queued = BulkServer::default().send((0..40).map(numbered).collect()).await;
    assert_eq!((queued.failures().count(), queued.iter().count()), (0, 40));
    assert_eq!(queued.into_result().unwrap().len(), 40);
    let failed = BulkServer::default().send((0..50).map(numbered).collect()).await;
    assert_eq!(failed.into_result().unwrap_err().kind(), ErrorKind::Validation);
}

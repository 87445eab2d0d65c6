//! The kit with the server's rules: unknown workflows, refused events, faults, no network.

use std::error::Error;
use std::time::Duration;

use serde_json::json;
use teleflow::{Broadcast, ErrorKind, Event, Fate, RetryPolicy, TeleflowWorkflow, bulk};
use teleflow_emulator::{Emulator, Fault, Kind, Reply, Workflow, no_network_client};

use super::{BY_DHL, BY_UPS, emulator, failure};

#[tokio::test]
async fn an_unknown_workflow_is_refused_by_default() {
    let emulator = Emulator::new();
    let error = BY_UPS.to("ada").send(&emulator.client()).await.unwrap_err();
    assert_eq!(error.fate(), Fate::NotQueued);
    emulator.assert_nothing_sent();
    emulator.assert_nothing_else();
    let text = failure(|| emulator.assert_sent(BY_UPS.to("ada")));
    let reason = "event 1 is equal, but the server refused it: 422 workflow_not_found; add the workflow with \
                  `Emulator::workflow`, or call `Emulator::accept_unknown_workflows`\n";
    assert!(text.contains(reason), "{text}");
    assert!(text.contains("no events were sent, and 1 was refused or not received:\n  1. order-shipped"), "{text}");
    assert!(text.ends_with("\"carrier\":\"UPS\"} (refused: 422 workflow_not_found)"), "{text}");
}

#[tokio::test]
async fn accepting_unknown_workflows_keeps_the_other_rules() {
    let emulator = emulator();
    emulator
        .workflow(Workflow::new("order-shipped").required("weight", Kind::String))
        .workflow(Workflow::new("sale").inactive());
    let client = emulator.client();
    assert!(BY_UPS.to("ada").send(&client).await.is_err());
    assert!(Event::untyped("sale", json!({})).to("ada").send(&client).await.is_err());
    Event::untyped("other", json!({})).to("ada").tenant("hats").send(&client).await.unwrap();
    emulator.reset();
    Event::untyped("after-a-reset", json!({})).to("ada").send(&client).await.unwrap();
    emulator.assert_sent(Event::untyped("after-a-reset", json!({})).to("ada"));
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn a_broadcast_that_the_server_drops_was_not_sent() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("sale"));
    let sale = || Broadcast::untyped("sale", json!({})).tenant("hats");
    // The server responds as if it had queued it.
    sale().send(&emulator.client()).await.unwrap();
    emulator.assert_nothing_sent();
    let text = failure(|| emulator.assert_sent(sale()));
    assert!(text.contains("refused it: no_tenant_found; add the tenant with `Emulator::tenant`\n"), "{text}");
    emulator.tenant("hats");
    sale().send(&emulator.client()).await.unwrap();
    emulator.assert_sent(sale());
}

#[tokio::test(start_paused = true)]
async fn retries_are_attempts_of_one_event() {
    let emulator = emulator();
    emulator.fail_next(Fault::Reply(Reply::new(503))).fail_next(Fault::CloseAfter).fail_next(Fault::CloseBefore);
    BY_UPS.to("ada").send(&emulator.client()).await.unwrap();
    assert_eq!(emulator.assert_sent(BY_UPS.to("ada")).attempts(), 4);
    emulator.assert_nothing_else();
}

#[tokio::test(start_paused = true)]
async fn a_fault_hides_from_the_client_whether_the_event_was_sent() {
    let emulator = emulator();
    let client = emulator.client_builder().retry(RetryPolicy::none()).timeout(Duration::from_secs(1)).build().unwrap();
    emulator.fail_next(Fault::CloseAfter);
    assert_eq!(BY_UPS.to("ada").send(&client).await.unwrap_err().fate(), Fate::Unknown);
    emulator.assert_sent(BY_UPS.to("ada"));

    emulator.fail_next(Fault::RefuseConnections(Duration::from_millis(1)));
    assert_eq!(BY_DHL.to("ada").send(&client).await.unwrap_err().fate(), Fate::NotQueued);
    let text = failure(|| emulator.assert_sent(BY_DHL.to("ada")));
    assert!(text.contains("event 2 is equal, but the server did not receive it\n"), "{text}");
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn a_refused_event_of_a_bulk_was_not_sent() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-shipped"));
    let report = bulk![Event::untyped("unknown", json!({})).to("ada"), BY_UPS.to("ada")].send(&emulator.client()).await;
    assert_eq!(report.errors().count(), 1);
    emulator.assert_sent(BY_UPS.to("ada"));
    emulator.assert_nothing_else();
    emulator.assert_trigger_not_sent("unknown");
    let text = failure(|| emulator.assert_nothing_sent());
    assert!(text.contains("1 event was sent, and 1 was refused or not received:\n"), "{text}");
    assert!(text.contains("1. unknown to \"ada\": {} (refused: workflow_not_found)\n"), "{text}");
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn events_over_sockets_count_too() {
    let emulator = emulator();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let client = teleflow::Client::builder().api_key("test-key").base_url(server.url()).build().unwrap();
    BY_UPS.to("ada").send(&client).await.unwrap();
    assert_eq!(emulator.assert_sent(BY_UPS.to("ada")).attempts(), 1);
    emulator.assert_nothing_else();
}

#[tokio::test]
async fn a_client_without_a_network_says_so_at_once() {
    let client = no_network_client();
    let error = BY_UPS.to("ada").send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Connect, Fate::NotQueued));
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    assert!(
        text.contains("a client from `no_network_client` cannot send an event of workflow `order-shipped`"),
        "{text}"
    );
    let error = client.cancel(&"some-id".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

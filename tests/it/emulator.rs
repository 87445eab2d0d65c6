//! The emulator: its public interface in memory and over HTTP, and in the modules below its parts.

mod builders;
mod clock;
mod delays_and_digests;
mod digest_events;
mod digest_keys;
mod example_workflows;
mod faults;
mod idempotency_and_limits;
mod introspection;
mod layouts;
mod messages;
mod outcomes;
mod template_files;
mod worker;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use teleflow::{Cancellation, Client, ErrorKind, Event};
use teleflow_emulator::{Emulator, Kind, Seeds, Workflow};

use crate::conformance::wire::{self, HttpResponse};

async fn request(address: SocketAddr, method: &str, target: &str, body: Option<Value>) -> HttpResponse {
    let headers = BTreeMap::from(
        [("authorization", "ApiKey test-key"), ("content-type", "application/json")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let body = body.map(|body| body.to_string().into_bytes());
    wire::send(address, method, target, &headers, body.as_deref()).await.expect("a response")
}

async fn trigger(address: SocketAddr, body: Value) -> Value {
    request(address, "POST", "/v1/events/trigger", Some(body)).await.json().expect("JSON")
}

#[tokio::test]
async fn the_server_shares_its_jobs_with_the_emulator() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-shipped").required("order.id", Kind::String));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();

    let rejected = trigger(server.addr(), json!({ "name": "order-shipped", "to": "ada" })).await;
    assert_eq!(rejected["message"], "payload is missing required key(s) and type(s): order.id (Value)");
    assert!(emulator.jobs().is_empty());

    let body =
        json!({ "name": "order-shipped", "to": ["ada"], "payload": { "order": { "id": 7 } }, "transactionId": "t" });
    assert_eq!(trigger(server.addr(), body).await["data"]["transactionId"], "t");
    let [job] = &emulator.jobs()[..] else { panic!("expected one job") };
    assert_eq!(job.trigger(), "order-shipped");
    assert_eq!(job.transaction_id(), "t");
    assert_eq!(job.payload(), &json!({ "order": { "id": 7 } }));
    assert_eq!(job.to(), Some(&json!(["ada"])));
    assert!(!job.is_broadcast());
    assert_eq!(job.to_json()["data"]["requestCategory"], "single");
}

#[tokio::test]
async fn a_delayed_event_can_be_cancelled_after_the_worker_has_run() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("reminder").delay(Duration::from_secs(60 * 60))).workflow(Workflow::new("welcome"));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    for (name, id) in [("reminder", "delayed"), ("welcome", "sent")] {
        trigger(server.addr(), json!({ "name": name, "to": "ada", "transactionId": id })).await;
    }
    let cancel = async |id: &str| {
        request(server.addr(), "DELETE", &format!("/v1/events/trigger/{id}"), None).await.json().unwrap()["data"]
            .clone()
    };
    assert_eq!(cancel("delayed").await, false, "the worker has not run");
    emulator.run_worker();
    assert!(emulator.jobs().is_empty());
    assert_eq!(cancel("sent").await, false);
    assert_eq!(cancel("delayed").await, true);
    assert_eq!(cancel("delayed").await, false, "it is cancelled already");
}

#[tokio::test]
async fn events_are_dropped_with_every_status_of_the_server() {
    let emulator = Emulator::new();
    emulator
        .workflow(Workflow::new("off").inactive())
        .workflow(Workflow::new("empty").without_steps())
        .workflow(Workflow::new("idle").inactive_steps())
        .workflow(Workflow::new("switched").active_for_tenant("acme", false).active_for_tenant("globex", true))
        .tenant("acme")
        .tenant("globex");
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    for (name, tenant, status) in [
        ("off", None, "trigger_not_active"),
        ("empty", None, "no_workflow_steps_defined"),
        ("idle", None, "no_workflow_active_steps_defined"),
        ("switched", Some("nobody"), "no_tenant_found"),
        ("switched", Some("acme"), "trigger_not_active"),
        ("switched", Some("globex"), "processed"),
    ] {
        let response = trigger(server.addr(), json!({ "name": name, "to": "ada", "tenant": tenant })).await;
        assert_eq!(response["data"]["status"], status, "{name} for {tenant:?}");
    }
}

#[tokio::test]
async fn a_missing_actor_or_tenant_is_rejected_if_the_workflow_requires_it() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("both").requires_tenant().requires_actor()).tenant("acme");
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let response = trigger(server.addr(), json!({ "name": "both", "to": "ada", "tenant": "acme" })).await;
    assert_eq!(response["message"], "Trigger is missing: identifier property of tenant, actor object");
}

#[tokio::test]
async fn admin_paths_answer_404_by_default() {
    let closed = Emulator::new().serve("127.0.0.1:0").await.unwrap();
    assert_eq!(request(closed.addr(), "POST", "/__reset", None).await.status, 404);

    let emulator = Emulator::new().with_admin_paths(true);
    emulator.workflow(Workflow::new("welcome"));
    let open = emulator.serve("127.0.0.1:0").await.unwrap();
    trigger(open.addr(), json!({ "name": "welcome", "to": "ada" })).await;
    assert_eq!(request(open.addr(), "GET", "/__jobs", None).await.json().unwrap().as_array().unwrap().len(), 1);
    assert_eq!(request(open.addr(), "POST", "/__reset", None).await.status, 200);
    assert!(emulator.jobs().is_empty());
    let response = trigger(open.addr(), json!({ "name": "welcome", "to": "ada" })).await;
    assert_eq!(response["data"]["status"], "processed", "a reset keeps the data that was added");
}

#[tokio::test]
async fn an_added_key_has_its_own_environment() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).with_api_key("second").workflow(Workflow::new("other"));
    assert_eq!(emulator.api_keys(), ["test-key", "second"]);
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let response = trigger(server.addr(), json!({ "name": "other", "to": "ada" })).await;
    assert_eq!(response["message"], "workflow_not_found");
}

#[tokio::test]
async fn dropping_the_server_closes_its_port() {
    let server = Emulator::new().serve("127.0.0.1:0").await.unwrap();
    let address = server.addr();
    drop(server);
    tokio::task::yield_now().await;
    assert!(wire::send(address, "GET", "/", &BTreeMap::new(), None).await.is_err());
}

#[test]
fn an_error_of_the_seeds_names_the_field() {
    let key = json!({ "key": "k", "environment": "dev", "environmentId": "e", "organizationId": "o", "userId": "u" });
    for (seeds, message) in [
        (json!([]), "not a seeds file"),
        (json!({}), "missing field `apiKeys`"),
        (json!({ "apiKeys": [{ "key": 5 }] }), "expected a string"),
        (json!({ "apiKeys": [key], "workflows": { "prod": [] } }), "environment `prod` has no API key in `apiKeys`"),
        (
            json!({ "apiKeys": [key], "workflows": { "dev": [{}] } }),
            "`workflows.dev[0]` is not a workflow: missing field `triggers`",
        ),
        (json!({ "apiKeys": [key], "tenants": { "dev": [{}] } }), "an entry has no string `identifier`"),
    ] {
        let error = Seeds::from_json(&seeds.to_string()).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test]
async fn a_client_uses_the_emulator_as_its_transport() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome").delay(Duration::from_secs(60 * 60)));
    let client = Client::builder().transport(emulator.clone()).build().unwrap();
    let receipt = Event::untyped("welcome", json!({ "plan": "pro" })).to("ada").send(&client).await.unwrap();
    assert_eq!(emulator.jobs()[0].transaction_id(), receipt.transaction_id().as_str());
    emulator.run_worker();
    assert_eq!(client.cancel(receipt.transaction_id()).await.unwrap(), Cancellation::Cancelled);

    let error = Event::untyped("nope", json!({})).to("ada").send(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WorkflowNotFound);
    let stranger = Client::builder().transport(emulator.with_api_key("stranger")).build().unwrap();
    let error = Event::untyped("welcome", json!({})).to("ada").send(&stranger).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

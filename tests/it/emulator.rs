//! The emulator, seen from outside: over HTTP, and through what it lets people set up and look into.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::{Value, json};
use teleflow::{Cancellation, Client, ErrorKind, Event};
use teleflow_emulator::{Emulator, Kind, Seeds, Workflow};

use crate::conformance::wire::{self, Answer};

async fn call(address: SocketAddr, method: &str, target: &str, body: Option<Value>) -> Answer {
    let headers = BTreeMap::from(
        [("authorization", "ApiKey test-key"), ("content-type", "application/json")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let body = body.map(|body| body.to_string().into_bytes());
    wire::send(address, method, target, &headers, body.as_deref()).await.expect("an answer")
}

async fn trigger(address: SocketAddr, body: Value) -> Value {
    call(address, "POST", "/v1/events/trigger", Some(body)).await.json().expect("JSON")
}

#[tokio::test]
async fn what_is_served_and_what_is_looked_into_are_one() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order-shipped").required("order.id", Kind::String));
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();

    let refused = trigger(serving.addr(), json!({ "name": "order-shipped", "to": "ada" })).await;
    assert_eq!(refused["message"], "payload is missing required key(s) and type(s): order.id (Value)");
    assert!(emulator.jobs().is_empty());

    let body =
        json!({ "name": "order-shipped", "to": ["ada"], "payload": { "order": { "id": 7 } }, "transactionId": "t" });
    assert_eq!(trigger(serving.addr(), body).await["data"]["transactionId"], "t");
    let [job] = &emulator.jobs()[..] else { panic!("one job") };
    assert_eq!(job.trigger(), "order-shipped");
    assert_eq!(job.transaction_id(), "t");
    assert_eq!(job.payload(), &json!({ "order": { "id": 7 } }));
    assert_eq!(job.to(), Some(&json!(["ada"])));
    assert!(!job.is_broadcast());
    assert_eq!(job.to_json()["data"]["requestCategory"], "single");
}

#[tokio::test]
async fn a_cancel_finds_an_event_that_the_worker_holds_back() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("reminder").delay_step()).workflow(Workflow::new("welcome"));
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    for (name, id) in [("reminder", "held"), ("welcome", "gone")] {
        trigger(serving.addr(), json!({ "name": name, "to": "ada", "transactionId": id })).await;
    }
    let cancel = async |id: &str| {
        call(serving.addr(), "DELETE", &format!("/v1/events/trigger/{id}"), None).await.json().unwrap()["data"].clone()
    };
    assert_eq!(cancel("held").await, false, "it is still in the queue");
    emulator.run_worker();
    assert!(emulator.jobs().is_empty());
    assert_eq!(cancel("gone").await, false);
    assert_eq!(cancel("held").await, true);
    assert_eq!(cancel("held").await, false, "it is canceled already");
}

#[tokio::test]
async fn every_way_of_dropping_an_event_can_be_set_up() {
    let emulator = Emulator::new();
    emulator
        .workflow(Workflow::new("off").inactive())
        .workflow(Workflow::new("empty").without_steps())
        .workflow(Workflow::new("idle").inactive_steps())
        .workflow(Workflow::new("switched").active_for_tenant("acme", false).active_for_tenant("globex", true))
        .tenant("acme")
        .tenant("globex");
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    for (name, tenant, status) in [
        ("off", None, "trigger_not_active"),
        ("empty", None, "no_workflow_steps_defined"),
        ("idle", None, "no_workflow_active_steps_defined"),
        ("switched", Some("nobody"), "no_tenant_found"),
        ("switched", Some("acme"), "trigger_not_active"),
        ("switched", Some("globex"), "processed"),
    ] {
        let answer = trigger(serving.addr(), json!({ "name": name, "to": "ada", "tenant": tenant })).await;
        assert_eq!(answer["data"]["status"], status, "{name} for {tenant:?}");
    }
}

#[tokio::test]
async fn workflows_that_need_actor_and_tenant_say_so() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("both").requires_tenant().requires_actor()).tenant("acme");
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let answer = trigger(serving.addr(), json!({ "name": "both", "to": "ada", "tenant": "acme" })).await;
    assert_eq!(answer["message"], "Trigger is missing: identifier property of tenant, actor object");
}

#[tokio::test]
async fn admin_paths_are_unknown_until_they_are_switched_on() {
    let closed = Emulator::new().serve("127.0.0.1:0").await.unwrap();
    assert_eq!(call(closed.addr(), "POST", "/__reset", None).await.status, 404);

    let emulator = Emulator::new().with_admin_paths(true);
    emulator.workflow(Workflow::new("welcome"));
    let open = emulator.serve("127.0.0.1:0").await.unwrap();
    trigger(open.addr(), json!({ "name": "welcome", "to": "ada" })).await;
    assert_eq!(call(open.addr(), "GET", "/__jobs", None).await.json().unwrap().as_array().unwrap().len(), 1);
    assert_eq!(call(open.addr(), "POST", "/__reset", None).await.status, 200);
    assert!(emulator.jobs().is_empty());
    let answer = trigger(open.addr(), json!({ "name": "welcome", "to": "ada" })).await;
    assert_eq!(answer["data"]["status"], "processed", "what was set up by hand outlives a reset");
}

#[tokio::test]
async fn a_key_made_known_has_an_organization_of_its_own() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome")).with_api_key("second").workflow(Workflow::new("other"));
    assert_eq!(emulator.api_keys(), ["test-key", "second"]);
    let serving = emulator.serve("127.0.0.1:0").await.unwrap();
    let answer = trigger(serving.addr(), json!({ "name": "other", "to": "ada" })).await;
    assert_eq!(answer["message"], "workflow_not_found");
}

#[tokio::test]
async fn a_dropped_serving_frees_its_port() {
    let serving = Emulator::new().serve("127.0.0.1:0").await.unwrap();
    let address = serving.addr();
    drop(serving);
    tokio::task::yield_now().await;
    assert!(wire::send(address, "GET", "/", &BTreeMap::new(), None).await.is_err());
}

#[test]
fn seeds_that_make_no_sense_say_where() {
    let key = json!({ "key": "k", "environment": "dev", "environmentId": "e", "organizationId": "o", "userId": "u" });
    for (seeds, complaint) in [
        (json!([]), "not in the form of a seeds file"),
        (json!({}), "missing field `apiKeys`"),
        (json!({ "apiKeys": [{ "key": 5 }] }), "expected a string"),
        (json!({ "apiKeys": [key], "workflows": { "prod": [] } }), "no API key belongs to environment `prod`"),
        (
            json!({ "apiKeys": [key], "workflows": { "dev": [{}] } }),
            "`workflows.dev[0]` is no workflow: missing field `triggers`",
        ),
        (json!({ "apiKeys": [key], "tenants": { "dev": [{}] } }), "an entry has no text `identifier`"),
    ] {
        let error = Seeds::from_json(&seeds.to_string()).unwrap_err();
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

#[tokio::test]
async fn a_client_sends_to_it_without_a_socket() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome").delay_step());
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

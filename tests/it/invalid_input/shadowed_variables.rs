//! Variables that the server's own values hide in templates: a derived struct must declare them as `shadowed`.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use teleflow::{Broadcast, ErrorKind, Event, Request, TeleflowWorkflow};

const SHADOWED: [&str; 6] = ["subscriber", "step", "branding", "tenant", "preheader", "actor"];

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "progress")]
struct Flattened {
    percent: u8,
    #[serde(flatten)]
    rest: HashMap<&'static str, serde_json::Value>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "progress", shadowed("step"))]
struct Declared {
    #[teleflow(shadowed)]
    preheader: &'static str,
    #[teleflow(actor)]
    actor: &'static str,
    #[serde(flatten)]
    rest: HashMap<&'static str, u8>,
}

#[track_caller]
fn assert_rejected(request: teleflow::Result<Request>, name: &str) {
    let error = request.expect_err(name);
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let text = error.to_string();
    assert!(text.contains(&format!("`payload.{name}` is hidden in templates")), "{text}");
    assert!(text.contains("#[teleflow(shadowed(..))]"), "{text}");
}

#[test]
fn an_undeclared_shadowed_variable_is_rejected() {
    for name in SHADOWED {
        let event = || Flattened { percent: 7, rest: HashMap::from([(name, json!(1))]) };
        assert_rejected(event().to("ada").into_request(), name);
        assert_rejected(event().broadcast().into_request(), name);
    }
    let deeper = Flattened { percent: 7, rest: HashMap::from([("part", json!({"step": 1, "actor": {}}))]) };
    assert!(deeper.to("ada").into_request().is_ok());
}

#[test]
fn a_declared_shadowed_variable_is_sent() {
    let event = |name| Declared { preheader: "soon", actor: "ben", rest: HashMap::from([(name, 1)]) };
    let request = event("step").to("ada").into_request().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], json!({"preheader": "soon", "actor": "ben", "step": 1}));
    assert_rejected(event("branding").to("ada").into_request(), "branding");
}

#[test]
fn an_untyped_payload_may_have_shadowed_variables() {
    let payload: serde_json::Map<String, serde_json::Value> =
        SHADOWED.iter().map(|name| (String::from(*name), json!(1))).collect();
    assert!(Event::untyped("progress", &payload).to("ada").into_request().is_ok());
    assert!(Event::untyped("progress", &payload).address_from_payload().to("ada").into_request().is_ok());
    assert!(Broadcast::untyped("progress", &payload).into_request().is_ok());
}

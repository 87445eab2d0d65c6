//! Names that the server hides in templates are sent by a derived struct only where somebody has said that they are meant.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;
use teleflow::{Broadcast, ErrorKind, Event, Request, TeleflowWorkflow};

const HIDDEN: [&str; 6] = ["subscriber", "step", "branding", "tenant", "preheader", "actor"];

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "progress")]
struct Flattened {
    percent: u8,
    #[serde(flatten)]
    rest: HashMap<&'static str, serde_json::Value>,
}

#[derive(Serialize, TeleflowWorkflow)]
#[teleflow(trigger = "progress", shadowed("step"))]
struct Meant {
    #[teleflow(shadowed)]
    preheader: &'static str,
    #[teleflow(actor)]
    actor: &'static str,
    #[serde(flatten)]
    rest: HashMap<&'static str, u8>,
}

#[track_caller]
fn refused(request: teleflow::Result<Request>, name: &str) {
    let error = request.expect_err(name);
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let text = error.to_string();
    assert!(text.contains(&format!("`payload.{name}` is hidden in templates")), "{text}");
    assert!(text.contains("#[teleflow(shadowed(..))]"), "{text}");
}

#[test]
fn a_hidden_name_that_nobody_meant_is_refused_however_it_gets_there() {
    for name in HIDDEN {
        let event = || Flattened { percent: 7, rest: HashMap::from([(name, json!(1))]) };
        refused(event().to("ada").into_request(), name);
        refused(event().broadcast().into_request(), name);
    }
    let deeper = Flattened { percent: 7, rest: HashMap::from([("part", json!({"step": 1, "actor": {}}))]) };
    assert!(deeper.to("ada").into_request().is_ok());
}

#[test]
fn a_hidden_name_that_is_meant_is_sent() {
    let event = |name| Meant { preheader: "soon", actor: "ben", rest: HashMap::from([(name, 1)]) };
    let request = event("step").to("ada").into_request().unwrap();
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["payload"], json!({"preheader": "soon", "actor": "ben", "step": 1}));
    refused(event("branding").to("ada").into_request(), "branding");
}

#[test]
fn an_untyped_payload_may_have_hidden_names() {
    let payload: serde_json::Map<String, serde_json::Value> =
        HIDDEN.iter().map(|name| (String::from(*name), json!(1))).collect();
    assert!(Event::untyped("progress", &payload).to("ada").into_request().is_ok());
    assert!(Event::untyped("progress", &payload).address_from_payload().to("ada").into_request().is_ok());
    assert!(Broadcast::untyped("progress", &payload).into_request().is_ok());
}

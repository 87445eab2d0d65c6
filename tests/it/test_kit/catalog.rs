//! `Emulator::load_catalog`: the emulator knows the workflows of a catalog, and refuses others as the server does.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use teleflow::{ErrorKind, Event, Overrides, TeleflowWorkflow as _};
use teleflow_emulator::{Emulator, Workflow};
use tempfile::TempDir;

use super::BY_UPS;

fn example() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/checked/.teleflow")
}

/// A workflow file with these variables and more fields.
fn file(trigger: &str, variables: Value, more: Value) -> String {
    let mut file = json!({ "active": true, "format": 1, "name": "A name", "trigger": trigger, "variables": variables });
    file.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    file.to_string()
}

fn catalog(files: &[(&str, String)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The error that the server's message is in, or `None` if the event was queued.
async fn refused(emulator: &Emulator, trigger: &str, payload: Value) -> Option<(ErrorKind, String)> {
    let sent = Event::untyped(trigger.to_owned(), payload).to("ada").send(&emulator.client()).await;
    sent.err().map(|error| (error.kind(), error.messages().collect::<Vec<_>>().join("; ")))
}

#[tokio::test]
async fn only_events_of_the_catalog_are_sent() {
    let emulator = Emulator::new();
    emulator.load_catalog(example()).unwrap();
    let unknown = refused(&emulator, "welcome", json!({})).await.unwrap();
    assert_eq!(unknown.0, ErrorKind::WorkflowNotFound);
    let shipped = |payload| refused(&emulator, "order-shipped", payload);
    let missing = shipped(json!({ "carrier": ["UPS"] })).await.unwrap();
    assert_eq!(missing.0, ErrorKind::Validation);
    assert_eq!(missing.1, "payload is missing required key(s) and type(s): carrier (Value), order.id (Value)");
    assert_eq!(shipped(json!({ "carrier": "UPS", "order": { "id": "A-7" } })).await, None);
    emulator.reset();
    assert!(shipped(json!({})).await.is_some(), "a reset keeps the catalog");
}

#[tokio::test]
async fn the_kind_of_each_required_variable_is_checked() {
    let of = |kind: &str| json!({ "kind": kind, "required": true });
    let variables = json!({
        "text": of("string"), "list": of("array"), "flag": of("boolean"), "any": of("any"), "optional": { "kind": "array" },
        "order": { "kind": "object", "required": true, "of": { "id": of("string"), "note": { "kind": "string" } } },
        "until": of("date"),
    });
    let folder = catalog(&[("w.json", file("w", variables, json!({})))]);
    let emulator = Emulator::new();
    emulator.load_catalog(folder.path()).unwrap();
    let valid = json!({
        "text": 7, "list": [], "flag": false, "any": {}, "order": { "id": "x" }, "until": "2030-01-01T00:00:00.000Z",
    });
    assert_eq!(refused(&emulator, "w", valid.clone()).await, None);
    for (name, value, label) in [
        ("text", json!(true), "text (Value)"),
        ("list", json!({}), "list (Array)"),
        ("flag", json!("true"), "flag (Boolean)"),
        ("any", json!(null), "any (undefined)"),
        ("order", json!({ "note": "x" }), "order.id (Value)"),
        ("until", json!("tomorrow"), "until (ISO Date)"),
    ] {
        let mut payload = valid.clone();
        payload[name] = value;
        let (kind, message) = refused(&emulator, "w", payload).await.expect(name);
        assert_eq!(kind, ErrorKind::Validation);
        assert_eq!(message, format!("payload is missing required key(s) and type(s): {label}"));
    }
}

/// The emulator does not evaluate schemas, so it must not refuse what one of them accepts.
#[tokio::test]
async fn what_a_schema_may_accept_is_not_refused() {
    let required = |more: Value| {
        let mut variable = json!({ "kind": "any", "required": true, "exact": true });
        variable.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        variable
    };
    let variables = json!({
        "null": required(json!({ "kind": "string", "nullable": true })), "any": required(json!({})),
        "a.b": required(json!({ "kind": "string" })), "count": required(json!({ "kind": "integer" })),
    });
    let folder = catalog(&[("w.json", file("w", variables, json!({ "schema": { "type": "object" } })))]);
    let emulator = Emulator::new();
    emulator.load_catalog(folder.path()).unwrap();
    assert_eq!(refused(&emulator, "w", json!({ "null": null, "any": null, "a.b": "x", "count": 1 })).await, None);
    let (_, message) = refused(&emulator, "w", json!({ "null": null, "any": null, "a.b": "x" })).await.unwrap();
    assert!(message.ends_with(": count (undefined)"), "{message}");
}

#[tokio::test]
async fn a_required_actor_or_tenant_and_an_inactive_workflow_are_known() {
    let folder = catalog(&[
        ("w.json", file("w", json!({}), json!({ "actor": { "required": true }, "tenant": { "required": true } }))),
        ("read.json", file("read", json!({}), json!({ "actor": { "steps": ["email"] } }))),
        ("off.json", file("off", json!({}), json!({ "active": false }))),
    ]);
    let emulator = Emulator::new();
    emulator.load_catalog(folder.path()).unwrap().tenant("acme");
    let (_, message) = refused(&emulator, "w", json!({})).await.unwrap();
    assert_eq!(message, "Trigger is missing: actor object, tenant object");
    let event = Event::untyped("w", json!({})).to("ada").actor("ben").tenant("acme");
    event.send(&emulator.client()).await.unwrap();
    assert_eq!(refused(&emulator, "read", json!({})).await, None);
    assert_eq!(refused(&emulator, "off", json!({})).await.unwrap().0, ErrorKind::Dropped);
}

#[tokio::test]
async fn templates_may_be_loaded_before_or_after() {
    let folder = catalog(&[
        ("w.json", file("w", json!({ "code": { "kind": "string", "required": true } }), json!({}))),
        ("other.json", file("other", json!({}), json!({}))),
    ]);
    let variables = json!([{ "name": "code", "type": "String", "required": true }]);
    let template = json!({ "type": "in_app", "content": "Code {{code}}", "variables": variables });
    let steps = json!([{ "active": true, "template": template }]);
    let template_file =
        json!({ "version": 1, "trigger": "w", "name": "w", "active": true, "critical": false, "steps": steps });
    let templates = catalog(&[("w.json", template_file.to_string())]);
    for is_first in [false, true] {
        let emulator = Emulator::new();
        if is_first {
            emulator.load_templates(templates.path()).unwrap();
        }
        emulator.load_catalog(folder.path()).unwrap();
        if !is_first {
            emulator.load_templates(templates.path()).unwrap();
        }
        assert!(refused(&emulator, "w", json!({})).await.is_some());
        assert_eq!(refused(&emulator, "w", json!({ "code": "7" })).await, None);
        assert_eq!(emulator.messages_to("ada").in_app().content(), "Code 7");
        assert_eq!(refused(&emulator, "other", json!({})).await, None);
    }
}

#[tokio::test]
async fn a_workflow_in_code_stays_and_unknown_ones_are_accepted_on_request() {
    let emulator = Emulator::new().accept_unknown_workflows();
    emulator.workflow(Workflow::new("order-shipped").in_app("Order {{order_id}}"));
    emulator.load_catalog(example()).unwrap();
    let event = BY_UPS.to("ada").overrides(Overrides::new().layout("plain"));
    event.send(&emulator.client()).await.unwrap();
    assert_eq!(emulator.messages_to("ada").in_app().content(), "Order A-7");
    assert_eq!(refused(&emulator, "unknown", json!({})).await, None);
    assert!(refused(&emulator, "comment-reply", json!({})).await.is_some());
}

#[test]
fn a_folder_that_cannot_be_loaded_is_named_with_the_reason() {
    let error = |folder: &Path| {
        let emulator = Emulator::new();
        let text = emulator.load_catalog(folder).unwrap_err().to_string();
        text.replace(&folder.display().to_string(), ".teleflow")
    };
    assert!(error(Path::new("does/not/exist")).starts_with("failed to read `.teleflow`: "));
    let empty = catalog(&[("README.md", String::new())]);
    assert_eq!(error(empty.path()), "`.teleflow` has no workflow files; run `cargo teleflow pull`");
    let malformed = |name: &str, text: &str| error(catalog(&[(name, text.to_owned())]).path());
    let again = "run `cargo teleflow pull` again";
    for (text, reason) in [
        ("<<<<<<< HEAD", "it is not valid JSON: expected value at line 1 column 1"),
        ("[]", "expected a JSON object"),
        (r#"{"version":1}"#, "`format` is not 1"),
        (
            r#"{"format":1,"trigger":"w","name":"w","active":true,"variables":{"a":{"kind":"strng"}}}"#,
            "`variables.a.kind` is \"strng\", which is not a kind",
        ),
    ] {
        let expected = format!("`.teleflow/w.json` is not a workflow file: {reason}; {again}");
        assert_eq!(malformed("w.json", text), expected);
    }
    let renamed = malformed("v.json", &file("w", json!({}), json!({})));
    assert_eq!(renamed, "`.teleflow/v.json` is the file of workflow `w`; rename it to `w.json`");
    let long = malformed("v.json", &file(&"w".repeat(1 << 20), json!({}), json!({})));
    assert!(long.contains("w…`; rename it to") && long.len() < 1000, "{} bytes", long.len());
    // Nothing of a folder with a malformed file is added.
    let emulator = Emulator::new();
    let folder = catalog(&[("a.json", file("a", json!({}), json!({}))), ("b.json", "{".to_owned())]);
    emulator.load_catalog(folder.path()).unwrap_err();
    assert!(format!("{:?}", emulator.load_catalog(folder.path())).contains("b.json"));
}

//! Random workflow documents, seeds, template files, layouts and subscribers: the emulator refuses them with an error, or
//! its worker processes an event with them. It does not panic, and it comes to an end.

mod case;

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};
use teleflow_emulator::{Emulator, Seeds};
use tempfile::TempDir;

use self::case::{Case, case};
use super::try_cases;

/// How long one case may take. Each takes a few milliseconds.
const LIMIT: Duration = Duration::from_secs(30);

/// `value` with more fields. Other values stay as they are.
fn with(value: &Value, more: Value) -> Value {
    match (value.clone(), more) {
        (Value::Object(mut fields), Value::Object(more)) => {
            fields.extend(more);
            fields.into()
        }
        (other, _) => other,
    }
}

/// The seeds with the sections of a case, each of which an error may refuse.
fn seeds(case: &Case) -> Value {
    let key = json!({ "key": "k", "environment": "e", "environmentId": "e", "organizationId": "o", "userId": "u" });
    let mut seeds = Map::from_iter([("apiKeys".to_owned(), json!([key]))]);
    for (section, entries) in case.sections.as_object().into_iter().flatten() {
        seeds.insert(section.clone(), json!({ "e": entries }));
        if Seeds::from_json(&Value::from(seeds.clone()).to_string()).is_err() {
            seeds.remove(section);
        }
    }
    Value::from(seeds)
}

/// Loads everything that is not refused, and lets the worker process some events. Returns how many workflows were loaded.
fn run(case: &Case) -> usize {
    let seeds = Seeds::from_json(&seeds(case).to_string()).expect("only valid sections");
    let emulator = Emulator::from_seeds(seeds);
    let trigger = |name: &str| json!({ "active": true, "triggers": [{ "identifier": name, "variables": [] }] });
    let mut loaded = usize::from(emulator.workflow_document(with(&case.workflow, trigger("document"))).is_ok());
    let folder = TempDir::new().expect("a folder");
    let file = json!({ "version": 1, "trigger": "file", "name": "file", "active": true, "critical": false });
    fs::write(folder.path().join("file.json"), with(&case.template_file, file).to_string()).expect("a file");
    loaded += usize::from(emulator.load_templates(folder.path()).is_ok());
    let recipient = with(&case.recipient, json!({ "subscriberId": "ada" }));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        for name in ["document", "file"] {
            let body = json!({
                "name": name, "to": recipient, "payload": case.payload, "overrides": case.payload,
                "actor": recipient, "tenant": "acme",
            });
            for path in ["/v1/events/trigger", "/v1/events/trigger/broadcast"] {
                let request = http::Request::post(path)
                    .header("authorization", "ApiKey k")
                    .header("content-type", "application/json")
                    .body(body.to_string().into())
                    .expect("a request");
                emulator.answer(request).await;
            }
            emulator.advance(Duration::from_secs(1));
        }
        emulator.advance_to_idle();
        for path in ["/v1/notifications", "/v1/workflows", "/v1/layouts"] {
            let request = http::Request::get(path).header("authorization", "ApiKey k");
            emulator.answer(request.body(bytes::Bytes::new()).expect("a request")).await;
        }
    });
    for message in emulator.messages() {
        let _ = (message.email().map(|email| email.text()), message.missing_variables().len());
    }
    assert!(
        emulator
            .notifications()
            .iter()
            .all(|notification| notification.steps().all(|step| step.details().count() < 500))
    );
    assert!(emulator.transcript().starts_with("requests\n"));
    loaded
}

/// Runs a case in a thread of its own, with the stack of a usual thread. Nothing catches a panic.
fn check(case: &Case) -> usize {
    let (done, finished) = mpsc::channel();
    let copy = case.clone();
    let thread = thread::spawn(move || {
        let loaded = run(&copy);
        let _ = done.send(loaded);
    });
    match finished.recv_timeout(LIMIT) {
        Ok(loaded) => loaded,
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            drop(thread.join());
            panic!("the emulator panicked with {case:#?}")
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the emulator does not finish within {LIMIT:?} with {case:#?}"),
    }
}

#[test]
fn no_file_makes_the_emulator_panic_or_hang() {
    let loaded = std::cell::Cell::new(0);
    try_cases(&case(), |case| loaded.set(loaded.get() + check(case)));
    assert!(loaded.get() > 100, "only {} workflows were valid, so the worker ran too little", loaded.get());
}

/// The deepest JSON that the parser accepts, in each place of a document.
#[test]
fn deep_values_do_not_exhaust_the_stack() {
    let deep = |levels: usize| -> Value {
        let text = format!("{}1{}", "[{\"children\":".repeat(levels), "}]".repeat(levels));
        serde_json::from_str(&text).expect("JSON")
    };
    let deep = deep(55);
    let step = json!({
        "active": true, "filters": deep, "metadata": { "type": "regular", "amount": deep, "unit": "seconds", "timed": deep },
        "template": { "type": "in_app", "content": "{{a}}", "cta": deep, "actor": deep },
    });
    let digest = json!({
        "active": true, "template": { "type": "digest" },
        "metadata": { "type": "regular", "amount": 1, "unit": "seconds", "digestKey": "a" },
    });
    let templates = "{{#if a}}".repeat(200) + &"{{/if}}".repeat(200);
    let deep_template = json!({ "active": true, "template": { "type": "sms", "content": templates } });
    let case = Case {
        workflow: json!({ "steps": [digest, deep_template, step] }),
        sections: json!({ "settings": { "branding": deep } }),
        template_file: json!({ "steps": [digest, deep_template], "layouts": [] }),
        recipient: json!({ "data": deep }),
        payload: json!({ "a": deep }),
    };
    check(&case);
}

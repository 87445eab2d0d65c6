//! `check` reports how the server has changed, in three formats.

use serde_json::{Value, json};

use crate::support::{Canned, CannedResponse, Project, Server, document, ok, recorded, step};

fn none(_: &str) -> CannedResponse {
    (404, "", String::new())
}

/// The workflow in the catalog of these tests.
fn order() -> Value {
    let mut email =
        step("email", "{{carrier}} {{order.id}} {{#each items}}{{sku}}{{/each}} {{#if gift}}{{/if}} {{tenant.name}}");
    email["template"]["variables"] = json!([{ "name": "carrier", "type": "String", "required": true }]);
    let mut delay = step("delay", "");
    delay["metadata"] = json!({ "type": "scheduled", "delayPath": "sendAt" });
    let mut document = document("order", &json!([email, delay]), &json!([{ "name": "weight", "type": "String" }]));
    document["triggers"][0]["reservedVariables"] = json!([{ "type": "actor", "variables": [] }]);
    document
}

fn with(change: impl Fn(&mut Value)) -> Value {
    let mut changed = order();
    change(&mut changed);
    changed
}

fn content(changed: &mut Value) -> &mut Value {
    &mut changed["steps"][0]["template"]["content"]
}

fn replaced(changed: &mut Value, from: &str, to: &str) {
    let text = content(changed).as_str().unwrap().replace(from, to);
    *content(changed) = text.into();
}

/// The findings if the server has `now`: drift or notice, what, variable, message.
fn found(now: Value) -> Vec<(bool, String, String, String)> {
    let project = Project::new();
    project.run(Canned::documents(vec![order()], none).url(), &["pull"]).ended(0);
    let ran = project.run(Canned::documents(vec![now], none).url(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    assert_eq!(report.as_object().unwrap().len(), 2);
    assert_eq!(ran.stderr, "");
    let mut found = Vec::new();
    for (list, is_drift) in [("drift", true), ("notices", false)] {
        for one in report[list].as_array().unwrap() {
            assert_eq!((&one["workflow"], &one["file"]), (&json!("order"), &json!(".teleflow/order.json")));
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            found.push((is_drift, text("what"), text("variable"), text("message")));
        }
    }
    assert_eq!(ran.code, i32::from(found.iter().any(|(is_drift, ..)| *is_drift)));
    found
}

#[test]
fn an_unchanged_workflow_has_no_drift() {
    assert_eq!(found(order()), []);
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull"]).ended(0);
    let ran = project.run(&server.url(), &["check"]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("4 workflows: no drift\n", ""));
}

#[test]
fn each_kind_of_drift_is_found() {
    let requires = |changed: &mut Value, name: &str, ty: &str| {
        let variables = changed["steps"][0]["template"]["variables"].as_array_mut().unwrap();
        variables.push(json!({ "name": name, "type": ty, "required": true }));
    };
    let table: Vec<(Value, &str, &str, &str)> = vec![
        (
            with(|now| now["active"] = json!(false)),
            "switched-off",
            "",
            "it was switched off, so the server drops its events",
        ),
        (
            with(|now| requires(now, "eta", "String")),
            "required",
            "eta",
            "`eta` was added and is required: a string (step `email`)",
        ),
        (
            with(|now| requires(now, "weight", "String")),
            "required",
            "weight",
            "`weight` is now required (step `email`)",
        ),
        (
            with(|now| now["steps"][0]["template"]["variables"] = json!([])),
            "not-required",
            "carrier",
            "`carrier` is no longer required (step `email`)",
        ),
        (
            with(|now| {
                now["steps"][0]["template"]["variables"] = json!([]);
                replaced(now, "{{carrier}}", "");
            }),
            "not-required",
            "carrier",
            "`carrier` was required, but is no longer read (step `email`)",
        ),
        (
            with(|now| replaced(now, "{{order.id}}", "{{order}}")),
            "kind",
            "order",
            "`order` is now a string, and was an object (step `email`)",
        ),
        (
            with(|now| replaced(now, "{{sku}}", "{{sku.code}}")),
            "kind",
            "items[].sku",
            "`items[].sku` is now an object, and was a string (step `email`)",
        ),
        (
            with(|now| replaced(now, "{{sku}}", "{{sku}}{{qty}}")),
            "new",
            "items[].qty",
            "`items[].qty` was added: a string (step `email`)",
        ),
        (
            with(|now| replaced(now, "{{sku}}", "{{sku}}{{@root.subject}}")),
            "email",
            "",
            "its e-mails now read `subject`, which the server sets itself",
        ),
        (with(|now| now["triggers"][0]["reservedVariables"] = json!([])), "actor", "", "it no longer needs an actor"),
        (
            with(|now| now["triggers"][0]["reservedVariables"] = json!([{ "type": "actor" }, { "type": "tenant" }])),
            "tenant",
            "",
            "it now requires a tenant (step `email`)",
        ),
        (with(|now| replaced(now, "{{tenant.name}}", "")), "tenant", "", "it no longer needs a tenant (step `email`)"),
    ];
    for (now, what, variable, message) in table {
        assert_eq!(found(now), [(true, what.to_owned(), variable.to_owned(), message.to_owned())]);
    }
}

#[test]
fn the_date_of_a_delay_is_compared() {
    let moved = with(|now| now["steps"][1]["metadata"]["delayPath"] = json!("dueAt"));
    let messages: Vec<_> =
        found(moved).into_iter().map(|(is_drift, what, _, message)| (is_drift, what, message)).collect();
    let delay = "delay".to_owned();
    assert_eq!(
        messages,
        [
            (true, delay.clone(), "`sendAt` was removed: no delay waits for this date (step `delay`)".to_owned()),
            (true, delay.clone(), "`dueAt` was added: a delay waits for this date (step `delay`)".to_owned()),
        ]
    );
    let onto = with(|now| now["steps"][1]["metadata"]["delayPath"] = json!("weight"));
    assert!(found(onto).contains(&(
        true,
        delay,
        "weight".to_owned(),
        "`weight` is now the date that a delay waits for (step `delay`)".to_owned()
    )));
}

#[test]
fn changes_that_break_nothing_are_notices() {
    let table: Vec<(Value, &str, &str, &str)> = vec![
        (with(|now| now["name"] = json!("Order\nnew")), "name", "", "it is now named \"Order\\nnew\""),
        (with(|now| now["triggers"][0]["variables"] = json!([])), "gone", "weight", "`weight` is no longer read"),
        (
            with(|now| now["steps"][1]["template"]["content"] = json!("{{weight}}")),
            "steps",
            "weight",
            "`weight` is now read by step `delay`",
        ),
        (
            with(|now| now["steps"][1]["template"]["content"] = json!("{{actor.x}}")),
            "steps",
            "",
            "an actor is now read by step `delay`",
        ),
    ];
    for (now, what, variable, message) in table {
        assert_eq!(found(now), [(false, what.to_owned(), variable.to_owned(), message.to_owned())]);
    }
}

#[test]
fn schemas_are_compared() {
    let served = |schema: Value, enforced: bool| {
        Canned::documents(vec![order()], move |target| match target {
            "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [] } })),
            _ => ok(&json!({ "data": { "payloadSchema": schema, "validatePayload": enforced } })),
        })
    };
    let project = Project::new();
    let weight = json!({ "properties": { "weight": { "type": "string" } } });
    project.run(served(weight.clone(), false).url(), &["pull"]).ended(0);
    let ran = project.run(served(weight, true).url(), &["check"]).ended(1);
    assert!(ran.stdout.contains("`weight` must now be a string: the server enforces the schema\n"), "{ran:?}");
    let titled = json!({ "title": "x", "properties": { "weight": { "type": "string" } } });
    let ran = project.run(served(titled, false).url(), &["check"]).ended(0);
    assert!(ran.stdout.contains(": note: workflow `order`: the schema of its payload changed\n"), "{ran:?}");
}

#[test]
fn a_stricter_schema_is_drift() {
    let served = |of_weight: Value, more: bool| {
        let schema = json!({ "properties": { "weight": of_weight, "carrier": {}, "order": {}, "items": {}, "gift": {}, "sendAt": {} }, "additionalProperties": more });
        Canned::documents(vec![order()], move |target| match target {
            "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [] } })),
            _ => ok(&json!({ "data": { "payloadSchema": schema, "validatePayload": true } })),
        })
    };
    let project = Project::new();
    project.run(served(json!({ "type": ["string", "null"] }), true).url(), &["pull"]).ended(0);
    let now = [
        (json!({ "type": "string" }), true, "workflow `order`: `weight` must no longer be `null`\n"),
        (json!({ "enum": ["a", null] }), true, "workflow `order`: `weight` now accepts only the values \"a\"\n"),
        (
            json!({ "type": ["string", "null"] }),
            false,
            "workflow `order`: the payload now rejects fields that are not in the schema\n",
        ),
    ];
    for (of_weight, more, line) in now {
        let ran = project.run(served(of_weight, more).url(), &["check"]).ended(1);
        assert!(ran.stdout.contains(line), "{ran:?}");
    }
}

/// A catalog with a removed workflow, a malformed file and a workflow that was switched on; another workflow is new.
fn mixed() -> (Project, Canned) {
    let project = Project::new();
    let named = |trigger: &str| document(trigger, &json!([]), &json!([]));
    let mut off = named("off");
    off["active"] = json!(false);
    let before = Canned::documents(vec![named("gone, 100%"), named("broken"), off], none);
    project.run(before.url(), &["pull"]).ended(0);
    project.write(".teleflow/broken.json", "{\"format\": 1,\n\"trigger\": 5}");
    (project, Canned::documents(vec![named("broken"), named("off"), named("new")], none))
}

#[test]
fn findings_are_lines_by_default() {
    let (project, now) = mixed();
    let ran = project.run(now.url(), &["check"]).ended(1);
    assert_eq!(
        ran.stdout,
        "`.teleflow/broken.json` is not a workflow file: `trigger` is not a string; run `cargo teleflow pull` again\n\
         .teleflow/gone%2C%20100%25.json: workflow `gone, 100%`: the server no longer has this workflow\n\
         .teleflow/off.json: workflow `off`: it was switched on\n\
         .teleflow/new.json: note: workflow `new`: it is not in the catalog; run `cargo teleflow pull` to add it\n\
         \n\
         The server has changed: run `cargo teleflow pull`, then fix what no longer compiles.\n"
    );
    assert_eq!(ran.stderr, "");
}

#[test]
fn findings_are_annotations_for_github() {
    let (project, now) = mixed();
    let ran = project.run(now.url(), &["check", "--format", "github"]).ended(1);
    assert_eq!(
        ran.stdout,
        "::error file=.teleflow/broken.json,title=Teleflow workflow broken::`.teleflow/broken.json` is not a workflow file: `trigger` is not a string; run `cargo teleflow pull` again\n\
         ::error file=.teleflow/gone%252C%2520100%2525.json,title=Teleflow workflow gone%2C 100%25::the server no longer has this workflow\n\
         ::error file=.teleflow/off.json,title=Teleflow workflow off::it was switched on\n\
         ::notice file=.teleflow/new.json,title=Teleflow workflow new::it is not in the catalog; run `cargo teleflow pull` to add it\n"
    );
}

#[test]
fn findings_are_one_object_in_json() {
    let (project, now) = mixed();
    let ran = project.run(now.url(), &["check", "--format", "json"]).ended(1);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let finding = |workflow: &str, file: &str, what: &str, message: &str| json!({ "workflow": workflow, "file": file, "what": what, "message": message });
    assert_eq!(
        report,
        json!({
            "drift": [
                finding("broken", ".teleflow/broken.json", "malformed", "`.teleflow/broken.json` is not a workflow file: `trigger` is not a string; run `cargo teleflow pull` again"),
                finding("gone, 100%", ".teleflow/gone%2C%20100%25.json", "workflow-gone", "the server no longer has this workflow"),
                finding("off", ".teleflow/off.json", "switched-on", "it was switched on"),
            ],
            "notices": [
                finding("new", ".teleflow/new.json", "not-in-catalog", "it is not in the catalog; run `cargo teleflow pull` to add it"),
            ],
        })
    );
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn one_workflow_can_be_checked() {
    let (project, now) = mixed();
    project.run(now.url(), &["check", "--only", "new"]).ended(0);
    for (trigger, what) in
        [("gone, 100%", "no longer has this workflow"), ("broken", "not a workflow file"), ("off", "switched on")]
    {
        let ran = project.run(now.url(), &["check", "--only", trigger]).ended(1);
        assert!(ran.stdout.contains(what), "{ran:?}");
        assert_eq!(ran.stdout.lines().filter(|line| line.contains(".json")).count(), 1);
    }
    let ran = project.run(now.url(), &["check", "--only", "brokn"]).ended(1);
    assert_eq!(ran.stderr, "error: the server has no workflow `brokn`; did you mean `broken`?\n");
}

#[test]
fn a_missing_catalog_is_an_error() {
    let ran = Project::new().run(&Server::with(&recorded()).url(), &["check"]).ended(1);
    assert_eq!(ran.stderr, "error: could not find the catalog `.teleflow`; run `cargo teleflow pull`\n");
}

#[test]
fn a_misplaced_file_is_found() {
    let (project, now) = mixed();
    project.write(".teleflow/elsewhere.json", &project.read(".teleflow/off.json"));
    let ran = project.run(now.url(), &["check"]).ended(1);
    let line = "`.teleflow/elsewhere.json` is the file of workflow `off`; rename it to `off.json`\n";
    assert!(ran.stdout.contains(line), "{ran:?}");
}

//! `pull` writes what the server has.

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, Workflow};

use crate::support::{Canned, Project, Server, document, golden, ok, recorded, step};

#[test]
fn the_recorded_workflows_become_files() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr, "");
    let files = project.list(".teleflow");
    assert_eq!(files, ["comment-reply.json", "invoice-due.json", "order-shipped-kGnzIEkFf.json", "weekly-digest.json"]);
    for file in &files {
        golden(&format!("catalog/{file}"), &project.read(&format!(".teleflow/{file}")));
    }
    assert_eq!(
        ran.stdout,
        "added   comment-reply (.teleflow/comment-reply.json)\n\
         added   invoice-due (.teleflow/invoice-due.json)\n\
         added   order-shipped-kGnzIEkFf (.teleflow/order-shipped-kGnzIEkFf.json)\n\
         added   weekly-digest (.teleflow/weekly-digest.json)\n\
         4 workflows: 4 added, 0 changed, 0 unchanged\n"
    );
}

#[test]
fn only_what_differs_is_written() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull"]).ended(0);
    let (same, crlf, other) =
        (".teleflow/comment-reply.json", ".teleflow/invoice-due.json", ".teleflow/weekly-digest.json");
    project.write(crlf, &project.read(crlf).replace('\n', "\r\n"));
    let before = (project.age(same), project.age(crlf));
    let text = project.read(other);
    project.write(other, &text.replace("team_id", "team"));

    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert_eq!(
        ran.stdout,
        "changed weekly-digest (.teleflow/weekly-digest.json)\n4 workflows: 0 added, 1 changed, 3 unchanged\n"
    );
    assert_eq!((project.modified(same), project.modified(crlf)), before);
    assert_eq!(project.read(other), text);
}

/// All oddities of the server's lists of variables, in one document.
fn quirks() -> Value {
    let mut email = step("email", "");
    email["name"] = json!("Mail \u{202e}it");
    email["template"]["content"] = json!([
        { "type": "text", "content": "{{#each items}}{{this.sku}}{{qty}}{{#each parts}}{{this}}{{/each}}{{../note}}{{/each}}" },
        { "type": "button", "content": "{{button}}", "url": "https://x.test/{{page.path}}" },
    ]);
    email["template"]["subject"] = json!("{{subject_line}} {{#if urgent}}!{{/if}} {{tenant.name}} {{unparsable");
    email["template"]["title"] = json!("{{heading}} of {{tenant.name}}");
    email["template"]["preheader"] = json!("{{dateFormat when 'MM'}}");
    email["template"]["senderName"] = json!("{{sender_name}}");
    email["template"]["variables"] = json!([
        { "name": "customer.name", "type": "String", "required": true },
        { "name": "subscriber.phone", "type": "String", "required": true },
        { "name": "untyped", "required": true },
        { "name": "extra", "type": "String", "required": false, "defaultValue": "x" },
        { "type": "nameless" },
    ]);
    let mut in_app = step("in_app", "{{actor.firstName}} {{items.length}} {{order}}");
    in_app["active"] = json!(false);
    in_app["template"]["cta"] = json!({
        "data": { "url": "/{{cta_url}}" },
        "action": { "buttons": [{ "content": "{{label}}" }, { "content": null }, 5] },
    });
    let mut delay = step("delay", "");
    delay["metadata"] = json!({ "type": "scheduled", "delayPath": "order.sendAt" });
    let mut digest = step("digest", "");
    digest["metadata"] = json!({ "type": "regular", "digestKey": "customer.id" });
    let mut filtered = step("in_app", "");
    filtered["filters"] = json!([{ "children": [{ "on": "payload", "field": "vip" }, { "on": "subscriber", "field": "x" }, { "on": "tenant", "field": "y" }] }]);
    document(
        "quirks",
        &json!([email, in_app, delay, digest, filtered, { "template": null }, null, step("in_app", "{{untyped.at}}")]),
        &json!([
            { "name": "order", "type": "String" }, { "name": "order.id", "type": "String" }, { "name": "order.sendAt", "type": "String" },
            { "name": "items", "type": "Array" }, { "name": "items.this.sku", "type": "String" }, { "name": "items.qty", "type": "String" },
            { "name": "items.length", "type": "String" },
            { "name": "tags", "type": "Array" }, { "name": "tags.this", "type": "String" },
            { "name": "bare" }, { "name": "step.digest", "type": "Boolean" }, { "name": "actor.x", "type": "String" },
            { "name": "a..b", "type": "String" }, { "name": "", "type": "String" }, "odd", 5, null,
        ]),
    )
}

#[test]
fn quirks_of_the_server_are_read() {
    let (project, server) = (Project::new(), Canned::documents(vec![quirks()], |_| (404, "", "{}".to_owned())));
    let ran = project.run(server.url(), &["pull"]).ended(0);
    assert!(ran.stderr.contains("the subject of step `Mail \\u{202e}it` is not a valid template"), "{ran:?}");
    golden("catalog/quirks.json", &project.read(".teleflow/quirks.json"));
}

#[test]
fn a_variable_that_the_server_never_finds_causes_a_warning() {
    let mut email = step("email", "");
    email["template"]["variables"] = json!([{ "name": "items.sku", "type": "String", "required": true }]);
    let odd = document("odd", &json!([email]), &json!([{ "name": "items", "type": "Array" }]));
    let (project, server) = (Project::new(), Server::with(&[odd]));
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert!(
        ran.stderr.starts_with(
            "warning: workflow `odd` requires `items.sku` inside an array, where the server never finds it"
        ),
        "{ran:?}"
    );
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn all_pages_of_the_list_are_read() {
    let emulator = Emulator::new();
    for number in 0..205 {
        emulator.workflow(Workflow::new(format!("flow-{number}")));
    }
    let (project, server) = (Project::new(), Server::of(&emulator));
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert!(ran.stdout.ends_with("205 workflows: 205 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    assert_eq!(project.list(".teleflow").len(), 205);
}

#[test]
fn a_list_without_a_total_ends_without_new_workflows() {
    for repeats in [true, false] {
        let all = [document("a", &json!([]), &json!([])), document("b", &json!([]), &json!([]))];
        let server = Canned::new(move |target, _| match target.strip_prefix("/v1/workflows?page=") {
            Some(rest) => {
                let page: usize = rest.split('&').next().unwrap().parse().unwrap();
                let data = if repeats { all.get(page.min(1)) } else { all.get(page) };
                ok(&json!({ "data": Vec::from_iter(data) }))
            }
            None if target.starts_with("/v1/") => {
                let id = target.trim_start_matches("/v1/workflows/").replace("%20", " ");
                ok(&json!({ "data": all.iter().find(|document| document["_id"] == id.as_str()) }))
            }
            None => (404, "", String::new()),
        });
        let project = Project::new();
        project.run(server.url(), &["pull"]).ended(0);
        assert_eq!(project.list(".teleflow"), ["a.json", "b.json"]);
        let pages = server.requests().iter().filter(|head| head.starts_with("GET /v1/workflows?page=")).count();
        assert_eq!(pages, 3);
    }
}

#[test]
fn an_endless_list_is_an_error() {
    let server = Canned::new(|_, number| ok(&json!({ "data": [{ "_id": number }] })));
    let ran = Project::new().run(server.url(), &["pull"]).ended(1);
    assert_eq!(ran.stderr, "error: the server's list of workflows does not end after 1000 pages\n");
}

#[test]
fn one_workflow_can_be_selected() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    let ran = project.run(&server.url(), &["pull", "--only", "invoice-due", "--only", "weekly-digest"]).ended(0);
    assert!(ran.stdout.ends_with("2 workflows: 2 added, 0 changed, 0 unchanged\n"), "{ran:?}");
    assert_eq!(project.list(".teleflow"), ["invoice-due.json", "weekly-digest.json"]);
    let ran = project.run(&server.url(), &["pull", "--only", "invoice_deu"]).ended(1);
    assert_eq!(ran.stderr, "error: the server has no workflow `invoice_deu`; did you mean `invoice-due`?\n");
    let ran = project.run(&server.url(), &["pull", "--only", "x\u{1b}[2J"]).ended(1);
    assert_eq!(ran.stderr, "error: the server has no workflow `x\\u{1b}[2J`\n");
    project.run(&server.url(), &["pull", "--only", "invoice-due", "--prune"]).ended(2);
}

//! `pull --templates` writes what the server renders messages from, `check` compares it, and the emulator loads it.

mod receipt;

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, Seeds, Workflow};

use self::receipt::{layouts, receipt};
use crate::support::{Canned, KEY, Project, Server, document, golden, recorded, step};

fn emulator(workflows: &[Value], layouts: &Value) -> Emulator {
    let seeds = json!({
        "apiKeys": [{
            "key": KEY, "environment": "dev", "environmentId": "650000000000000000000003",
            "organizationId": "650000000000000000000002", "userId": "650000000000000000000001",
        }],
        "workflows": { "dev": workflows },
        "layouts": { "dev": layouts },
    });
    Emulator::from_seeds(Seeds::from_json(&seeds.to_string()).unwrap())
}

fn served() -> Server {
    let mut workflows = recorded();
    workflows.push(receipt());
    Server::of(&emulator(&workflows, &layouts()))
}

const FOLDER: &str = ".teleflow/templates";

#[test]
fn the_templates_become_files_without_ids_and_secrets() {
    let (project, server) = (Project::new(), served());
    let ran = project.run(&server.url(), &["pull", "--templates"]).ended(0);
    assert_eq!(ran.stderr, "");
    let files = project.list(FOLDER);
    assert_eq!(files.len(), 5);
    for file in &files {
        let text = project.read(&format!("{FOLDER}/{file}"));
        for excluded in ["secret", "6a00000", "_templateId", "\"_id\": \"t", "createdAt"] {
            assert!(!text.contains(excluded), "{excluded}: {text}");
        }
        golden(&format!("templates/{file}"), &text);
    }
    let stdout = &ran.stdout;
    assert!(stdout.contains("\nadded   receipt / v2 (.teleflow/receipt%20%2F%20v2.json)\n"), "{stdout}");
    assert!(stdout.contains("\nadded   receipt / v2 (.teleflow/templates/receipt%20%2F%20v2.json)\n"), "{stdout}");
    assert!(
        stdout.ends_with(
            "5 workflows: 5 added, 0 changed, 0 unchanged\n5 template files: 5 added, 0 changed, 0 unchanged\n"
        ),
        "{stdout}"
    );

    let before = project.age(&format!("{FOLDER}/receipt%20%2F%20v2.json"));
    let ran = project.run(&server.url(), &["pull", "--templates"]).ended(0);
    assert!(ran.stdout.ends_with("5 template files: 0 added, 0 changed, 5 unchanged\n"), "{ran:?}");
    assert_eq!(project.modified(&format!("{FOLDER}/receipt%20%2F%20v2.json")), before);
    let ran = project.run(&server.url(), &["check"]).ended(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("5 workflows: no drift\n", ""));
}

/// What one emulator has, another one has after `pull --templates` and `load_templates`.
#[test]
fn an_emulator_loads_what_another_one_has() {
    let (first, second) = (Project::new(), Project::new());
    first.run(&served().url(), &["pull", "--templates"]).ended(0);
    let loaded = Emulator::new();
    loaded.load_templates(first.path(FOLDER)).unwrap();
    // Loading replaces: layouts keep their ids, and nothing is there twice.
    loaded.load_templates(first.path(FOLDER)).unwrap();
    let server = Server::of(&loaded);
    let ran = second.run(&server.url(), &["pull", "--templates"]).ended(0);
    assert_eq!(ran.stderr, "");
    let files = first.list(FOLDER);
    assert_eq!(second.list(FOLDER), files);
    for file in files {
        let path = format!("{FOLDER}/{file}");
        assert_eq!(second.read(&path), first.read(&path));
    }
}

#[test]
fn a_layout_that_the_server_does_not_have_stays_missing() {
    let mut mail = step("email", "");
    mail["template"]["_layoutId"] = json!("6a0000000000000000000009");
    let workflow = document("w", &json!([mail]), &json!([]));
    let (project, again) = (Project::new(), Project::new());
    let server = Server::of(&emulator(&[workflow], &json!([])));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    let file: Value = serde_json::from_str(&project.read(".teleflow/templates/w.json")).unwrap();
    assert_eq!(file["steps"][0]["template"]["layout"], "6a0000000000000000000009");
    assert_eq!(file.get("layouts"), None);
    let loaded = Emulator::new();
    loaded.load_templates(project.path(FOLDER)).unwrap();
    again.run(&Server::of(&loaded).url(), &["pull", "--templates"]).ended(0);
    assert_eq!(again.read(".teleflow/templates/w.json"), project.read(".teleflow/templates/w.json"));
}

/// In the emulator, the id of a layout may be any text.
#[test]
fn a_workflow_that_a_test_built_is_pulled_with_its_layout() {
    let emulator = Emulator::new();
    emulator
        .layout("shop main", "<body>{{{body}}}</body>")
        .workflow(Workflow::new("welcome").email("Hi {{name}}", "<p>Hi</p>").layout("shop main"));
    let project = Project::new();
    let ran = project.run(&Server::of(&emulator).url(), &["pull", "--templates"]).ended(0);
    assert_eq!(ran.stderr, "");
    let file: Value = serde_json::from_str(&project.read(".teleflow/templates/welcome.json")).unwrap();
    assert_eq!(file["layouts"], json!([{ "content": "<body>{{{body}}}</body>", "identifier": "shop main" }]));
    let template = &file["steps"].as_array().unwrap().last().unwrap()["template"];
    assert_eq!((&template["subject"], &template["layout"]), (&json!("Hi {{name}}"), &json!("shop main")));
}

#[test]
fn without_the_flag_the_files_stay_as_they_are() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    let text = "{\"version\": 1, \"trigger\": \"gone\"}";
    project.write(".teleflow/templates/gone.json", text);
    project.write(".teleflow/templates/invoice-due.json", "{}");
    for arguments in [["pull"].as_slice(), &["pull", "--prune"], &["generate"]] {
        let ran = project.run(&server.url(), arguments).ended(0);
        assert!(!ran.stdout.contains("template") && !ran.stderr.contains("template"), "{ran:?}");
    }
    assert_eq!(project.read(".teleflow/templates/gone.json"), text);
    assert_eq!(project.read(".teleflow/templates/invoice-due.json"), "{}");
}

#[test]
fn files_of_removed_workflows_are_removed_only_with_prune() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    let fewer = Server::with(&recorded()[..3]);
    let gone = recorded()[3]["triggers"][0]["identifier"].as_str().unwrap().to_owned();
    project.write(".teleflow/templates/notes.json", "{}");

    let ran = project.run(&fewer.url(), &["pull", "--templates"]).ended(0);
    let line = format!(
        "gone    {gone} (.teleflow/templates/{gone}.json); run `cargo teleflow pull --templates --prune` to remove it\n"
    );
    assert!(ran.stdout.contains(&line), "{ran:?}");
    assert!(
        ran.stdout.ends_with("3 template files: 0 added, 0 changed, 3 unchanged, 1 gone from the server\n"),
        "{ran:?}"
    );
    assert_eq!(
        ran.stderr,
        "warning: ignoring `.teleflow/templates/notes.json`, which is not a template file: `version` is not 1\n"
    );

    let ran = project.run(&fewer.url(), &["pull", "--templates", "--prune"]).ended(0);
    assert!(ran.stdout.contains(&format!("removed {gone} (.teleflow/templates/{gone}.json)\n")), "{ran:?}");
    assert!(!project.list(FOLDER).contains(&format!("{gone}.json")));
    assert!(project.list(FOLDER).contains(&"notes.json".to_owned()));
}

#[test]
fn one_workflow_can_be_selected() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull", "--templates", "--only", "invoice-due"]).ended(0);
    assert_eq!(project.list(FOLDER), ["invoice-due.json"]);
    project.run(&server.url(), &["check", "--only", "invoice-due"]).ended(0);
    let ran = project.run(&server.url(), &["check", "--format", "json"]).ended(0);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let of_templates = report["notices"].as_array().unwrap().iter().filter(|notice| notice["what"] == "no-templates");
    assert_eq!(of_templates.count(), 3);
}

/// Each kind of change that only the templates show, with the line of `check`.
#[test]
fn changed_templates_are_drift() {
    let changed = |change: &dyn Fn(&mut Value, &mut Value)| {
        let (mut workflow, mut layouts) = (receipt(), layouts());
        change(&mut workflow, &mut layouts);
        Server::of(&emulator(&[workflow], &layouts))
    };
    type Edit<'a> = &'a dyn Fn(&mut Value, &mut Value);
    let table: [(Edit<'_>, &str); 10] = [
        (&|now, _| now["critical"] = json!(false), "`critical` changed"),
        (&|now, _| now["preferenceSettings"]["sms"] = json!(false), "`preferenceSettings` changed"),
        (&|now, _| drop(now["steps"].as_array_mut().unwrap().pop()), "the number of steps changed from 3 to 2"),
        (
            &|now, _| {
                now["steps"][1]["template"]["subject"] = json!("Your receipt {{number}}");
                now["steps"][1]["filters"] = json!([]);
            },
            "step 2 (`Mail`) changed: `filters`, `template.subject`",
        ),
        (
            &|now, _| now["steps"][1]["variants"][0]["template"]["subject"] = json!("x"),
            "step 2 (`Mail`) changed: `variants`",
        ),
        (
            &|now, _| now["steps"][1]["template"]["_layoutId"] = json!("6a0000000000000000000002"),
            "layout `main` is no longer used",
        ),
        (
            &|now, _| now["steps"][1]["template"]["_layoutId"] = json!("6a0000000000000000000003"),
            "layout `other` was added",
        ),
        (&|_, layouts| layouts[0]["content"] = json!("{{{body}}}"), "layout `main` changed: `content`"),
        (&|now, _| now["steps"][0]["metadata"]["amount"] = json!(6), "step 1 (`Wait`) changed: `metadata`"),
        (&|now, _| now["steps"][2]["uuid"] = json!("other"), "step 3 (`Feed`) changed: `uuid`"),
    ];
    let project = Project::new();
    project.run(&changed(&|_, _| {}).url(), &["pull", "--templates"]).ended(0);
    for (change, message) in table {
        let server = changed(change);
        let ran = project.run(&server.url(), &["check"]).ended(1);
        let line = format!(".teleflow/templates/receipt%20%2F%20v2.json: workflow `receipt / v2`: {message}\n");
        assert!(ran.stdout.contains(&line), "{message}: {ran:?}");
        let last = "The server has changed: run `cargo teleflow pull --templates`, then fix what no longer compiles.\n";
        assert!(ran.stdout.ends_with(last), "{ran:?}");
        let ran = project.run(&server.url(), &["check", "--format", "json"]).ended(1);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let messages = report["drift"].as_array().unwrap().iter().filter(|drift| drift["what"] == "templates");
        assert!(messages.map(|drift| &drift["message"]).any(|found| found == message), "{report}");
    }
    // New ids are not a change: another environment has others.
    let server = changed(&|now, layouts| {
        for (id, layout) in
            ["6c0000000000000000000001", "6c0000000000000000000002"].iter().zip(layouts.as_array_mut().unwrap())
        {
            layout["_id"] = json!(id);
        }
        now["steps"][1]["template"]["_layoutId"] = json!("6c0000000000000000000001");
        now["steps"][1]["variants"][0]["template"]["_layoutId"] = json!("6c0000000000000000000002");
        now["steps"][1]["_id"] = json!("other");
    });
    project.run(&server.url(), &["check"]).ended(0);
}

#[test]
fn a_malformed_template_file_is_an_error_of_check_and_written_again_by_pull() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    let (file, text) = (".teleflow/templates/invoice-due.json", project.read(".teleflow/templates/invoice-due.json"));
    for (malformed, reason) in [
        ("<<<<<<< HEAD\n", "it is not valid JSON: "),
        ("[]", "expected a JSON object"),
        ("{\"version\": 2}", "`version` is 2, from a newer `cargo teleflow`, but this version reads 1"),
    ] {
        project.write(file, malformed);
        let ran = project.run(&server.url(), &["check"]).ended(1);
        assert!(ran.stdout.contains(&format!("`{file}` is not a template file: {reason}")), "{ran:?}");
        assert!(ran.stdout.contains("; run `cargo teleflow pull --templates` again\n"), "{ran:?}");
        project.run(&server.url(), &["pull", "--templates"]).ended(0);
        assert_eq!(project.read(file), text);
    }
    project.write(".teleflow/templates/copy.json", &text);
    let ran = project.run(&server.url(), &["check"]).ended(1);
    let line =
        "`.teleflow/templates/copy.json` is the file of workflow `invoice-due`; rename it to `invoice-due.json`\n";
    assert!(ran.stdout.contains(line), "{ran:?}");
}

/// The folder does not disturb the workflow file of the same name, nor the other way round.
#[test]
fn a_workflow_may_be_named_like_the_folder() {
    let emulator = Emulator::new();
    for trigger in ["templates", "templates/x", "../templates", "CON"] {
        emulator.workflow(Workflow::new(trigger));
    }
    let (project, server) = (Project::new(), Server::of(&emulator));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    let files = ["%2E%2E%2Ftemplates.json", "%43ON.json", "templates%2Fx.json", "templates.json"];
    assert_eq!(project.list(FOLDER), files);
    let mut all = [files.as_slice(), &["templates"]].concat();
    all.sort_unstable();
    assert_eq!(project.list(".teleflow"), all);
    project.run(&server.url(), &["check"]).ended(0);
    let ran = project.run(&server.url(), &["generate", "templates"]).ended(0);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("\"templates\""), "{ran:?}");
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.write(FOLDER, "a file");
    let ran = project.run(&server.url(), &["pull", "--templates"]).ended(1);
    assert!(ran.stderr.starts_with("error: failed to read `.teleflow/templates`: "), "{ran:?}");
    project.run(&server.url(), &["pull"]).ended(0);
    project.run(&server.url(), &["check"]).ended(0);
}

/// Cargo compiles nothing again for a template.
#[test]
fn templates_do_not_touch_the_code() {
    let project = Project::new();
    project.write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\nteleflow = \"0.1\"\n",
    );
    let server = Server::of(&emulator(&[receipt()], &layouts()));
    project.run(&server.url(), &["pull", "--templates"]).ended(0);
    project.age(".teleflow/receipt%20%2F%20v2.json");
    project.age_folder_by(".teleflow", 3600);
    let before = project.age("src/lib.rs");
    project.age_by(".teleflow/receipt%20%2F%20v2.json", 7200);
    project.age_folder_by(".teleflow", 7200);
    let mut layouts = layouts();
    layouts[0]["content"] = json!("{{{body}}}");
    let changed = Server::of(&emulator(&[receipt()], &layouts));
    let ran = project.run(&changed.url(), &["pull", "--templates"]).ended(0);
    assert!(ran.stdout.ends_with("1 template file: 0 added, 1 changed, 0 unchanged\n"), "{ran:?}");
    assert_eq!(project.modified("src/lib.rs"), before);
}

/// What is written can be read again, whatever the server has.
#[test]
fn odd_documents_are_reduced_to_what_can_be_loaded() {
    let mut odd = step("email", "");
    odd["template"] = json!({
        "type": 5, "subject": {}, "content": ["a", "b"], "cta": [], "_layoutId": 7,
        "variables": ["x", { "type": "String" }, { "name": "kept" }],
    });
    odd["filters"] = json!("x");
    odd["replyCallback"] = json!({ "url": "not a URL" });
    odd["variants"] = json!([null, 5, { "template": [] }]);
    let mut workflow = document("odd", &json!([odd, null, 5, { "template": null }]), &json!([]));
    workflow["preferenceSettings"] = json!([]);
    let server = Canned::documents(vec![workflow], |_| (404, "", "{}".to_owned()));
    let project = Project::new();
    project.run(server.url(), &["pull", "--templates"]).ended(0);
    Emulator::new().load_templates(project.path(FOLDER)).unwrap();
    let ran = project.run(server.url(), &["check"]).ended(0);
    assert_eq!(ran.stdout, "1 workflow: no drift\n");
}

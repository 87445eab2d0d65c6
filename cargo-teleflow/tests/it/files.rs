//! The folder of the catalog, and the files in it.

use serde_json::json;
use teleflow_emulator::{Emulator, Workflow};

use crate::support::{Canned, KEY, Project, Server, document, ok, recorded};

#[test]
fn files_of_removed_workflows_are_removed_only_with_prune() {
    let (project, server) = (Project::new(), Server::with(&recorded()));
    project.run(&server.url(), &["pull"]).ended(0);
    let fewer = Server::with(&recorded()[..3]);
    project.write(".teleflow/stray.json", "<<<<<<< HEAD\n");
    project.write(".teleflow/README.md", "hello");
    let gone = recorded()[3]["triggers"][0]["identifier"].as_str().unwrap().to_owned();

    let ran = project.run(&fewer.url(), &["pull"]).ended(0);
    let line = format!("gone    {gone} (.teleflow/{gone}.json); run `cargo teleflow pull --prune` to remove it\n");
    assert_eq!(ran.stdout, line + "3 workflows: 0 added, 0 changed, 3 unchanged, 1 gone from the server\n");
    assert!(
        ran.stderr.starts_with(
            "warning: ignoring `.teleflow/stray.json`, which is not a workflow file: it is not valid JSON"
        )
    );
    assert_eq!(project.list(".teleflow").len(), 6);

    let ran = project.run(&fewer.url(), &["pull", "--prune"]).ended(0);
    let line = format!("removed {gone} (.teleflow/{gone}.json)\n");
    assert_eq!(ran.stdout, line + "3 workflows: 0 added, 0 changed, 3 unchanged, 1 removed\n");
    assert_eq!(project.list(".teleflow").len(), 5);
    assert!(!project.list(".teleflow").contains(&format!("{gone}.json")));
}

#[test]
fn an_environment_without_workflows_causes_a_warning() {
    let empty = Canned::new(|target, _| match target.starts_with("/v1/workflows?") {
        true => ok(&json!({ "data": [], "totalCount": 0 })),
        false => (404, "", String::new()),
    });
    let project = Project::new();
    let ran = project.run(empty.url(), &["pull"]).ended(0);
    assert_eq!(ran.stdout, "0 workflows: 0 added, 0 changed, 0 unchanged\n");
    assert_eq!(ran.stderr, "warning: the environment of this API key has no workflows; nothing was written\n");
    assert!(!project.path(".teleflow").exists());
}

#[test]
fn a_file_with_the_wrong_name_is_removed() {
    let (project, server) = (Project::new(), Server::with(&recorded()[..1]));
    project.run(&server.url(), &["pull"]).ended(0);
    let [file] = project.list(".teleflow").try_into().unwrap();
    project.write(".teleflow/other.json", &project.read(&format!(".teleflow/{file}")));
    let ran = project.run(&server.url(), &["pull", "--prune"]).ended(0);
    assert!(ran.stdout.contains("(.teleflow/other.json)"), "{ran:?}");
    assert_eq!(project.list(".teleflow"), [file]);
}

#[test]
fn no_trigger_leads_out_of_the_folder() {
    let long = "ü".repeat(150);
    let triggers = ["../x", "a/b", "CON", "..", ".", &long, "a\\b", "%2e", "new\nline"];
    let emulator = Emulator::new();
    for trigger in triggers {
        emulator.workflow(Workflow::new(trigger));
    }
    let (project, server) = (Project::new(), Server::of(&emulator));
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert!(ran.stdout.contains("added   new\\nline (.teleflow/new%0Aline.json)\n"), "{ran:?}");
    let files = project.list(".teleflow");
    assert_eq!(files.len(), triggers.len());
    for file in ["%2E%2E%2Fx.json", "a%2Fb.json", "%43ON.json", "%2E%2E.json"] {
        assert!(files.iter().any(|name| name == file), "{files:?}");
    }
    assert_eq!(project.list(""), [".teleflow", "Cargo.toml", "src"]);
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stdout, "9 workflows: 0 added, 0 changed, 9 unchanged\n");
    project.run(&server.url(), &["check"]).ended(0);
}

#[test]
fn triggers_that_differ_only_in_case_cause_a_warning() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("order")).workflow(Workflow::new("Order"));
    let ran = Project::new().run(&Server::of(&emulator).url(), &["pull"]).ended(0);
    assert_eq!(
        ran.stderr,
        "warning: workflows `Order` and `order` share a file on case-insensitive file systems; rename one of them\n"
    );
}

#[test]
fn the_folder_is_the_argument_the_variable_the_nearest_or_the_default() {
    let server = Server::with(&recorded()[..1]);
    let url = server.url();
    let keys = [("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", url.as_str())];
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"member\"]\n");
    project.write("member/Cargo.toml", "[package]\nname = \"member\"\nversion = \"0.1.0\"\n");
    project.write("member/src/lib.rs", "");
    let file = project_file();

    project.run_with(&keys, "member/src", &["pull"]).ended(0);
    assert_eq!(project.list(".teleflow"), [&*file], "in the root of the workspace, if there is none");
    let with_folder = [keys.as_slice(), &[("TELEFLOW_CATALOG", "other/place")]].concat();
    project.run_with(&with_folder, "member/src", &["pull"]).ended(0);
    assert_eq!(project.list("other/place"), [&*file], "the variable is relative to the workspace");
    project.run_with(&with_folder, "member/src", &["pull", "--catalog", "here"]).ended(0);
    assert_eq!(project.list("member/src/here"), [&*file], "the argument is relative to the current folder");
    std::fs::create_dir(project.path("member/.teleflow")).unwrap();
    project.run_with(&keys, "member/src", &["pull"]).ended(0);
    assert_eq!(project.list("member/.teleflow"), [&*file], "the nearest");
}

fn project_file() -> String {
    format!("{}.json", recorded()[0]["triggers"][0]["identifier"].as_str().unwrap())
}

#[test]
fn without_a_package_a_folder_has_to_be_named() {
    let server = Server::with(&recorded()[..1]);
    let project = Project::without_package();
    for arguments in [["pull"].as_slice(), &["check"], &["generate"]] {
        let ran = project.run(&server.url(), arguments).ended(2);
        assert!(ran.stderr.starts_with("error: could not find `Cargo.toml`"), "{ran:?}");
    }
    let ran = project.run(&server.url(), &["pull", "--catalog", "x"]).ended(0);
    assert_eq!(ran.stderr, "");
    assert_eq!(project.list("x").len(), 1);
    let absolute = project.path("y");
    let (url, absolute) = (server.url(), absolute.to_str().unwrap());
    let variables = [("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", &url), ("TELEFLOW_CATALOG", absolute)];
    project.run_with(&variables, "", &["pull"]).ended(0);
    assert_eq!(project.list("y").len(), 1);
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let server = Server::with(&[document("blocked", &json!([]), &json!([]))]);
    let project = Project::new();
    project.write(".teleflow/blocked.json/in-the-way", "");
    let ran = project.run(&server.url(), &["pull"]).ended(1);
    assert!(ran.stderr.starts_with("error: failed to write `.teleflow/blocked.json`: "), "{ran:?}");
    assert_eq!(project.list(".teleflow"), ["blocked.json"]);

    let project = Project::new();
    project.write(".teleflow", "a file");
    project.run(&server.url(), &["pull"]).ended(1);
    assert_eq!(project.read(".teleflow"), "a file");
}

#[test]
fn foreign_files_cause_one_warning_and_are_ignored() {
    let (project, server) = (Project::new(), Server::with(&recorded()[..1]));
    project.run(&server.url(), &["pull"]).ended(0);
    let [file] = project.list(".teleflow").try_into().unwrap();
    project.write(".teleflow/package.json", "{\"name\":\"x\"}");
    project.write(".teleflow/large.json", &" ".repeat(8 * 1024 * 1024 + 1));
    project.write(".teleflow/list.json", "[]");
    std::fs::write(project.path(".teleflow/latin.json"), b"{\"\xff\":1}").unwrap();
    let warnings = "warning: ignoring `.teleflow/large.json`, which is not a workflow file: it is larger than 8 MiB\n\
                    warning: ignoring `.teleflow/latin.json`, which is not a workflow file: it is not valid JSON";
    let ends = "warning: ignoring `.teleflow/list.json`, which is not a workflow file: expected a JSON object\n\
                warning: ignoring `.teleflow/package.json`, which is not a workflow file: `format` is not 1\n";
    for (arguments, line) in [
        (["pull"].as_slice(), "1 workflow: 0 added, 0 changed, 1 unchanged\n"),
        (&["pull", "--prune"], "1 workflow: 0 added, 0 changed, 1 unchanged\n"),
        (&["check"], "1 workflow: no drift\n"),
        (&["generate"], "}\n"),
    ] {
        let ran = project.run(&server.url(), arguments).ended(0);
        assert!(ran.stdout.ends_with(line), "{ran:?}");
        assert!(ran.stderr.starts_with(warnings) && ran.stderr.ends_with(ends), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 4);
    }
    assert_eq!(project.list(".teleflow").len(), 5);

    // The file of a workflow on the server is written again.
    project.write(&format!(".teleflow/{file}"), &" ".repeat(8 * 1024 * 1024 + 1));
    let ran = project.run(&server.url(), &["check"]).ended(1);
    assert!(
        ran.stdout.contains("is not a workflow file: it is larger than 8 MiB; run `cargo teleflow pull` again"),
        "{ran:?}"
    );
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert!(ran.stdout.starts_with("changed "), "{ran:?}");
    project.run(&server.url(), &["check"]).ended(0);
}

#[test]
fn a_workflow_too_large_for_a_file_is_skipped_with_a_warning() {
    let schema = json!({ "description": "x".repeat(8 * 1024 * 1024) });
    let server = Canned::documents(vec![document("huge", &json!([]), &json!([]))], move |target| match target {
        "/v2/workflows?limit=1" => ok(&json!({ "data": { "workflows": [], "totalCount": 1 } })),
        _ => ok(&json!({ "data": { "payloadSchema": schema } })),
    });
    let project = Project::new();
    let ran = project.run(server.url(), &["pull"]).ended(0);
    assert_eq!(ran.stderr, "warning: skipping workflow `huge`: its workflow file would be larger than 8 MiB\n");
    assert_eq!(project.list(".teleflow"), [""; 0]);
}

#[test]
fn every_command_reports_a_malformed_workflow_file() {
    let named = |trigger: &str| document(trigger, &json!([]), &json!([]));
    let server = Canned::documents(vec![named("order-shipped"), named("other")], |_| (404, "", String::new()));
    let project = Project::new();
    project.run(server.url(), &["pull"]).ended(0);
    let file = ".teleflow/order-shipped.json";
    let whole = project.read(file);
    let conflict = format!("<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> branch\n");
    let cut = whole.replace("\"active\": true", "\"active\": tr");
    let newer = whole.replace("\"format\": 1", "\"format\": 2");
    for (broken, why) in [
        (conflict, "it is not valid JSON: expected value at line 1 column 1"),
        (cut, "it is not valid JSON: "),
        (whole.replace("\"active\": true", "\"active\": 1"), "`active` is neither `true` nor `false`"),
        (newer, "`format` is 2, from a newer `cargo teleflow`, but this version reads 1"),
    ] {
        assert_ne!(broken, whole, "{why}");
        project.write(file, &broken);
        let (starts, ends) = (format!("`{file}` is not a workflow file: {why}"), "; run `cargo teleflow pull` again\n");
        let ran = project.run(server.url(), &["check"]).ended(1);
        assert!(ran.stdout.starts_with(&starts) && ran.stdout.ends_with(ends), "{ran:?}");
        assert_eq!((ran.stdout.lines().count(), ran.stderr.as_str()), (1, ""), "the server has not changed: {ran:?}");
        for arguments in [["generate"].as_slice(), &["generate", "order-shipped"]] {
            let ran = project.run(server.url(), arguments).ended(1);
            assert_eq!(ran.stdout, "");
            assert!(ran.stderr.starts_with(&format!("error: {starts}")) && ran.stderr.ends_with(ends), "{ran:?}");
            assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        }
        let ran = project.run(server.url(), &["generate", "other"]).ended(0);
        assert!(ran.stderr.starts_with(&format!("warning: {starts}")) && ran.stderr.ends_with(ends), "{ran:?}");
        let ran = project.run(server.url(), &["pull"]).ended(0);
        assert!(ran.stdout.starts_with("changed order-shipped") && ran.stderr.is_empty(), "{ran:?}");
        assert_eq!(project.read(file), whole);
    }
    // Another `pull` would not help.
    project.write(".teleflow/former.json", "{ \"format\": 1, \"trigger\": 5 }");
    for command in ["pull", "check"] {
        let ran = project.run(server.url(), &[command]).ended(0);
        assert_eq!(
            ran.stderr,
            "warning: `.teleflow/former.json` is not a workflow file: `trigger` is not a string; \
             the server does not have this workflow, so delete the file\n"
        );
    }
    // A file of another content is an error only for its workflow.
    project.write(file, "");
    let ran = project.run(server.url(), &["generate", "order-shipped"]).ended(1);
    assert!(ran.stderr.contains(&format!("error: `{file}` is not a workflow file: it is not valid JSON")), "{ran:?}");
}

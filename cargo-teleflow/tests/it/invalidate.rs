//! Cargo does not notice new files of the catalog, so `pull` marks the packages that use teleflow as changed.

use crate::support::{KEY, Project, Server, recorded};

/// A workspace: `app` uses `notify`, which uses teleflow, and `other` uses neither.
fn workspace() -> Project {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"notify\", \"other\"]\nresolver = \"3\"\n");
    for (name, dependency) in [
        ("app", "notify = { path = \"../notify\" }"),
        ("notify", "notifications = { package = \"teleflow\", version = \"0.1\" }"),
        ("other", "serde = \"1\""),
    ] {
        let package =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n");
        project.write(&format!("{name}/Cargo.toml"), &(package + dependency + "\n"));
        for file in ["src/lib.rs", "src/inner.rs", "src/main.rs", "tests/it.rs", "examples/demo.rs", "build.rs"] {
            project.write(&format!("{name}/{file}"), "");
        }
    }
    project
}

const ROOTS: [&str; 8] = [
    "app/src/lib.rs",
    "app/src/main.rs",
    "app/tests/it.rs",
    "app/examples/demo.rs",
    "notify/src/lib.rs",
    "notify/src/main.rs",
    "notify/tests/it.rs",
    "notify/examples/demo.rs",
];
const OTHERS: [&str; 5] =
    ["app/src/inner.rs", "app/build.rs", "notify/src/inner.rs", "other/src/lib.rs", "other/tests/it.rs"];

#[test]
fn new_and_removed_files_invalidate_the_packages_that_use_teleflow() {
    let (project, server, fewer) = (workspace(), Server::with(&recorded()), Server::with(&recorded()[..3]));
    for (url, arguments, touches) in [
        (server.url(), ["pull"].as_slice(), true),
        (server.url(), &["pull"], false),
        (fewer.url(), &["pull"], false),
        (fewer.url(), &["pull", "--prune"], true),
        (fewer.url(), &["check"], false),
    ] {
        for file in project.list(".teleflow").into_iter().map(|file| format!(".teleflow/{file}")) {
            project.age_by(&file, 7200);
        }
        project.age_folder_by(".teleflow", 7200);
        let before = ROOTS.map(|file| project.age(file));
        let others = OTHERS.map(|file| project.age(file));
        let ran = project.run(&url, arguments).ended(0);
        assert_eq!(ran.stderr, "");
        for (file, before) in ROOTS.iter().zip(before) {
            assert_eq!(project.modified(file) != before, touches, "{file} {arguments:?}");
        }
        assert_eq!(OTHERS.map(|file| project.modified(file)), others);
    }
}

#[test]
fn a_failure_of_cargo_is_a_warning() {
    let (project, server) = (Project::new(), Server::with(&recorded()[..1]));
    let url = server.url();
    let variables = [("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", &*url), ("CARGO", "no-such-cargo")];
    let ran = project.run_with(&variables, "", &["pull"]).ended(0);
    assert!(ran.stderr.starts_with("warning: cargo may not rebuild packages for new workflow files: "), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1);

    let project = Project::new();
    project.write("Cargo.toml", "[package\n");
    let ran = project.run(&url, &["pull"]).ended(0);
    assert!(ran.stderr.starts_with("warning: cargo may not rebuild"), "{ran:?}");
    assert_eq!(project.list(".teleflow").len(), 1);
}

#[test]
fn a_catalog_that_changed_without_pull_invalidates_them_too() {
    let (project, server) = (workspace(), Server::with(&recorded()));
    project.run(&server.url(), &["pull"]).ended(0);
    // As after `git pull`: there is nothing to pull.
    let before = ROOTS.map(|file| project.age(file));
    let ran = project.run(&server.url(), &["pull"]).ended(0);
    assert!(ran.stdout.ends_with("0 added, 0 changed, 4 unchanged\n"), "{ran:?}");
    for (file, before) in ROOTS.iter().zip(before) {
        assert_ne!(project.modified(file), before, "{file}");
    }
    // They are newer than the catalog now.
    let before = ROOTS.map(|file| project.modified(file));
    project.run(&server.url(), &["pull"]).ended(0);
    assert_eq!(ROOTS.map(|file| project.modified(file)), before);
}

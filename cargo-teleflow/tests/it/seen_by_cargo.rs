//! Cargo rebuilds after a change of the catalog, and uses the right catalog.

use serde_json::{Value, json};

use crate::packages::Packages;
use crate::support::{Server, document, recorded, step};

/// A library with one workflow, `reminder`, that sends `text`.
const LIBRARY: &str = "
#[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
#[teleflow(trigger = \"reminder\")]
pub struct Reminder {
    pub text: String,
}
";

/// The workflow file of `reminder`, which requires one string.
fn requires(variable: &str) -> String {
    json!({
        "format": 1, "trigger": "reminder", "name": "Reminder", "active": true,
        "variables": { variable: { "kind": "string", "required": true } },
    })
    .to_string()
}

/// The same workflow on the server.
fn reminder(variable: &str) -> Value {
    let mut email = step("email", "");
    email["template"]["variables"] = json!([{ "name": variable, "type": "String", "required": true }]);
    document("reminder", &json!([email]), &json!([{ "name": variable, "type": "String" }]))
}

#[track_caller]
fn one(name: &str) -> Packages {
    let packages = Packages::one(name);
    packages.files.write("src/lib.rs", LIBRARY);
    packages
}

#[track_caller]
fn reports(said: &str, of: &str) {
    assert!(said.contains(of), "{of}\n    is not in\n{said}");
    assert_eq!(said.matches("error: ").count(), 2, "this, and that it could not be compiled: {said}");
}

fn no_field(variable: &str, catalog: &str) -> String {
    format!(
        "`Reminder` has no field `{variable}`, but workflow `reminder` requires it; \
         add the field, for example as a `String` [{catalog}/reminder.json]"
    )
}

#[test]
fn pulling_is_enough() {
    let packages = one("pulled");
    packages.builds("");
    let pull = |documents: &[Value], arguments: &[&str]| {
        let ran = packages.files.run(&Server::with(documents).url(), arguments).ended(0);
        let warning = "warning: the environment of this API key has no workflows; nothing was written\n";
        assert_eq!(ran.stderr, if documents.is_empty() { warning } else { "" });
    };

    // A file that is new since the build.
    pull(&[reminder("subject")], &["pull"]);
    let said = packages.fails("");
    assert!(said.contains("has no field `subject`, but workflow `reminder` requires it (step `email`)"), "{said}");

    pull(&[reminder("text")], &["pull"]);
    packages.builds("");
    let other = recorded().remove(0);
    pull(&[reminder("text"), other.clone()], &["pull"]);
    packages.builds("");

    // A file that was removed.
    pull(std::slice::from_ref(&other), &["pull"]);
    packages.builds("");
    pull(&[other], &["pull", "--prune"]);
    let said = packages.fails("");
    reports(
        &said,
        "the catalog `.teleflow` has no workflow `reminder`: it has `weekly-digest`. If the workflow is new",
    );
    pull(&[], &["pull", "--prune"]);
    reports(&packages.fails(""), "the catalog `.teleflow` has no workflow `reminder`: it is empty. If");
}

/// Writes the file of `reminder` without `pull`, as `git pull` does.
fn brought(packages: &Packages, folder: &str, server: &Server) {
    let other = crate::support::Project::new();
    other.run(&server.url(), &["pull"]).ended(0);
    packages.files.write(&format!("{folder}.teleflow/reminder.json"), &other.read(".teleflow/reminder.json"));
}

#[test]
fn a_catalog_that_changed_without_pull_is_seen_after_a_pull() {
    let packages = one("came-by-itself");
    packages.builds("");
    let server = Server::with(&[reminder("subject")]);
    brought(&packages, "", &server);
    let built = ["CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/packages")];
    let variables =
        [("TELEFLOW_API_KEY", crate::support::KEY), ("TELEFLOW_API_URL", &*server.url()), (built[0], built[1])];
    let warning = "warning: package `came-by-itself` was built before the catalog changed, and cargo may not rebuild it; \
                   run `cargo teleflow pull`\n";
    let ran = packages.files.run_with(&variables, "", &["check"]).ended(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("1 workflow: no drift\n", warning));
    // The build has not noticed it yet.
    packages.builds("");

    let ran = packages.files.run_with(&variables, "", &["pull"]).ended(0);
    assert_eq!(ran.stdout, "1 workflow: 0 added, 0 changed, 1 unchanged\n");
    let ran = packages.files.run_with(&variables, "", &["check"]).ended(0);
    assert_eq!(ran.stderr, "");
    let said = packages.fails("");
    assert!(said.contains("has no field `subject`, but workflow `reminder` requires it (step `email`)"), "{said}");
}

#[test]
fn a_package_that_uses_the_library_through_another_outside_the_workspace_is_seen_too() {
    let packages = Packages::one("facade-root").and("facade", "facade", "\n[workspace]\n").and(
        "through-facade",
        "w/app",
        "facade = { path = \"../../facade\" }\n",
    );
    let files = &packages.files;
    files.write("Cargo.toml", "[workspace]\n");
    files.write("w/Cargo.toml", "[workspace]\nmembers = [\"app\"]\nresolver = \"3\"\n");
    std::fs::copy(files.path("Cargo.lock"), files.path("w/Cargo.lock")).unwrap();
    files.write("facade/src/lib.rs", "pub use teleflow;\n");
    let manifest = files.read("w/app/Cargo.toml");
    let without: Vec<&str> = manifest.lines().filter(|line| !line.starts_with("teleflow ")).collect();
    files.write("w/app/Cargo.toml", &without.join("\n"));
    let library = LIBRARY.replace("teleflow::Tele", "facade::teleflow::Tele");
    files.write("w/app/src/lib.rs", &library.replace("\"reminder\")", "\"reminder\", crate = \"facade::teleflow\")"));

    packages.builds("w/app");
    let server = Server::with(&[reminder("subject")]);
    brought(&packages, "w/", &server);
    packages.builds("w/app");
    let variables = [("TELEFLOW_API_KEY", crate::support::KEY), ("TELEFLOW_API_URL", &*server.url())];
    let ran = packages.files.run_with(&variables, "w/app", &["pull"]).ended(0);
    assert_eq!(ran.stdout, "1 workflow: 0 added, 0 changed, 1 unchanged\n");
    let said = packages.fails("w/app");
    assert!(said.contains("has no field `subject`, but workflow `reminder` requires it (step `email`)"), "{said}");
}

#[test]
fn a_library_under_another_path_is_one_error_for_each_derive() {
    let packages =
        Packages::one("re-exporting").and("re-exported", "app", "re-exporting = { path = \"..\" }\n[workspace]\n");
    let files = &packages.files;
    files.write("src/lib.rs", "pub use teleflow;\n");
    let manifest = files.read("app/Cargo.toml");
    let without: Vec<&str> = manifest.lines().filter(|line| !line.starts_with("teleflow ")).collect();
    files.write("app/Cargo.toml", &without.join("\n"));
    let source = |key: &str| {
        format!(
            "use re_exporting::teleflow::{{TeleflowPayload, TeleflowWorkflow}};\n\
             #[derive(serde::Serialize, TeleflowWorkflow)]\n#[teleflow(trigger = \"w\"{key})]\npub struct W {{ pub part: Part }}\n\
             #[derive(serde::Serialize, TeleflowPayload)]\n#[teleflow(kind = \"object\"{key})]\npub struct Part {{ pub a: u8 }}\n"
        )
    };
    files.write("app/src/lib.rs", &source(""));
    let said = packages.fails("app");
    assert_eq!(said.matches("\nerror").count() + usize::from(said.starts_with("error")), 3, "{said}");
    let advice = "this package has no dependency called `teleflow`; add it, or write where the library is found, as in \
                  `#[teleflow(crate = \"path::to::teleflow\")]`";
    assert_eq!(said.matches(advice).count(), 2, "{said}");
    files.write("app/src/lib.rs", &source(", crate = \"re_exporting::teleflow\""));
    packages.builds("app");
}

#[test]
fn whatever_is_done_by_hand_is_seen_too() {
    let packages = one("by-hand");
    let file = ".teleflow/reminder.json";
    packages.files.write(file, &requires("text"));
    packages.builds("");
    packages.files.write(file, &requires("subject"));
    reports(&packages.fails(""), &no_field("subject", ".teleflow"));
    packages.files.write(file, &requires("text"));
    packages.builds("");
    packages.files.write(file, "{}");
    reports(&packages.fails(""), "`.teleflow/reminder.json` is not a workflow file: `format` is not 1");
    packages.files.write(file, &requires("text"));
    packages.builds("");
    std::fs::remove_file(packages.files.path(file)).unwrap();
    reports(&packages.fails(""), "the catalog `.teleflow` has no workflow `reminder`: it is empty.");

    // Without the folder nothing is checked, whatever the struct sends.
    std::fs::remove_dir(packages.files.path(".teleflow")).unwrap();
    packages.files.write("src/lib.rs", &LIBRARY.replace("text: String", "other: Vec<u8>"));
    packages.builds("");
}

#[test]
fn without_the_folder_nothing_is_checked() {
    let packages = one("folder-gone");
    packages.files.write(".teleflow/reminder.json", &requires("text"));
    packages.builds("");
    // Cargo notices the removed file and rebuilds; the struct is compatible.
    std::fs::rename(packages.files.path(".teleflow"), packages.files.path("elsewhere")).unwrap();
    packages.builds("");
    packages.files.write("src/lib.rs", &LIBRARY.replace("text: String", "other: Vec<u8>"));
    packages.builds("");
}

#[test]
fn the_variable_sets_the_folder() {
    let packages = one("named-folder");
    for (catalog, variable) in [(".teleflow", "text"), ("strict", "subject"), ("stricter", "footer")] {
        packages.files.write(&format!("{catalog}/reminder.json"), &requires(variable));
    }
    let absolute = packages.files.path("stricter");
    let named = |catalog: &str, code| packages.build(&[("TELEFLOW_CATALOG", catalog)], "").ended(code).stderr;

    packages.builds("");
    reports(&named("strict", 101), &no_field("subject", "strict"));
    reports(&named("stricter", 101), &no_field("footer", "stricter"));
    reports(&named(absolute.to_str().unwrap(), 101), &no_field("footer", "stricter"));
    reports(
        &named("no-such", 101),
        "there is no folder `no-such`, which `TELEFLOW_CATALOG` names\n --> src/lib.rs:3:22\n",
    );
    packages.builds("");
    // A compatible catalog: the build before used another.
    packages.files.write("strict/reminder.json", &requires("text"));
    assert_eq!(named("strict", 0), "");
    packages.files.write("strict/reminder.json", &requires("subject"));
    reports(&named("strict", 101), &no_field("subject", "strict"));
    packages.builds("");
    assert_eq!(named("", 0), "");
    packages.files.write(".teleflow/reminder.json", &requires("subject"));
    reports(&named("", 101), &no_field("subject", ".teleflow"));
    reports(&packages.fails(""), &no_field("subject", ".teleflow"));
}

#[test]
fn members_of_a_workspace_share_its_catalog_and_others_do_not() {
    let packages = Packages::workspace(&["near", "far"]).and("outside", "outside", "\n[workspace]\n");
    for name in ["near", "far", "outside"] {
        packages.files.write(&format!("{name}/src/lib.rs"), LIBRARY);
    }
    packages.files.write("Cargo.toml", &(packages.files.read("Cargo.toml") + "exclude = [\"outside\"]\n"));
    let members = |name: &str| packages.build(&[], name);

    packages.builds("near");
    let server = Server::with(&[reminder("subject")]);
    // In each package, it is the catalog of the workspace.
    let variables = [("TELEFLOW_API_KEY", crate::support::KEY), ("TELEFLOW_API_URL", &*server.url())];
    let ran = packages.files.run_with(&variables, "far", &["pull"]).ended(0);
    assert!(ran.stdout.starts_with("added   reminder (.teleflow/reminder.json)\n"), "{ran:?}");
    assert_eq!(packages.files.list(".teleflow"), ["reminder.json"]);
    for (name, folder) in [("near", "near"), ("far", "far")] {
        let said = members(folder).ended(101).stderr;
        assert!(said.contains("has no field `subject`, but workflow `reminder` requires it (step `email`)"), "{said}");
        assert!(said.contains(&format!("--> {name}/src/lib.rs:")), "{said}");
    }
    packages.builds("outside");

    // A member's catalog is nearer.
    packages.files.write("near/.teleflow/reminder.json", &requires("text"));
    packages.builds("near");
    packages.files.write("near/.teleflow/reminder.json", &requires("footer"));
    reports(&members("near").ended(101).stderr, &no_field("footer", "near/.teleflow"));
    let said = members("far").ended(101).stderr;
    assert!(said.contains("`subject`") && !said.contains("`footer`"), "{said}");

    // The variable applies to all of them, relative to the workspace.
    packages.files.write("strict/reminder.json", &requires("header"));
    for folder in ["near", "far"] {
        let ran = packages.build(&[("TELEFLOW_CATALOG", "strict")], folder).ended(101);
        reports(&ran.stderr, &no_field("header", "strict"));
    }
    let ran = packages.build(&[("TELEFLOW_CATALOG", "strict")], "outside").ended(101);
    reports(&ran.stderr, "there is no folder `strict`, which `TELEFLOW_CATALOG` names");
}

#[test]
fn a_struct_may_name_its_catalog_or_none() {
    let packages = one("own-catalog");
    packages.files.write(".teleflow/reminder.json", &requires("subject"));
    packages.files.write("nested/own/reminder.json", &requires("footer"));
    let with = |keys: &str| {
        packages.files.write("src/lib.rs", &LIBRARY.replace("\"reminder\")", &format!("\"reminder\", {keys})")));
    };
    with("catalog = \"nested/own\"");
    reports(&packages.fails(""), &no_field("footer", "nested/own"));
    with("unchecked");
    packages.builds("");
    with("catalog = \"nested/none\"");
    reports(&packages.fails(""), "there is no folder `nested/none`, seen from the folder of the package");
}

#[test]
fn a_vendored_package_is_not_checked_against_the_catalog() {
    let packages = one("vendoring").and("vendored", "vendor/vendored", "");
    packages.files.write("vendor/vendored/src/lib.rs", LIBRARY);
    let manifest = packages.files.read("Cargo.toml");
    let dependency = "[dependencies]\nvendored = { path = \"vendor/vendored\" }\n";
    packages.files.write("Cargo.toml", &manifest.replace("[dependencies]\n", dependency));
    packages.files.write(".teleflow/reminder.json", &requires("subject"));
    packages.files.write("src/lib.rs", &LIBRARY.replace("text", "subject"));

    reports(&packages.fails(""), &no_field("subject", ".teleflow"));
    packages.files.write("vendor/vendored/.cargo-checksum.json", "{}");
    packages.builds("");
    let named = packages.build(&[("TELEFLOW_CATALOG", ".teleflow")], "").ended(0);
    assert_eq!(named.stderr, "");

    // It has its own catalog.
    packages.files.write("vendor/vendored/.teleflow/reminder.json", &requires("footer"));
    packages.files.write("vendor/vendored/src/lib.rs", LIBRARY);
    reports(&packages.fails(""), &no_field("footer", ".teleflow"));
}

/// A struct that the workspace's catalog does not accept.
const OTHER: &str = "
#[derive(serde::Serialize, teleflow::TeleflowWorkflow)]
#[teleflow(trigger = \"other\")]
pub struct Other {
    pub other: u8,
}
";

#[test]
fn the_variable_is_not_for_dependencies_from_outside_the_workspace() {
    let app = "alone = { path = \"../../alone\" }\nmember-of-another = { path = \"../../another/member\" }\n\
               checked-out = { path = \"../../checkout/folder\" }\nnext = { path = \"../next\" }\n";
    let packages = Packages::one("outside-root")
        .and("var-app", "w/app", app)
        .and("next", "w/next", "")
        .and("alone", "alone", "\n[workspace]\n")
        .and("member-of-another", "another/member", "")
        .and("checked-out", "checkout/folder", "");
    let files = &packages.files;
    files.write("Cargo.toml", "[workspace]\n");
    files.write("w/Cargo.toml", "[workspace]\nmembers = [\"app\", \"next\"]\nresolver = \"3\"\n");
    std::fs::copy(files.path("Cargo.lock"), files.path("w/Cargo.lock")).unwrap();
    files.write("another/Cargo.toml", "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n");
    files.write("checkout/Cargo.toml", "[workspace]\nmembers = [\"folder\"]\nresolver = \"3\"\n");
    files.write("checkout/.cargo-ok", "");
    for name in ["alone", "another/member", "checkout/folder"] {
        files.write(&format!("{name}/src/lib.rs"), OTHER);
    }
    for name in ["w/app", "w/next"] {
        files.write(&format!("{name}/src/lib.rs"), LIBRARY);
    }
    files.write("w/strict/reminder.json", &requires("text"));
    let absolute = files.path("w/strict");
    for catalog in ["strict", absolute.to_str().unwrap()] {
        let built = packages.build(&[("TELEFLOW_CATALOG", catalog)], "w/app").ended(0);
        assert_eq!(built.stderr, "", "{catalog}");
    }
    // It applies to a member that is built as a dependency.
    files.write("w/strict/reminder.json", &requires("subject"));
    files.write("w/app/src/lib.rs", "");
    let ran = packages.build(&[("TELEFLOW_CATALOG", "strict")], "w/app").ended(101);
    reports(&ran.stderr, &no_field("subject", "strict"));
    assert!(ran.stderr.contains("--> next/src/lib.rs:"), "{ran:?}");
    // It applies to a separate package if that is built itself.
    let ran = packages.build(&[("TELEFLOW_CATALOG", absolute.to_str().unwrap())], "alone").ended(101);
    assert!(ran.stderr.contains("has no workflow `other`"), "{ran:?}");
}

#[test]
fn a_member_outside_the_folder_of_its_workspace_has_its_catalog() {
    let packages = Packages::one("elsewhere-root").and("elsewhere", "elsewhere", "");
    let files = &packages.files;
    files.write("Cargo.toml", "[workspace]\n");
    files.write("w/Cargo.toml", "workspace = { members = [\"../elsewhere\"], resolver = \"3\" }\n");
    std::fs::copy(files.path("Cargo.lock"), files.path("w/Cargo.lock")).unwrap();
    let manifest = files.read("elsewhere/Cargo.toml");
    files.write("elsewhere/Cargo.toml", &manifest.replace("[dependencies]", "workspace = \"../w\"\n\n[dependencies]"));
    files.write("elsewhere/src/lib.rs", LIBRARY);
    files.write("w/.teleflow/reminder.json", &requires("subject"));
    files.write(".teleflow/reminder.json", &requires("text"));
    reports(&packages.fails("elsewhere"), &no_field("subject", ".teleflow"));
    files.write("w/strict/reminder.json", &requires("footer"));
    let ran = packages.build(&[("TELEFLOW_CATALOG", "strict")], "elsewhere").ended(101);
    reports(&ran.stderr, &no_field("footer", "strict"));
}

//! The help texts.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::support::{Project, golden};

#[test]
fn help_matches_the_golden_files() {
    let project = Project::new();
    for (file, arguments) in [
        ("teleflow", ["--help"].as_slice()),
        ("pull", &["pull", "--help"]),
        ("check", &["check", "--help"]),
        ("generate", &["generate", "--help"]),
        ("outbox", &["outbox", "--help"]),
        ("outbox-status", &["outbox", "status", "--help"]),
        ("outbox-dead", &["outbox", "dead", "--help"]),
        ("outbox-redrive", &["outbox", "redrive", "--help"]),
        ("outbox-drain", &["outbox", "drain", "--help"]),
    ] {
        let ran = project.run("", arguments).ended(0);
        golden(&format!("help/{file}.txt"), &ran.stdout);
    }
    let ran = project.run("", &["--version"]).ended(0);
    assert_eq!(ran.stdout, format!("cargo-teleflow {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_closed_standard_output_is_not_an_error() {
    let project = Project::new();
    let variables = (0..20_000).map(|number| format!("\"v{number}\": {{\"kind\": \"string\"}}")).collect::<Vec<_>>();
    let file = "{\"active\": true, \"format\": 1, \"trigger\": \"t\", \"name\": \"t\", \"variables\": {VARIABLES}}";
    project.write(".teleflow/t.json", &file.replace("VARIABLES", &variables.join(",")));
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-teleflow"))
        .args(["teleflow", "generate"])
        .current_dir(project.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

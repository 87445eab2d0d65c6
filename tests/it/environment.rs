//! A client as the environment says: in a process of its own, since a test cannot set variables safely.

use std::path::Path;
use std::process::{Command, Output};

use teleflow_emulator::{Emulator, Workflow};

/// Runs `quickstart --live ada welcome` with these variables and no others of ours.
fn live(variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--example", "quickstart", "--", "--live", "ada", "welcome"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_remove("TELEFLOW_API_KEY")
        .env_remove("TELEFLOW_API_URL")
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn key_and_base_url_are_read_from_the_environment() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let url = format!("{}/v1", server.url());
    let output =
        tokio::task::spawn_blocking(move || live(&[("TELEFLOW_API_KEY", "test-key"), ("TELEFLOW_API_URL", &url)]));
    let output = output.await.unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains("201 processed"), "{stdout}");
    assert_eq!(emulator.jobs().len(), 1, "one event, and no bulk or broadcast");
    assert_eq!(emulator.jobs()[0].to().and_then(serde_json::Value::as_str), Some("ada"));
}

#[test]
fn a_missing_or_impossible_variable_is_an_error_that_names_it() {
    let table = [
        (vec![], "TELEFLOW_API_KEY is not set"),
        (vec![("TELEFLOW_API_KEY", " ")], "the API key is blank"),
        (vec![("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", "nowhere")], "the base URL does not parse"),
    ];
    for (variables, message) in table {
        let output = live(&variables);
        assert!(!output.status.success());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(message), "no `{message}` in: {stderr}");
    }
}

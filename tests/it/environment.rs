//! Clients configured by environment variables. Each runs in its own process, since a test cannot set variables safely.

mod broadcasts;
mod tls;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use teleflow_emulator::{Emulator, Workflow};

use crate::support::Server;

/// The program `live`. Of the variables that the client reads, only these are set.
fn live_command(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_live"));
    let settings = ["TELEFLOW_API_KEY", "TELEFLOW_API_URL", "TELEFLOW_BROADCASTS", "SSL_CERT_FILE", "SSL_CERT_DIR"];
    let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"];
    for name in settings.into_iter().chain(proxies) {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.envs(variables.iter().copied()).stdout(Stdio::piped());
    command
}

/// Runs `live`: whether it succeeded, and its output.
fn run_live(variables: &[(&str, &str)]) -> (bool, String) {
    let output = live_command(variables).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// The body of the response to an event that was queued.
const QUEUED: &str = r#"{"data":{"acknowledged":true,"status":"processed"}}"#;

fn assert_succeeds(variables: &[(&str, &str)]) {
    let (success, text) = run_live(variables);
    assert!(success && text == "201 processed\n", "{variables:?}: {text}");
}

/// Checks that `live` fails with these variables and prints each of these phrases.
fn assert_fails(variables: &[(&str, &str)], phrases: &[&str]) {
    let (success, text) = run_live(variables);
    assert!(!success, "{variables:?}: {text}");
    for phrase in phrases {
        assert!(text.contains(phrase), "{variables:?}: no `{phrase}` in: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn key_and_base_url_are_read_from_the_environment() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let url = format!("{}/v1", server.url());
    let sent = tokio::task::spawn_blocking(move || {
        assert_succeeds(&[("TELEFLOW_API_KEY", "test-key"), ("TELEFLOW_API_URL", &url)]);
    });
    sent.await.unwrap();
    assert_eq!(emulator.jobs().len(), 1, "one event, and no bulk or broadcast");
    assert_eq!(emulator.jobs()[0].to().and_then(serde_json::Value::as_str), Some("ada"));
}

#[test]
fn a_missing_or_invalid_variable_is_an_error_that_names_it() {
    assert_fails(&[], &["`TELEFLOW_API_KEY` is not set or blank"]);
    assert_fails(&[("TELEFLOW_API_KEY", " \t")], &["`TELEFLOW_API_KEY` is not set or blank"]);
    assert_fails(&[("TELEFLOW_API_KEY", "k\n")], &["`TELEFLOW_API_KEY`: ", "control character"]);
    for url in ["nowhere", "https://user:secret@example.com", "http://a?b"] {
        assert_fails(&[("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url)], &["`TELEFLOW_API_URL`: the base URL"]);
    }
    let variables = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", "https://user:secret@example.com")];
    assert_fails(&variables, &["the API key goes into `TELEFLOW_API_KEY`"]);
}

#[test]
fn a_blank_base_url_means_the_default_base_url() {
    // The proxy records the host and refuses the request, so nothing leaves this machine.
    let proxy = Server::status(502, "", "");
    for url in ["", " \n"] {
        let variables = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url), ("HTTPS_PROXY", &proxy.url)];
        let mut child = live_command(&variables).spawn().unwrap();
        let started = Instant::now();
        while proxy.requests().is_empty() && started.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let seen = proxy.requests().pop().expect(url);
        assert!(seen.starts_with("CONNECT api-teleflow.khulnasoft.com:443 "), "{seen}");
    }
}

#[test]
fn the_proxy_variables_are_used() {
    let proxy = Server::status(201, "", QUEUED);
    for (variable, url, root) in [
        ("HTTP_PROXY", "http://teleflow.invalid", "http://teleflow.invalid"),
        ("http_proxy", "http://192.0.2.1/V1", "http://192.0.2.1"),
        // The host is named `v1`; it is not the path `/v1`.
        ("ALL_PROXY", "http://v1", "http://v1"),
        ("HTTP_PROXY", "http://localhost.invalid/v1/", "http://localhost.invalid"),
    ] {
        assert_succeeds(&[("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url), (variable, &proxy.url)]);
        let seen = proxy.requests().pop().expect(url);
        assert!(seen.starts_with(&format!("POST {root}/v1/events/trigger HTTP/1.1\r\n")), "{seen}");
    }
}

/// Values that are not the URL of a proxy over HTTP.
const NOT_PROXIES: [&str; 7] = [
    "nonsense proxy",
    "http://",
    ":::",
    "http://user:secret@",
    "socks5://user:secret@proxy:1080",
    "ftp://p",
    "http://a b",
];

#[test]
fn a_malformed_proxy_is_an_error_that_names_the_variable_and_not_its_value() {
    for (url, names) in [
        ("http://192.0.2.1", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]),
        ("https://192.0.2.1", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
    ] {
        for (name, value) in names.into_iter().flat_map(|name| NOT_PROXIES.map(|value| (name, value))) {
            let variables = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url), (name, value)];
            let text = format!("Invalid: `{name}` is not a valid proxy URL; expected `http://host:port`\n");
            assert_eq!(run_live(&variables), (false, text), "{variables:?}");
        }
    }
}

#[test]
fn a_malformed_proxy_that_no_request_uses_is_ignored() {
    let (server, proxy) = (Server::status(201, "", QUEUED), Server::status(201, "", QUEUED));
    for value in NOT_PROXIES {
        let names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"].map(|name| (name, value));
        let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", server.url.as_str())];
        assert_succeeds(&[client.as_slice(), &names].concat());

        let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", "http://teleflow.invalid")];
        let unused = ["http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, value));
        assert_succeeds(&[client.as_slice(), &unused, &[("HTTP_PROXY", &proxy.url)]].concat());

        // An address of this machine that is not a loopback address.
        let url = server.url.replace("127.0.0.1", "0.0.0.0");
        let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url.as_str())];
        let bypassed = [("NO_PROXY", "0.0.0.0"), ("HTTP_PROXY", value)];
        assert_succeeds(&[client.as_slice(), &bypassed].concat());
    }
}

#[test]
fn addresses_of_this_machine_are_reached_without_a_proxy() {
    let (server, proxy) = (Server::status(201, "", QUEUED), Server::status(502, "", ""));
    let port = server.url.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "LOCALHOST", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/v1");
        let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url.as_str())];
        let proxies = ["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, proxy.url.as_str()));
        assert_succeeds(&[client.as_slice(), &proxies].concat());
        assert_eq!(proxy.requests(), Vec::<String>::new(), "{host}");
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn without_ca_certificates_http_works_and_https_is_an_error_that_names_the_variables() {
    let server = Server::status(201, "", QUEUED);
    let variables = |url| {
        let file = ("SSL_CERT_FILE", "/nonexistent");
        [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url), file, ("SSL_CERT_DIR", "/nonexistent")]
    };
    assert_succeeds(&variables(&server.url));
    assert_eq!(server.requests().len(), 1);
    for url in ["", "https://127.0.0.1:1"] {
        assert_fails(&variables(url), &["Invalid", "CA certificates", "`SSL_CERT_FILE`", "`SSL_CERT_DIR`"]);
    }
}

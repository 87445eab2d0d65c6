//! Proxies and certificates of the environment, with the same rules as the library.

use crate::support::{Canned, KEY, Project, Ran, ok};
use serde_json::json;

fn empty() -> Canned {
    Canned::new(|target, _| match target.starts_with("/v1/workflows?") {
        true => ok(&json!({ "data": [], "totalCount": 0 })),
        false => (404, "", String::new()),
    })
}

fn pull(url: &str, variables: &[(&str, &str)]) -> Ran {
    let given = [("TELEFLOW_API_KEY", KEY)];
    Project::new().run_with(&[given.as_slice(), variables].concat(), "", &["pull", "--api-url", url])
}

#[test]
fn servers_on_this_machine_are_reached_without_a_proxy() {
    let (server, proxy) = (empty(), empty());
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    for (number, host) in ["127.0.0.1", "LOCALHOST"].into_iter().enumerate() {
        let proxies = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, proxy.url()));
        pull(&format!("http://{host}:{port}/v1"), &proxies).ended(0);
        assert_eq!(proxy.requests(), Vec::<String>::new(), "{host}");
        assert_eq!(server.requests().len(), number + 1, "{host}");
    }
}

#[test]
fn other_servers_are_reached_through_the_proxy() {
    let proxy = Canned::new(|target, _| match target.starts_with("http://localhost.invalid/v1/workflows?") {
        true => ok(&json!({ "data": [], "totalCount": 0 })),
        false => (404, "", String::new()),
    });
    pull("http://localhost.invalid", &[("HTTP_PROXY", proxy.url())]).ended(0);
    assert!(proxy.requests()[0].starts_with("GET http://localhost.invalid/v1/workflows?"), "{:?}", proxy.requests());
}

#[test]
fn a_malformed_proxy_is_an_error() {
    let (proxies, url) = ([("HTTPS_PROXY", "user:secret@")], "https://localhost.invalid");
    let ran = pull(url, &proxies).ended(2);
    assert_eq!(ran.stderr, "error: `HTTPS_PROXY` is not a valid proxy URL; expected `http://host:port`\n");
}

#[test]
fn without_certificates_http_works_and_https_is_an_error() {
    let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    let server = empty();
    pull(server.url(), &none).ended(0);
    assert_eq!(server.requests().len(), 1);
    let ran = pull("http://127.0.0.1:1", &none).ended(1);
    assert!(ran.stderr.starts_with("error: no response from http://127.0.0.1:1: "), "{ran:?}");
    let ran = pull("https://127.0.0.1:1", &none).ended(1);
    for part in ["error: no CA certificates were found", "`SSL_CERT_FILE`", "`SSL_CERT_DIR`"] {
        assert!(ran.stderr.contains(part), "{ran:?}");
    }
    assert!(!ran.stderr.contains("failed to initialize TLS"), "{ran:?}");
}

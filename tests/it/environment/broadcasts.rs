//! `TELEFLOW_BROADCASTS`: a client that refuses broadcasts.

use super::{QUEUED, assert_fails, assert_succeeds, live_command};
use crate::support::Server;

/// Sends a broadcast with this value of the variable: whether it succeeded, and the output.
fn broadcast(server: &Server, value: Option<&str>) -> (bool, String) {
    let mut command = live_command(&[("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", &server.url)]);
    command.envs(value.map(|value| ("TELEFLOW_BROADCASTS", value)));
    let output = command.arg("broadcast").output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn broadcasts_are_sent_unless_the_variable_refuses_them() {
    let server = Server::status(201, "", QUEUED);
    for value in [None, Some("allowed"), Some(" allowed\n"), Some(""), Some(" \t")] {
        let (success, text) = broadcast(&server, value);
        assert!(success && text.starts_with("broadcast as "), "{value:?}: {text}");
    }
    assert_eq!(server.requests().len(), 5);
    for value in ["refused", " refused "] {
        let (success, text) = broadcast(&server, Some(value));
        assert!(!success && text.contains("Invalid: ") && text.contains("refuses broadcasts"), "{value:?}: {text}");
    }
    assert_eq!(server.requests().len(), 5);
}

#[test]
fn a_single_event_is_sent_where_broadcasts_are_refused() {
    let server = Server::status(201, "", QUEUED);
    let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", server.url.as_str())];
    assert_succeeds(&[client.as_slice(), &[("TELEFLOW_BROADCASTS", "refused")]].concat());
}

#[test]
fn any_other_value_is_an_error_that_names_the_variable() {
    for value in ["Refused", "REFUSED", "refuse", "no", "false", "0", "refused allowed", "allowed,"] {
        let variables =
            [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", "http://127.0.0.1:1"), ("TELEFLOW_BROADCASTS", value)];
        assert_fails(&variables, &["Invalid: ", "`TELEFLOW_BROADCASTS` must be `allowed` or `refused`"]);
    }
}

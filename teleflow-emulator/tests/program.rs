//! The program `teleflow-emulator`: its command line, and the data that it loads.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

/// A new folder for a test, which is removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("teleflow-emulator-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that is ended at the end of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_teleflow-emulator"));
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// The example in the help.
fn seeds_of_the_help() -> String {
    let help = String::from_utf8(output(&["--help"]).stdout).unwrap();
    let start = help.find("  {\n").unwrap();
    let end = help.find("\n  }\n").unwrap() + "\n  }".len();
    help.get(start..end).unwrap().to_owned()
}

#[test]
fn the_seeds_of_the_help_and_template_files_are_loaded() {
    let folder = Folder::new("loads");
    let seeds = folder.write("seeds.json", &seeds_of_the_help());
    let templates = folder.0.join("templates");
    fs::create_dir_all(&templates).unwrap();
    let file = r#"{
        "active": true, "critical": false, "name": "Welcome", "trigger": "welcome", "version": 1,
        "steps": [{ "active": true, "template": { "type": "in_app", "content": "Hello" } }]
    }"#;
    fs::write(templates.join("welcome.json"), file).unwrap();
    let mut started = command(&["--port=0", "--seeds", &seeds, "--templates", &templates.display().to_string()]);
    let mut running = Running(started.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap();

    let body = r#"{"name": "welcome", "to": {"type": "Topic", "topicKey": "staff"}, "payload": {}}"#;
    let mut connection = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        connection,
        "POST /v1/events/trigger HTTP/1.1\r\nhost: {address}\r\nauthorization: ApiKey test-key\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 201"), "{response}");
    assert!(response.contains(r#""status":"processed""#), "{response}");
}

#[test]
fn a_wrong_file_or_argument_is_an_error() {
    let folder = Folder::new("errors");
    let unknown = folder.write("unknown.json", &seeds_of_the_help().replace("\"sms\"", "\"smss\""));
    let section = folder.write("section.json", &seeds_of_the_help().replace("\"topics\"", "\"topic\""));
    let empty = folder.0.display().to_string();
    for (arguments, code, expected) in [
        (vec!["--seeds", &unknown], 1, "unknown channel `smss`"),
        (vec!["--seeds", &section], 1, "unknown field `topic`"),
        (vec!["--seeds", "does/not/exist"], 1, "does/not/exist: "),
        (vec!["--templates", "does/not/exist"], 1, "failed to read `does/not/exist`"),
        (vec!["--templates", &empty], 1, "is not a template file"),
        (vec!["--templates"], 2, "--templates requires a value"),
        (vec!["--template", &empty], 2, "unknown argument `--template`"),
        (vec!["--port", "x"], 2, "`x` is not a port number"),
    ] {
        let output = output(&arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(expected), "{arguments:?}: {text}");
    }
}

//! A project to run the program in, servers to run it against, and golden files.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use teleflow_emulator::{Emulator, EmulatorServer, Seeds};
use tempfile::TempDir;

pub(crate) const KEY: &str = "test-key";

/// A folder with a package in it.
pub(crate) struct Project(TempDir);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        let project = Self::without_package();
        project
            .write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n");
        project.write("src/lib.rs", "");
        project
    }

    pub(crate) fn without_package() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The names in a folder, sorted.
    pub(crate) fn list(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Makes a file an hour older, and returns its time.
    pub(crate) fn age(&self, file: &str) -> SystemTime {
        self.age_by(file, 3600);
        self.modified(file)
    }

    pub(crate) fn age_by(&self, file: &str, seconds: u64) {
        let time = SystemTime::now() - Duration::from_secs(seconds);
        fs::File::options().append(true).open(self.path(file)).unwrap().set_modified(time).unwrap();
    }

    /// The same for a folder, if it is there.
    pub(crate) fn age_folder_by(&self, folder: &str, seconds: u64) {
        if let Ok(opened) = fs::File::open(self.path(folder)) {
            opened.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
        }
    }

    pub(crate) fn modified(&self, file: &str) -> SystemTime {
        fs::metadata(self.path(file)).unwrap().modified().unwrap()
    }

    /// Runs the program as cargo does, with only these variables of teleflow.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], folder: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-teleflow"));
        command.arg("teleflow").args(arguments).current_dir(self.path(folder));
        for variable in [
            "DATABASE_URL",
            "TELEFLOW_API_KEY",
            "TELEFLOW_API_URL",
            "TELEFLOW_CATALOG",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "NO_PROXY",
            "no_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            command.env_remove(variable);
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }

    /// Runs the program against a server.
    pub(crate) fn run(&self, url: &str, arguments: &[&str]) -> Ran {
        self.run_with(&[("TELEFLOW_API_KEY", KEY), ("TELEFLOW_API_URL", url)], "", arguments)
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

/// An emulator on a port.
pub(crate) struct Server {
    serving: EmulatorServer,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn of(emulator: &Emulator) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let serving = runtime.block_on(emulator.serve("127.0.0.1:0")).unwrap();
        Self { serving, _runtime: runtime }
    }

    /// Starts an emulator with these documents.
    pub(crate) fn with(documents: &[Value]) -> Self {
        Self::of(&emulator(documents))
    }

    pub(crate) fn url(&self) -> String {
        self.serving.url()
    }
}

/// An emulator with these documents.
pub(crate) fn emulator(documents: &[Value]) -> Emulator {
    let seeds = json!({
        "apiKeys": [{
            "key": KEY, "environment": "dev", "environmentId": "650000000000000000000003",
            "organizationId": "650000000000000000000002", "userId": "650000000000000000000001",
        }],
        "workflows": { "dev": documents },
    });
    Emulator::from_seeds(Seeds::from_json(&seeds.to_string()).unwrap())
}

/// The workflows of the recorded server.
pub(crate) fn recorded() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/introspection.json");
    let recorded: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let details = recorded["detail"].as_object().unwrap();
    details.values().map(|detail| detail["data"].clone()).collect()
}

/// The document of a workflow with these steps and listed variables.
pub(crate) fn document(trigger: &str, steps: &Value, listed: &Value) -> Value {
    json!({
        "_id": format!("id of {trigger}"), "name": trigger, "active": true, "steps": steps,
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
        "triggers": [{ "type": "event", "identifier": trigger, "variables": listed, "reservedVariables": [] }],
    })
}

/// A step that renders a text.
pub(crate) fn step(kind: &str, content: &str) -> Value {
    json!({ "active": true, "metadata": {}, "template": { "type": kind, "content": content, "variables": [] } })
}

/// A canned response: status, further header lines, body.
pub(crate) type CannedResponse = (u16, &'static str, String);

/// The status for a closed connection without a response.
pub(crate) const CLOSED: u16 = 0;

/// A server with canned responses, one connection for each request.
pub(crate) struct Canned {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    /// `respond` gets the target of each request, and the number of earlier requests.
    pub(crate) fn new(respond: impl Fn(&str, usize) -> CannedResponse + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some((target, head)) = request(&stream) else {
                    continue;
                };
                let number = log.lock().unwrap().len();
                log.lock().unwrap().push(head);
                let (status, headers, body) = respond(&target, number);
                if status == CLOSED {
                    continue;
                }
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
                // The program may close the connection before it has read everything.
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
            }
        });
        Self { url, requests }
    }

    /// Serves these documents as the server does, with a list of one page.
    pub(crate) fn documents(documents: Vec<Value>, schema: impl Fn(&str) -> CannedResponse + Send + 'static) -> Self {
        Self::new(move |target, _| {
            if target.starts_with("/v1/workflows?page=0&") {
                return ok(&json!({ "data": documents, "totalCount": documents.len() }));
            }
            match target.strip_prefix("/v1/workflows/") {
                Some(id) => {
                    let id = percent_encoding::percent_decode_str(id).decode_utf8().unwrap();
                    let found = documents.iter().find(|document| document["_id"] == *id);
                    found.map_or_else(|| (404, "", "{}".to_owned()), |document| ok(&json!({ "data": document })))
                }
                None => schema(target),
            }
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

pub(crate) fn ok(body: &Value) -> CannedResponse {
    (200, "", body.to_string())
}

fn request(stream: &TcpStream) -> Option<(String, String)> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some((head.split(' ').nth(1)?.to_owned(), head))
}

/// Compares a text with a file in `tests/`, or writes the file if `TELEFLOW_REWRITE` is set.
#[track_caller]
pub(crate) fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    if std::env::var_os("TELEFLOW_REWRITE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(expected == text, "{file} is different (TELEFLOW_REWRITE=1 rewrites it):\n{text}");
}

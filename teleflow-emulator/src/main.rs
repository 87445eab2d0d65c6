//! The emulator as a program: `teleflow-emulator --port N --seeds FILE --templates DIR --admin`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use teleflow_emulator::{Emulator, Seeds};

const HELP: &str = r#"Serves the Teleflow Events API on 127.0.0.1, in memory.

Usage: teleflow-emulator [--port N] [--seeds FILE] [--templates DIR] [--admin]

  --port N         listen on this port; 0 picks a free one (default 4010)
  --seeds FILE     load the initial data from a JSON file, see below (default: the API key `test-key`
                   and no data)
  --templates DIR  load the workflows and layouts that `cargo teleflow pull --templates` has written,
                   usually .teleflow/templates, into the environment of the first API key
  --admin          also serve the paths of the conformance tests, such as /__reset and /__jobs
  --help           print this help

After 20 000 requests the program drops all requests, notifications and messages.

A seeds file is an object. `apiKeys` is an array; each other section maps the name of an environment,
as the API keys have it, to an array. All sections but `apiKeys` are optional:

  {
    "apiKeys": [{ "key": "test-key", "environment": "dev", "environmentId": "650000000000000000000003",
                  "organizationId": "650000000000000000000002", "userId": "650000000000000000000001" }],
    "subscribers": { "dev": [{ "subscriberId": "ada", "email": "ada@example.com" }] },
    "topics": { "dev": [{ "key": "staff", "subscribers": ["ada"] }] },
    "tenants": { "dev": [{ "identifier": "acme", "name": "Acme" }] },
    "preferences": { "dev": [{ "subscriberId": "ada", "channels": { "sms": false } }] },
    "workflows": { "dev": [] },
    "workflowOverrides": { "dev": [{ "workflow": "welcome", "tenant": "acme", "active": false }] },
    "integrations": { "dev": [{ "_id": "mail", "channel": "email", "providerId": "mailgun",
                                "active": true, "primary": true, "credentials": {} }] },
    "layouts": { "dev": [{ "_id": "main", "identifier": "main", "content": "{{{body}}}" }] },
    "messageTemplates": { "dev": [] },
    "settings": { "dev": { "branding": { "logo": "https://example.com/logo.png", "color": "black" } } }
  }

Workflows, layouts and integrations are the server's own documents, as GET /v1/workflows/:id,
GET /v1/layouts/:id and GET /v1/integrations return them. The documentation of
`teleflow_emulator::Seeds` lists the fields of the other sections.
"#;

const DEFAULT_PORT: u16 = 4010;
/// The number of requests after which the program drops what was sent, so that it can run for long.
const FORGET_AFTER: usize = 20_000;

/// A parsed command line.
#[derive(Debug)]
enum Command {
    Help,
    Serve(Settings),
}

/// The values of the arguments.
#[derive(Debug)]
struct Settings {
    port: u16,
    seeds: Option<PathBuf>,
    templates: Option<PathBuf>,
    admin: bool,
}

fn main() -> ExitCode {
    match parse(env::args_os().skip(1)) {
        Err(message) => {
            print(io::stderr(), &format!("teleflow-emulator: {message}\n\n{HELP}"));
            ExitCode::from(2)
        }
        Ok(Command::Help) => {
            print(io::stdout(), HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(settings)) => match run(settings) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                print(io::stderr(), &format!("teleflow-emulator: {message}\n"));
                ExitCode::FAILURE
            }
        },
    }
}

/// Prints, and ignores a closed pipe, on which `println!` would panic.
fn print(mut to: impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    let mut settings = Settings { port: DEFAULT_PORT, seeds: None, templates: None, admin: false };
    while let Some(argument) = arguments.next() {
        let (flag, attached) = match argument.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value =
            || attached.clone().or_else(|| arguments.next()).ok_or_else(|| format!("{flag} requires a value"));
        match flag {
            "--port" => {
                let text = value()?;
                settings.port = text.parse().map_err(|_| format!("--port: `{text}` is not a port number"))?;
            }
            "--seeds" => settings.seeds = Some(PathBuf::from(value()?)),
            "--templates" => settings.templates = Some(PathBuf::from(value()?)),
            "--admin" if attached.is_none() => settings.admin = true,
            "--help" | "-h" => return Ok(Command::Help),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(Command::Serve(settings))
}

fn run(Settings { port, seeds, templates, admin }: Settings) -> Result<(), String> {
    let emulator = match seeds {
        None => Emulator::new(),
        Some(path) => {
            let name = path.display();
            let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
            Emulator::from_seeds(Seeds::from_json(&text).map_err(|error| format!("{name}: {error}"))?)
        }
    };
    if let Some(folder) = templates {
        emulator.load_templates(folder).map_err(|error| error.to_string())?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("failed to start the async runtime: {error}"))?;
    runtime.block_on(serve(emulator.with_admin_paths(admin).forget_after(FORGET_AFTER), port, admin))
}

async fn serve(emulator: Emulator, port: u16, admin: bool) -> Result<(), String> {
    let server = emulator.serve(("127.0.0.1", port)).await.map_err(|error| format!("port {port}: {error}"))?;
    let url = server.url();
    let note = if admin { format!("admin paths: {url}/__reset, {url}/__jobs, …\n") } else { String::new() };
    print(io::stdout(), &format!("listening on {url}\nAPI keys: {}\n{note}", emulator.api_keys().join(", ")));
    tokio::signal::ctrl_c().await.map_err(|error| format!("failed to wait for Ctrl-C: {error}"))
}

//! The emulator as a program: `teleflow-emulator --port N --seeds FILE --admin`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use teleflow_emulator::{Emulator, Seeds};

const HELP: &str = "\
Serves the Teleflow Events API on 127.0.0.1, in memory.

Usage: teleflow-emulator [--port N] [--seeds FILE] [--admin]

  --port N      listen on this port; 0 picks a free one (default 4010)
  --seeds FILE  load API keys, workflows, tenants, subscribers, topics, integrations, layouts and
                preferences from a JSON file with the format of tests/conformance/seeds.json (default:
                the API key `test-key` and no data)
  --admin       also serve the paths of the conformance tests, such as /__reset and /__jobs
  --help        print this help
";

const DEFAULT_PORT: u16 = 4010;

/// A parsed command line.
#[derive(Debug)]
enum Command {
    Help,
    Serve { port: u16, seeds: Option<PathBuf>, admin: bool },
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
        Ok(Command::Serve { port, seeds, admin }) => match run(port, seeds, admin) {
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
    let (mut port, mut seeds, mut admin) = (DEFAULT_PORT, None, false);
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
                port = text.parse().map_err(|_| format!("--port: `{text}` is not a port number"))?;
            }
            "--seeds" => seeds = Some(PathBuf::from(value()?)),
            "--admin" if attached.is_none() => admin = true,
            "--help" | "-h" => return Ok(Command::Help),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(Command::Serve { port, seeds, admin })
}

fn run(port: u16, seeds: Option<PathBuf>, admin: bool) -> Result<(), String> {
    let emulator = match seeds {
        None => Emulator::new(),
        Some(path) => {
            let name = path.display();
            let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
            Emulator::from_seeds(Seeds::from_json(&text).map_err(|error| format!("{name}: {error}"))?)
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("failed to start the async runtime: {error}"))?;
    runtime.block_on(serve(emulator.with_admin_paths(admin), port, admin))
}

async fn serve(emulator: Emulator, port: u16, admin: bool) -> Result<(), String> {
    let server = emulator.serve(("127.0.0.1", port)).await.map_err(|error| format!("port {port}: {error}"))?;
    let url = server.url();
    let note = if admin { format!("admin paths: {url}/__reset, {url}/__jobs, …\n") } else { String::new() };
    print(io::stdout(), &format!("listening on {url}\nAPI keys: {}\n{note}", emulator.api_keys().join(", ")));
    tokio::signal::ctrl_c().await.map_err(|error| format!("failed to wait for Ctrl-C: {error}"))
}

//! `cargo teleflow`: what the workflows of a Teleflow server want, kept in the repository and checked while Rust compiles.
//!
//! ```text
//! pull      server  → remote → understand → catalog
//! check     server  → remote → understand → drift ← catalog
//! generate  catalog → rust
//! ```

use std::env::{self, VarError};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use crate::api::Api;
use crate::args::{Cargo, Command, Server};
use crate::catalog::Catalog;
use crate::commands::{check, generate, pull};
use crate::failure::Failure;

// A module imports only from those below it.
mod commands;
mod codegen;
mod remote;
mod documents;
mod catalog;
mod json;
mod api;
mod body;
mod pace;
mod args;
mod output;
mod failure;

fn main() -> ExitCode {
    let Cargo::Teleflow(args) = Cargo::parse();
    match run(&args.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                output::complain("error", message);
            }
            failure.code()
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Pull(args) => {
            let catalog = Catalog::find(args.place.catalog.as_deref())?;
            let api = server(&args.server)?;
            wait(pull::run(args, &Arc::new(api), &catalog))
        }
        Command::Check(args) => {
            let catalog = Catalog::find(args.place.catalog.as_deref())?;
            let api = server(&args.server)?;
            wait(check::run(args, &Arc::new(api), &catalog))
        }
        Command::Generate(args) => generate::run(args, &Catalog::find(args.place.catalog.as_deref())?),
    }
}

/// The variable that names the server; a blank one, as compose files write it, names none.
const API_URL: &str = "TELEFLOW_API_URL";

/// The server that the arguments and the environment name.
fn server(args: &Server) -> Result<Api, Failure> {
    let key = env::var_os("TELEFLOW_API_KEY").unwrap_or_default();
    let key = key.to_str().ok_or_else(|| Failure::Usage("`TELEFLOW_API_KEY` is not valid UTF-8".to_owned()))?;
    if key.trim().is_empty() {
        return Err(Failure::Usage("there is no API key: set the environment variable TELEFLOW_API_KEY".to_owned()));
    }
    let (url, named_by) = match (&args.api_url, env::var(API_URL)) {
        (Some(url), _) => (url.clone(), "--api-url"),
        (None, Ok(url)) if !url.trim().is_empty() => (url, API_URL),
        // To go to another server instead would show it the key.
        (None, Err(VarError::NotUnicode(_))) => {
            return Err(Failure::Usage(format!("`{API_URL}` is not valid UTF-8")));
        }
        _ => (api::DEFAULT_URL.to_owned(), API_URL),
    };
    Api::new(&url, named_by, key)
}

fn wait(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Refused(format!("failed to start the async runtime: {error}")))?.block_on(work)
}

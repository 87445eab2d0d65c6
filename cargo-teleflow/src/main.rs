//! `cargo teleflow`: keeps the requirements of a Teleflow server's workflows in the repository, where Rust checks payloads
//! against them.
//!
//! ```text
//! pull      server  → remote → interpret, template_file → catalog
//! check     server  → remote → interpret, template_file → drift ← catalog
//! generate  catalog → codegen
//! outbox    database → store of teleflow-outbox → output; drain: its relay → server
//! ```

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use teleflow_http::{api_key, base_url, env};

use crate::api::Api;
use crate::args::{Cargo, Command, ServerArgs};
use crate::catalog::Catalog;
use crate::commands::{check, generate, pull};
use crate::failure::Failure;

// A module imports only from those below it.
mod commands;
mod codegen;
mod remote;
mod documents;
mod catalog;
#[cfg(feature = "outbox")]
mod database;
#[cfg(feature = "outbox")]
mod postgres_tls;
#[cfg(feature = "outbox")]
mod relay_log;
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
                output::error(message);
            }
            failure.code()
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Pull(args) => {
            let catalog = Catalog::find(args.catalog.folder.as_deref())?;
            let api = server(&args.server)?;
            block_on(pull::run(args, &Arc::new(api), &catalog))
        }
        Command::Check(args) => {
            let catalog = Catalog::find(args.catalog.folder.as_deref())?;
            let api = server(&args.server)?;
            block_on(check::run(args, &Arc::new(api), &catalog))
        }
        #[cfg(feature = "outbox")]
        Command::Outbox(command) => block_on(commands::outbox::run(command)),
        Command::Generate(args) => generate::run(args, &Catalog::find(args.catalog.folder.as_deref())?),
    }
}

/// Returns the server that the arguments and the environment name.
fn server(args: &ServerArgs) -> Result<Api, Failure> {
    let key = env::read(api_key::VARIABLE)
        .map_err(Failure::Usage)?
        .ok_or_else(|| Failure::Usage(format!("no API key; set the environment variable `{}`", api_key::VARIABLE)))?;
    let (url, setting) = match &args.api_url {
        Some(url) => (Some(url.clone()), "--api-url"),
        // A variable that is not UTF-8 is an error: the default server must not see the key.
        None => (env::read(base_url::VARIABLE).map_err(Failure::Usage)?, base_url::VARIABLE),
    };
    Api::new(url.as_deref().unwrap_or(base_url::DEFAULT), setting, &key)
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Operation(format!("failed to start the async runtime: {error}")))?.block_on(work)
}

//! The arguments of the command line, and their help.

#[cfg(feature = "outbox")]
pub(crate) mod outbox;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use teleflow_http::base_url;

/// The arguments as cargo passes them: `cargo-teleflow teleflow pull`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
pub(crate) enum Cargo {
    Teleflow(Teleflow),
}

const ENVIRONMENT: &str = "\
Environment:
  TELEFLOW_API_KEY  the API key, for pull, check and outbox drain
  TELEFLOW_API_URL  the base URL of the server; --api-url overrides it
  TELEFLOW_CATALOG  the catalog folder, relative to the workspace; --catalog overrides it

Exit codes:
  0  success
  1  drift, or an error of the server or of a file
  2  wrong usage: arguments, API key, URL, proxy, or no Cargo.toml";

const EXAMPLES: &str = "\
Examples:
  cargo teleflow pull                    write the catalog to .teleflow/; commit it
  cargo teleflow check --format github   in CI: fail if the catalog is out of date
  cargo teleflow generate order-shipped  print a struct to start from";

/// Writes the requirements of a Teleflow server's workflows to files, so that the compiler can check payloads.
#[derive(Debug, Args)]
#[command(version, after_help = format!("{EXAMPLES}\n\n{ENVIRONMENT}"))]
pub(crate) struct Teleflow {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the catalog: the requirements of each workflow on the server
    #[command(after_help = format!("Examples:\n  cargo teleflow pull\n  cargo teleflow pull --only order-shipped --only welcome\n  cargo teleflow pull --prune\n  cargo teleflow pull --templates\n\n{ENVIRONMENT}"))]
    Pull(Pull),
    /// Compare the catalog, and the templates if it has them, with the server and report the differences
    #[command(after_help = format!("Examples:\n  cargo teleflow check\n  cargo teleflow check --format json\n\n{ENVIRONMENT}"))]
    Check(Check),
    /// Print Rust structs for workflows of the catalog, without contacting the server
    #[command(after_help = format!("Examples:\n  cargo teleflow generate > src/notifications.rs\n  cargo teleflow generate order-shipped\n\nThe code depends on the crates teleflow, serde and serde_json.\n\n{ENVIRONMENT}"))]
    Generate(Generate),
    /// Show the queue of an outbox, put dead requests back, or send what is due
    #[cfg(feature = "outbox")]
    #[command(subcommand, after_help = outbox::AFTER_HELP)]
    Outbox(outbox::Command),
}

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// Only this workflow; can be given several times
    #[arg(long, value_name = "TRIGGER", num_args = 1)]
    pub(crate) only: Vec<String>,
    /// Remove the files of workflows that are no longer on the server
    #[arg(long, conflicts_with = "only")]
    pub(crate) prune: bool,
    /// Also write the templates, to the folder `templates` in the catalog; the emulator renders messages from them
    #[arg(long)]
    pub(crate) templates: bool,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) catalog: CatalogArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Only this workflow; can be given several times
    #[arg(long, value_name = "TRIGGER", num_args = 1)]
    pub(crate) only: Vec<String>,
    /// Lines for people, one JSON object, or annotations for GitHub Actions
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) catalog: CatalogArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The workflows; all of them if none is given
    #[arg(value_name = "TRIGGER")]
    pub(crate) triggers: Vec<String>,
    #[command(flatten)]
    pub(crate) catalog: CatalogArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    #[arg(long, value_name = "URL", help = format!("The base URL of the server, with or without /v1 [default: {}]", base_url::DEFAULT))]
    pub(crate) api_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CatalogArgs {
    /// The catalog folder [default: the nearest .teleflow, or one next to the workspace's Cargo.toml]
    #[arg(long = "catalog", value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
    Github,
}

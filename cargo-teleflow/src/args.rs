//! What the command line takes, and the words of its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// As cargo calls it: `cargo-teleflow teleflow pull`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
pub(crate) enum Cargo {
    Teleflow(Teleflow),
}

const ENVIRONMENT: &str = "\
Environment:
  TELEFLOW_API_KEY  the API key; it is taken from nowhere else
  TELEFLOW_API_URL  the server, unless --api-url names it
  TELEFLOW_CATALOG  the catalog's folder, relative to the workspace, unless --catalog names it

Exit codes:
  0  done
  1  drift, or the server or a file refused
  2  wrong usage: arguments, API key, URL, or no Cargo.toml";

const EXAMPLES: &str = "\
Examples:
  cargo teleflow pull                    write .teleflow/, to be committed
  cargo teleflow check --format github   in CI: has the server moved on?
  cargo teleflow generate order-shipped  print a struct to start from";

/// Keeps what a Teleflow server's workflows want of their payloads in the repository, where Rust checks it.
#[derive(Debug, Args)]
#[command(version, after_help = format!("{EXAMPLES}\n\n{ENVIRONMENT}"))]
pub(crate) struct Teleflow {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the catalog: what each workflow on the server wants
    #[command(after_help = format!("Examples:\n  cargo teleflow pull\n  cargo teleflow pull --only order-shipped --only welcome\n  cargo teleflow pull --prune\n\n{ENVIRONMENT}"))]
    Pull(Pull),
    /// Hold the catalog against the server, and say where they differ
    #[command(after_help = format!("Examples:\n  cargo teleflow check\n  cargo teleflow check --format json\n\n{ENVIRONMENT}"))]
    Check(Check),
    /// Print Rust structs for workflows of the catalog, without asking the server
    #[command(after_help = format!("Examples:\n  cargo teleflow generate > src/notifications.rs\n  cargo teleflow generate order-shipped\n\nThe code uses the crates teleflow, serde and serde_json.\n\n{ENVIRONMENT}"))]
    Generate(Generate),
}

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// Only this workflow; may be given several times
    #[arg(long, value_name = "TRIGGER", num_args = 1)]
    pub(crate) only: Vec<String>,
    /// Remove files whose workflow is gone from the server
    #[arg(long, conflicts_with = "only")]
    pub(crate) prune: bool,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Only this workflow; may be given several times
    #[arg(long, value_name = "TRIGGER", num_args = 1)]
    pub(crate) only: Vec<String>,
    /// Lines for people, one JSON object, or annotations of GitHub Actions
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// The workflows; without any: all
    #[arg(value_name = "TRIGGER")]
    pub(crate) triggers: Vec<String>,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The server, with or without /v1 [default: https://api-teleflow.khulnasoft.com/v1]
    #[arg(long, value_name = "URL")]
    pub(crate) api_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The catalog's folder [default: the nearest .teleflow, or one beside the workspace's Cargo.toml]
    #[arg(long, value_name = "DIR")]
    pub(crate) catalog: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
    Github,
}

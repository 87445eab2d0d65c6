//! The arguments of `outbox`.

use clap::{Args, Subcommand, ValueEnum};

use super::ServerArgs;

pub(crate) const AFTER_HELP: &str = "\
Examples:
  cargo teleflow outbox status --database shop.db
  cargo teleflow outbox dead --format json
  cargo teleflow outbox redrive 17 18
  cargo teleflow outbox drain

Environment:
  DATABASE_URL      the database; --database overrides it. Set a URL with a password here, not as an argument
  TELEFLOW_API_KEY  the API key, for drain
  TELEFLOW_API_URL  the base URL of the server; --api-url overrides it

TLS to PostgreSQL follows `sslmode` of the URL: disable, prefer (without TLS on this machine) or require. The certificate is
always verified, with the certificates of the system or those of SSL_CERT_FILE.

Exit codes:
  0  success
  1  an error of the database; redrive: an id does not exist; drain: requests are left or dead
  2  wrong usage: arguments, database URL, API key, URL or proxy";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the number of queued, due and dead requests, and the age of the oldest one
    #[command(after_help = AFTER_HELP)]
    Status(Status),
    /// List the dead requests, oldest first, at most 1000: id, age, reason, triggers and transaction ids
    #[command(after_help = AFTER_HELP)]
    Dead(Dead),
    /// Put dead requests back into the queue; they keep their transaction ids, and their age starts again
    #[command(after_help = AFTER_HELP)]
    Redrive(Redrive),
    /// Send the requests that are due, until none is left; those that fail stay in the queue, whatever their age
    #[command(after_help = AFTER_HELP)]
    Drain(Drain),
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) queue: QueueArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Dead {
    #[command(flatten)]
    pub(crate) queue: QueueArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Redrive {
    /// The ids that `dead` prints
    #[arg(value_name = "ID", required_unless_present = "all")]
    pub(crate) ids: Vec<i64>,
    /// All requests that are dead now
    #[arg(long, conflicts_with = "ids")]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) queue: QueueArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Drain {
    #[command(flatten)]
    pub(crate) queue: QueueArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// The queue of an outbox.
#[derive(Debug, Args)]
pub(crate) struct QueueArgs {
    /// The database: a `postgres://` URL, or the path of an SQLite file
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// The name of the queue
    #[arg(long, value_name = "NAME", default_value = "teleflow")]
    pub(crate) queue: String,
    /// Lines for people, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
}

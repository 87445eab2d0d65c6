//! The database of a run: the table of the application, and the outbox.

mod postgres;
mod sqlite;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use teleflow_outbox::{Outbox, Store};
use tokio::task::block_in_place;

use crate::plan::{Content, Planned};

pub type BoxError = Box<dyn Error + Send + Sync>;

const QUEUE: &str = "soak";

/// A database with an outbox.
#[derive(Debug, Clone)]
pub enum Database {
    Sqlite(PathBuf),
    /// The server of `DATABASE_URL`, on which nothing else runs.
    Postgres(Box<tokio_postgres::Config>),
}

/// The outcome of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Committed,
    RolledBack,
    /// The connection was lost during the commit, so the database has committed or not.
    Unknown,
}

/// A connection of the application.
pub enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
    Lost,
}

impl Database {
    /// The database of this name: `sqlite`, in a file in `folder`, or `postgres`, the server of `DATABASE_URL`.
    pub fn named(name: &str, folder: &Path) -> Result<Self, BoxError> {
        match name {
            "sqlite" => Ok(Self::Sqlite(folder.join("soak.db"))),
            "postgres" => Ok(Self::Postgres(Box::new(variable("DATABASE_URL")?.parse()?))),
            _ => Err(format!("`{name}` is not a database").into()),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// The relays of a run that does not set their number.
    pub fn usual_relays(&self) -> usize {
        match self {
            Self::Sqlite(_) => 1,
            Self::Postgres(_) => 4,
        }
    }

    /// Creates the tables.
    pub async fn prepare(&self) -> Result<(), BoxError> {
        match self {
            Self::Sqlite(file) => {
                self.store().await?;
                sqlite::prepare(file)
            }
            Self::Postgres(config) => postgres::prepare(config).await,
        }
    }

    /// Opens the queue for a relay.
    pub async fn store(&self) -> Result<Store, BoxError> {
        match self {
            Self::Sqlite(file) => Ok(teleflow_outbox::sqlite::store(file, QUEUE).await?),
            Self::Postgres(config) => Ok(teleflow_outbox::postgres::store((**config).clone(), QUEUE).await?),
        }
    }

    pub async fn connect(&self) -> Result<Connection, BoxError> {
        match self {
            Self::Sqlite(file) => Ok(Connection::Sqlite(sqlite::open(file)?)),
            Self::Postgres(config) => Ok(Connection::Postgres(postgres::open(config).await?)),
        }
    }

    /// Restarts the server as after a crash. Returns when it accepts connections. A file has no server.
    pub async fn restart(&self) -> Result<(), BoxError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) => postgres::restart().await,
        }
    }

    /// The statement that stores a message, and its parameters.
    fn put(&self, content: &Content) -> Result<Statement, BoxError> {
        let outbox = match self {
            Self::Sqlite(_) => Outbox::sqlite(QUEUE),
            Self::Postgres(_) => Outbox::postgres(QUEUE),
        };
        let put = |request| outbox.put(request);
        match content {
            Content::Request { request, .. } => {
                let put = put(request)?;
                Ok(Statement { sql: put.sql(), queue: put.queue().to_owned(), message: put.message().to_owned() })
            }
            Content::Poison(text) | Content::Future(text) => {
                let request = teleflow::Event::untyped("any", serde_json::json!({})).to("any").into_request()?;
                let put = put(&request)?;
                Ok(Statement { sql: put.sql(), queue: put.queue().to_owned(), message: (*text).to_owned() })
            }
        }
    }
}

/// A statement with two parameters.
struct Statement {
    sql: &'static str,
    queue: String,
    message: String,
}

impl Connection {
    /// Whether the connection cannot be used any more.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost)
    }

    /// Stores an order and its message in one transaction.
    pub async fn execute(&mut self, database: &Database, planned: &Planned) -> Result<Outcome, BoxError> {
        let statement = database.put(&planned.content)?;
        let (outcome, is_lost) = match self {
            Self::Sqlite(connection) => block_in_place(|| sqlite::execute(connection, planned, &statement))?,
            Self::Postgres(client) => postgres::execute(client, planned, &statement).await?,
            Self::Lost => return Err(LOST.into()),
        };
        if is_lost {
            *self = Self::Lost;
        }
        Ok(outcome)
    }

    /// The numbers of the orders in the database.
    pub async fn committed(&mut self) -> Result<Vec<usize>, BoxError> {
        match self {
            Self::Sqlite(connection) => block_in_place(|| sqlite::committed(connection)),
            Self::Postgres(client) => postgres::committed(client).await,
            Self::Lost => Err(LOST.into()),
        }
    }

    /// The number of messages in the queue that are not dead.
    pub async fn queued(&mut self) -> Result<u64, BoxError> {
        match self {
            Self::Sqlite(connection) => block_in_place(|| sqlite::queued(connection)),
            Self::Postgres(client) => postgres::queued(client).await,
            Self::Lost => Err(LOST.into()),
        }
    }

    /// How many messages in the queue are this JSON.
    pub async fn queued_with_json(&mut self, json: &str) -> Result<u64, BoxError> {
        match self {
            Self::Sqlite(connection) => block_in_place(|| sqlite::queued_with_json(connection, json)),
            Self::Postgres(client) => postgres::queued_with_json(client, json).await,
            Self::Lost => Err(LOST.into()),
        }
    }

    /// Shows the messages that wait for longer than this.
    pub async fn show_if_hidden_for(&mut self, longer_than: Duration) -> Result<(), BoxError> {
        match self {
            Self::Sqlite(connection) => block_in_place(|| sqlite::show_if_hidden_for(connection, longer_than)),
            Self::Postgres(client) => postgres::show_if_hidden_for(client, longer_than).await,
            Self::Lost => Err(LOST.into()),
        }
    }
}

const LOST: &str = "the connection is lost";

fn variable(name: &str) -> Result<String, BoxError> {
    std::env::var(name).map_err(|_| format!("`{name}` is not set; use scripts/with-postgres").into())
}

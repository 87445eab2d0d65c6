//! `Outbox`: the statement that stores a request, for any driver.

use teleflow::Request;

use crate::error::{Error, Result};
use crate::queue_name::QueueName;

/// The tables of the outbox in SQLite, for your own migrations. `sqlite::store` creates them too.
///
/// The statements do nothing if the tables exist.
///
/// ```
/// assert!(teleflow_outbox::SQLITE_SCHEMA.starts_with("create table if not exists teleflow_outbox"));
/// ```
// Times are milliseconds since 1970 in UTC. `autoincrement`: the id of a deleted message is not used again.
pub const SQLITE_SCHEMA: &str = "\
create table if not exists teleflow_outbox (
    id integer primary key autoincrement,
    queue text not null,
    message text not null,
    enqueued_at integer not null default (cast((julianday('now') - 2440587.5) * 86400000.0 as integer)),
    visible_at integer not null default 0,
    read_ct integer not null default 0,
    dead_at integer,
    dead_reason text
);
create index if not exists teleflow_outbox_visible on teleflow_outbox (queue, visible_at) where dead_at is null;
create index if not exists teleflow_outbox_dead on teleflow_outbox (queue, dead_at) where dead_at is not null;
create table if not exists teleflow_outbox_archive (
    id integer primary key,
    queue text not null,
    message text not null,
    enqueued_at integer not null,
    read_ct integer not null,
    archived_at integer not null
);
";

/// The queue in the application's database that requests are put into.
///
/// It connects to nothing: [`put`](Self::put) returns a statement, which the application executes in its own transaction,
/// with its own driver.
///
/// ```
/// use teleflow_outbox::Outbox;
///
/// let request = teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada").into_request()?;
/// let put = Outbox::sqlite("teleflow").put(&request)?;
/// assert_eq!(put.queue(), "teleflow");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outbox {
    sql: &'static str,
    queue: String,
}

impl Outbox {
    /// A queue in an SQLite file. Its tables are [`SQLITE_SCHEMA`].
    ///
    /// The name has 1 to 40 characters: `a` to `z`, `0` to `9` and `_`, and not `_dead` at the end. [`put`](Self::put) checks it.
    #[must_use]
    pub fn sqlite(queue: impl Into<String>) -> Self {
        Self { sql: "insert into teleflow_outbox (queue, message) values (?1, ?2)", queue: queue.into() }
    }

    /// A queue of pgmq in PostgreSQL. The statement works with every driver that binds texts as texts.
    ///
    /// The name is as in [`sqlite`](Self::sqlite). `teleflow_outbox::postgres::install` creates the queue. Until then the
    /// statement fails, and your transaction with it.
    ///
    /// ```
    /// use teleflow_outbox::Outbox;
    ///
    /// let request = teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada").into_request()?;
    /// let put = Outbox::postgres("teleflow").put(&request)?;
    /// assert_eq!(put.sql(), "select pgmq.send($1::text, $2::text::jsonb)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn postgres(queue: impl Into<String>) -> Self {
        Self { sql: "select pgmq.send($1::text, $2::text::jsonb)", queue: queue.into() }
    }

    /// Returns the statement that puts a request into the queue.
    ///
    /// # Errors
    ///
    /// If the name of the queue is not valid.
    ///
    /// ```
    /// use teleflow_outbox::Outbox;
    ///
    /// let request = teleflow::Event::untyped("welcome", serde_json::json!({})).to("ada").into_request()?;
    /// let put = Outbox::sqlite("teleflow").put(&request)?;
    /// assert_eq!(put.sql(), "insert into teleflow_outbox (queue, message) values (?1, ?2)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn put(&self, request: &Request) -> Result<Put> {
        QueueName::new(&self.queue)?;
        let message = serde_json::to_string(request)
            .map_err(|error| Error::new("the request cannot be serialized").with_source(error))?;
        Ok(Put { sql: self.sql, queue: self.queue.clone(), message })
    }
}

/// A statement that puts a request into a queue: its SQL, and the two texts to bind to it, first the queue.
///
/// In PostgreSQL the statement is a query that returns a row. Drivers execute it like any other statement.
///
/// `Debug` does not show the message, which contains the payload and the recipients.
///
/// ```
/// # fn f(transaction: &rusqlite::Transaction<'_>, put: &teleflow_outbox::Put) -> rusqlite::Result<()> {
/// transaction.execute(put.sql(), (put.queue(), put.message()))?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is stored until your transaction executes the statement"]
pub struct Put {
    sql: &'static str,
    queue: String,
    message: String,
}

impl Put {
    /// The SQL, with two parameters.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.sql
    }

    /// The first parameter: the name of the queue.
    #[must_use]
    pub fn queue(&self) -> &str {
        &self.queue
    }

    /// The second parameter: the stored request, as JSON.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl std::fmt::Debug for Put {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Put")
            .field("sql", &self.sql)
            .field("queue", &self.queue)
            .field("message", &format_args!("<{} bytes>", self.message.len()))
            .finish()
    }
}

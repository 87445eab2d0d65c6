//! The store in an SQLite file, which may be the application's own.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row, Transaction, TransactionBehavior, params};

use crate::error::{Error, Result};
use crate::outbox::SQLITE_SCHEMA;
use crate::queue_name::QueueName;
use crate::store::{Backend, BackendFuture, Claim, DeadMessage, Lease, Metrics, Part, PartFate, Settlement, Store};

/// How long a statement waits for another connection that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// The current time in the unit of the table.
const NOW: &str = "cast((julianday('now') - 2440587.5) * 86400000.0 as integer)";

/// Opens the queue of this name in an SQLite file. Creates the file and the tables if they do not exist.
///
/// The file is switched to write-ahead logging, so that the relay does not block readers. `synchronous` keeps its default, so a
/// committed message survives a power failure. The relay has its own connection. Put the file on a local disk.
///
/// # Errors
///
/// If the name of the queue is not valid, or if the file cannot be opened and written.
///
/// ```
/// # async fn f() -> teleflow_outbox::Result<()> {
/// let store = teleflow_outbox::sqlite::store("shop.db", "teleflow").await?;
/// # Ok(()) }
/// ```
pub async fn store(path: impl AsRef<Path>, queue: &str) -> Result<Store> {
    let queue = QueueName::new(queue)?;
    let path = path.as_ref().to_owned();
    let connection = blocking(move || open(&path).map_err(|error| failed_to_open(&path, error))).await?;
    Ok(Store::new(Sqlite { connection: Arc::new(Mutex::new(connection)), queue }))
}

/// Opens the queue of this name in an SQLite file that has the table already. Creates and changes nothing.
///
/// For tools that look at a queue: a wrong path is an error, not a new file.
///
/// # Errors
///
/// If the name of the queue is not valid, or if the file or the table does not exist.
///
/// ```
/// # async fn f() -> teleflow_outbox::Result<()> {
/// let store = teleflow_outbox::sqlite::existing_store("shop.db", "teleflow").await?;
/// println!("{} queued", store.metrics().await?.queued);
/// # Ok(()) }
/// ```
pub async fn existing_store(path: impl AsRef<Path>, queue: &str) -> Result<Store> {
    let queue = QueueName::new(queue)?;
    let path = path.as_ref().to_owned();
    let connection = blocking(move || open_existing(&path)).await?;
    Ok(Store::new(Sqlite { connection: Arc::new(Mutex::new(connection)), queue }))
}

fn open_existing(path: &Path) -> Result<Connection> {
    let shown = path.display();
    if !path.exists() {
        return Err(Error::new(format!("the file `{shown}` does not exist")));
    }
    let failed = |error| failed_to_open(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    let sql = "select count(*) from sqlite_master where type = 'table' and name = 'teleflow_outbox'";
    let tables: i64 = connection.query_row(sql, (), |row| row.get(0)).map_err(failed)?;
    if tables == 0 {
        return Err(Error::new(format!("the file `{shown}` does not have the table `teleflow_outbox`")));
    }
    Ok(connection)
}

fn failed_to_open(path: &Path, error: rusqlite::Error) -> Error {
    Error::new(format!("failed to open `{}`", path.display())).with_source(error)
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // It returns the new mode, which a plain `execute` does not accept.
    connection.query_row("pragma journal_mode = wal", (), |_| Ok(()))?;
    connection.execute_batch(SQLITE_SCHEMA)?;
    Ok(connection)
}

struct Sqlite {
    connection: Arc<Mutex<Connection>>,
    queue: QueueName,
}

impl Sqlite {
    /// Executes `work` in a transaction that may write from its start, in a thread that may block.
    fn transaction<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>, &str) -> rusqlite::Result<T> + Send + 'static,
    ) -> BackendFuture<'_, T> {
        self.execute(TransactionBehavior::Immediate, what, work)
    }

    /// Executes `work`, which does not write, so that it does not wait for those who write.
    fn read<T: Send + 'static>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>, &str) -> rusqlite::Result<T> + Send + 'static,
    ) -> BackendFuture<'_, T> {
        self.execute(TransactionBehavior::Deferred, what, work)
    }

    fn execute<T: Send + 'static>(
        &self,
        behavior: TransactionBehavior,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>, &str) -> rusqlite::Result<T> + Send + 'static,
    ) -> BackendFuture<'_, T> {
        let (connection, queue) = (Arc::clone(&self.connection), self.queue.clone());
        let execute = move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction_with_behavior(behavior)?;
            let result = work(&transaction, queue.as_str())?;
            transaction.commit()?;
            Ok(result)
        };
        Box::pin(blocking(move || {
            execute()
                .map_err(|error: rusqlite::Error| Error::new(format!("SQLite failed to {what}")).with_source(error))
        }))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let task = tokio::task::spawn_blocking(work).await;
    task.unwrap_or_else(|error| Err(Error::new("the tokio runtime was shut down").with_source(error)))
}

impl Backend for Sqlite {
    fn name(&self) -> String {
        format!("sqlite queue `{}`", self.queue.as_str())
    }

    fn claim(&self, lease: Duration, max: usize) -> BackendFuture<'_, Vec<Claim>> {
        let (lease, max) = (millis(lease), i64::try_from(max).unwrap_or(i64::MAX));
        self.transaction("claim messages", move |transaction, queue| {
            let mut statement = transaction.prepare(&format!(
                "update teleflow_outbox set visible_at = {NOW} + ?1, read_ct = cast(read_ct as integer) + 1 where id in (
                     select id from teleflow_outbox where queue = ?2 and dead_at is null and visible_at <= {NOW}
                     order by id limit ?3
                 ) returning id, read_ct, cast({NOW} - enqueued_at as integer), message"
            ))?;
            let claims = statement.query_map(params![lease, queue, max], |row| {
                Ok(Claim {
                    lease: Lease { id: row.get(0)?, read_ct: row.get(1)? },
                    age: duration(row, 2)?,
                    message: text(row, 3)?,
                })
            })?;
            let mut claims: Vec<Claim> = claims.collect::<rusqlite::Result<_>>()?;
            claims.sort_unstable_by_key(|claim| claim.lease.id);
            Ok(claims)
        })
    }

    fn settle(&self, settlements: Vec<(Lease, Settlement)>) -> BackendFuture<'_, Vec<bool>> {
        self.transaction("settle messages", move |transaction, queue| {
            let settle_one = |(lease, settlement)| settle(transaction, queue, lease, settlement);
            settlements.into_iter().map(settle_one).collect()
        })
    }

    fn dead(&self, max: usize) -> BackendFuture<'_, Vec<DeadMessage>> {
        let max = i64::try_from(max).unwrap_or(i64::MAX);
        self.read("list dead messages", move |transaction, queue| {
            let mut statement = transaction.prepare(&format!(
                "select id, dead_reason, cast({NOW} - dead_at as integer), message from teleflow_outbox
                 where queue = ?1 and dead_at is not null order by dead_at, id limit ?2"
            ))?;
            let dead = statement.query_map(params![queue, max], |row| {
                Ok(DeadMessage::new(row.get(0)?, text(row, 1)?, duration(row, 2)?, &text(row, 3)?))
            })?;
            dead.collect()
        })
    }

    fn redrive(&self, id: i64) -> BackendFuture<'_, bool> {
        self.transaction("redrive a message", move |transaction, queue| {
            let changed = transaction.execute(
                &format!(
                    "update teleflow_outbox
                     set dead_at = null, dead_reason = null, visible_at = 0, enqueued_at = {NOW}
                     where id = ?1 and queue = ?2 and dead_at is not null"
                ),
                params![id, queue],
            )?;
            Ok(changed > 0)
        })
    }

    fn purge_dead(&self, older_than: Duration) -> BackendFuture<'_, u64> {
        self.transaction("delete old dead messages", move |transaction, queue| {
            let changed = transaction.execute(
                &format!("delete from teleflow_outbox where queue = ?1 and dead_at < {NOW} - ?2"),
                params![queue, millis(older_than)],
            )?;
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
    }

    fn metrics(&self) -> BackendFuture<'_, Metrics> {
        self.read("count messages", |transaction, queue| {
            let sql = format!(
                "select count(*) filter (where dead_at is null), count(dead_at),
                 cast({NOW} - min(enqueued_at) filter (where dead_at is null) as integer),
                 count(*) filter (where dead_at is null and visible_at <= {NOW}) from teleflow_outbox where queue = ?1"
            );
            transaction.query_row(&sql, params![queue], |row| {
                let count = |column| row.get(column).map(|count: i64| u64::try_from(count).unwrap_or_default());
                let oldest: Option<i64> = row.get(2)?;
                Ok(Metrics { queued: count(0)?, due: count(3)?, oldest_age: oldest.map(from_millis), dead: count(1)? })
            })
        })
    }
}

fn settle(transaction: &Transaction<'_>, queue: &str, lease: Lease, settlement: Settlement) -> rusqlite::Result<bool> {
    let fence = "where id = ?1 and read_ct = ?2 and queue = ?3 and dead_at is null";
    let (id, read_ct) = (lease.id, lease.read_ct);
    let delete = || transaction.execute(&format!("delete from teleflow_outbox {fence}"), params![id, read_ct, queue]);
    let changed = match settlement {
        Settlement::Delete => delete()?,
        Settlement::Archive => {
            transaction.execute(
                &format!(
                    "insert into teleflow_outbox_archive (id, queue, message, enqueued_at, read_ct, archived_at)
                     select id, queue, message, enqueued_at, read_ct, {NOW} from teleflow_outbox {fence}"
                ),
                params![id, read_ct, queue],
            )?;
            delete()?
        }
        Settlement::ShowAfter(wait) => transaction.execute(
            &format!("update teleflow_outbox set visible_at = {NOW} + ?4 {fence}"),
            params![id, read_ct, queue, millis(wait)],
        )?,
        Settlement::GiveBack => transaction.execute(
            &format!("update teleflow_outbox set visible_at = {NOW}, read_ct = read_ct - 1 {fence}"),
            params![id, read_ct, queue],
        )?,
        Settlement::Dead(reason) => transaction.execute(
            &format!("update teleflow_outbox set dead_at = {NOW}, dead_reason = ?4 {fence}"),
            params![id, read_ct, queue, reason],
        )?,
        Settlement::Replace(parts) => {
            let mut insert = transaction.prepare(&format!(
                "insert into teleflow_outbox (queue, message, enqueued_at, visible_at, read_ct, dead_at, dead_reason)
                 select queue, ?4, enqueued_at, {NOW} + ?5, read_ct, iif(?6 is null, null, {NOW}), ?6
                 from teleflow_outbox {fence}"
            ))?;
            for Part { message, fate } in parts {
                let (wait, reason) = match fate {
                    PartFate::ShowAfter(wait) => (wait, None),
                    PartFate::Dead(reason) => (Duration::ZERO, Some(reason)),
                };
                insert.execute(params![id, read_ct, queue, message, millis(wait), reason])?;
            }
            delete()?
        }
    };
    Ok(changed > 0)
}

fn millis(duration: Duration) -> i64 {
    // A century is later than any message, and leaves room for a sum.
    const CENTURY: i64 = 100 * 366 * 24 * 3600 * 1000;
    i64::try_from(duration.as_millis()).unwrap_or(CENTURY).min(CENTURY)
}

/// A difference of two times. It is negative if the clock was set back.
fn from_millis(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

fn duration(row: &Row<'_>, column: usize) -> rusqlite::Result<Duration> {
    row.get(column).map(from_millis)
}

/// A text, whatever its type is: a column accepts values of other types, and texts that are not valid UTF-8.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let bytes = match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[],
    };
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

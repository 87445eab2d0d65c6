//! The database in an SQLite file.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::{BoxError, Outcome, QUEUE, Statement};
use crate::plan::{End, Planned};

pub fn open(file: &Path) -> Result<Connection, BoxError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(30))?;
    Ok(connection)
}

pub fn prepare(file: &Path) -> Result<(), BoxError> {
    open(file)?.execute_batch("create table orders (id integer primary key)")?;
    Ok(())
}

pub fn execute(
    connection: &mut Connection,
    planned: &Planned,
    statement: &Statement,
) -> Result<(Outcome, bool), BoxError> {
    let transaction = connection.transaction()?;
    transaction.execute("insert into orders (id) values (?1)", [planned.number])?;
    transaction.execute(statement.sql, (&statement.queue, &statement.message))?;
    Ok(match planned.end {
        End::Commit => {
            transaction.commit()?;
            (Outcome::Committed, false)
        }
        End::Rollback => {
            transaction.rollback()?;
            (Outcome::RolledBack, false)
        }
        // The caller closes the connection.
        End::Disconnect => {
            drop(transaction);
            (Outcome::RolledBack, true)
        }
    })
}

pub fn committed(connection: &Connection) -> Result<Vec<usize>, BoxError> {
    let mut statement = connection.prepare("select id from orders")?;
    let numbers = statement.query_map((), |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

pub fn queued(connection: &Connection) -> Result<u64, BoxError> {
    let sql = "select count(*) from teleflow_outbox where queue = ?1 and dead_at is null";
    Ok(connection.query_row(sql, [QUEUE], |row| row.get(0))?)
}

pub fn queued_with_json(connection: &Connection, json: &str) -> Result<u64, BoxError> {
    let sql = "select count(*) from teleflow_outbox where queue = ?1 and dead_at is null and message = ?2";
    Ok(connection.query_row(sql, [QUEUE, json], |row| row.get(0))?)
}

pub fn show_if_hidden_for(connection: &Connection, longer_than: Duration) -> Result<(), BoxError> {
    let now = "cast((julianday('now') - 2440587.5) * 86400000.0 as integer)";
    let sql = format!(
        "update teleflow_outbox set visible_at = {now}
         where queue = ?1 and dead_at is null and visible_at > {now} + ?2"
    );
    connection.execute(&sql, (QUEUE, i64::try_from(longer_than.as_millis())?))?;
    Ok(())
}

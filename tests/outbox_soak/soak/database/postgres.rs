//! The database on a PostgreSQL server.

use std::process::Command;
use std::time::Duration;

use tokio_postgres::{Client, Config, Error, NoTls};

use super::{BoxError, Outcome, QUEUE, Statement, variable};
use crate::plan::{End, Planned};

pub async fn open(config: &Config) -> Result<Client, BoxError> {
    let (client, connection) = config.connect(NoTls).await?;
    // The client reports what ends the connection.
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

pub async fn prepare(config: &Config) -> Result<(), BoxError> {
    teleflow_outbox::postgres::install(config.clone(), QUEUE).await?;
    open(config).await?.batch_execute("create table orders (id bigint primary key)").await?;
    Ok(())
}

pub async fn restart() -> Result<(), BoxError> {
    let program = variable("TELEFLOW_POSTGRES_RESTART")?;
    let status = tokio::task::spawn_blocking(move || Command::new(program).arg("immediate").status()).await??;
    if status.success() { Ok(()) } else { Err(format!("the database did not restart: {status}").into()) }
}

/// The outcome, and whether the connection is lost.
pub async fn execute(client: &Client, planned: &Planned, statement: &Statement) -> Result<(Outcome, bool), BoxError> {
    let inserted = insert(client, planned, statement).await;
    match inserted {
        Ok(()) => {}
        Err(error) if is_lost(&error) => return Ok((Outcome::RolledBack, true)),
        Err(error) => return Err(error.into()),
    }
    let (sql, outcome, if_lost) = match planned.end {
        End::Commit => ("commit", Outcome::Committed, Outcome::Unknown),
        End::Rollback => ("rollback", Outcome::RolledBack, Outcome::RolledBack),
        // The caller closes the connection.
        End::Disconnect => return Ok((Outcome::RolledBack, true)),
    };
    match client.batch_execute(sql).await {
        Ok(()) => Ok((outcome, false)),
        Err(error) if is_lost(&error) => Ok((if_lost, true)),
        Err(error) => Err(error.into()),
    }
}

async fn insert(client: &Client, planned: &Planned, statement: &Statement) -> Result<(), Error> {
    client.batch_execute("begin").await?;
    client.execute("insert into orders (id) values ($1)", &[&(planned.number as i64)]).await?;
    client.query(statement.sql, &[&statement.queue, &statement.message]).await?;
    Ok(())
}

/// Whether the server has closed the connection, or is about to.
fn is_lost(error: &Error) -> bool {
    error.as_db_error().is_none_or(|error| error.code().code().starts_with("57P"))
}

pub async fn committed(client: &Client) -> Result<Vec<usize>, BoxError> {
    let rows = client.query("select id from orders", &[]).await?;
    rows.iter().map(|row| Ok(usize::try_from(row.try_get::<_, i64>(0)?)?)).collect()
}

pub async fn queued(client: &Client) -> Result<u64, BoxError> {
    let sql = format!("select count(*) from pgmq.q_{QUEUE}");
    Ok(u64::try_from(client.query_one(&sql, &[]).await?.try_get::<_, i64>(0)?)?)
}

pub async fn queued_with_json(client: &Client, json: &str) -> Result<u64, BoxError> {
    let sql = format!("select count(*) from pgmq.q_{QUEUE} where message = $1::text::jsonb");
    Ok(u64::try_from(client.query_one(&sql, &[&json]).await?.try_get::<_, i64>(0)?)?)
}

pub async fn show_if_hidden_for(client: &Client, longer_than: Duration) -> Result<(), BoxError> {
    let sql = format!(
        "update pgmq.q_{QUEUE} set vt = clock_timestamp()
         where vt > clock_timestamp() + make_interval(secs => $1)"
    );
    client.execute(&sql, &[&longer_than.as_secs_f64()]).await?;
    Ok(())
}

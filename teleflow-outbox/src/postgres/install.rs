//! Creates the queues, and with the feature `postgres-install` pgmq itself.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};

use super::check::{Found, check, find};
use super::failure::failure;
use crate::error::Result;
use crate::queue_name::QueueName;

/// The key of the advisory lock: `teleflow` in ASCII.
const LOCK: i64 = 0x7465_6c65_666c_6f77;

pub(super) async fn install(client: &mut Client, queue: &QueueName) -> Result<()> {
    let what = "begin a transaction";
    let transaction = client.transaction().await.map_err(|error| failure(what, error))?;
    // Another process may do the same now.
    let lock = transaction.query_typed("select pg_advisory_xact_lock($1)", &[(&LOCK, Type::INT8)]).await;
    lock.map_err(|error| failure("wait for another installation", error))?;
    let found = find(&transaction, queue).await?;
    found.check_server()?;
    #[cfg(feature = "postgres-install")]
    let found = if found.pgmq { found } else { install_pgmq(&transaction, found, queue).await? };
    found.check_pgmq()?;
    create_queues(&transaction, &found).await?;
    check(&transaction, queue).await?;
    transaction.commit().await.map_err(|error| failure("commit the installation", error))
}

async fn create_queues(transaction: &Transaction<'_>, found: &Found) -> Result<()> {
    for queue in &found.missing_queues {
        let created = transaction.query_typed("select pgmq.create($1)", &[(queue, Type::TEXT)]).await;
        created.map_err(|error| failure("create a queue", error))?;
    }
    Ok(())
}

#[cfg(feature = "postgres-install")]
async fn install_pgmq(transaction: &Transaction<'_>, found: Found, queue: &QueueName) -> Result<Found> {
    let sql = if found.extension_is_available {
        "create extension pgmq"
    } else {
        include_str!("../../third_party/pgmq/pgmq.sql")
    };
    transaction.batch_execute(sql).await.map_err(|error| failure("install pgmq", error))?;
    find(transaction, queue).await
}

//! The store in PostgreSQL: queues of the extension [pgmq](https://github.com/pgmq/pgmq), 1.0 or newer.
//!
//! pgmq is an extension, but consists of SQL only. Where the server has it, `create extension pgmq` installs it in a
//! database. Otherwise [`install`] does, with the feature `postgres-install`.
//!
//! A queue `teleflow` is the table `pgmq.q_teleflow`, its archive `pgmq.a_teleflow`. Dead messages are in a second queue,
//! `teleflow_dead`, as `{"reason": .., "request": ..}`.
//!
//! A relay reads and writes these three tables: `grant usage on schema pgmq` and `grant select, insert, update, delete` on
//! them. An application that only puts requests into the queue needs `usage` on the schema, `insert` on the first, and `select` on
//! its column `msg_id`.
//!
//! All times are those of the clock of the database. If it is set forward by more than a lease lasts, another relay may
//! claim what is in flight; then the server recognizes the ids of the second request.

// A module imports only modules listed below it.
mod install;
mod queue;
mod check;
mod connection;
mod failure;

use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};

use crate::error::{Error, Result};
use crate::queue_name::QueueName;
use crate::store::Store;

use connection::{Connection, STATEMENT_TIMEOUT};
use queue::Queue;

/// Opens the queue of this name, over a connection without TLS.
///
/// The store has one connection. If it fails, the next access to the store opens another one.
///
/// # Errors
///
/// If the name of the queue is not valid, the configuration demands TLS, or the database cannot be reached; if pgmq, the
/// queue or its dead-letter queue does not exist, or the user may not read and write them. The error says what to do.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let config = "host=/run/postgresql dbname=shop".parse()?;
/// let store = teleflow_outbox::postgres::store(config, "teleflow").await?;
/// # Ok(()) }
/// ```
pub async fn store(config: Config, queue: &str) -> Result<Store> {
    connection::demands_no_tls(&config)?;
    store_with_tls(config, NoTls, queue).await
}

/// Opens the queue of this name, with TLS as the `sslmode` of the configuration says.
///
/// `tls` is a connector such as those of the crates `postgres-native-tls` and `tokio-postgres-rustls`.
///
/// # Errors
///
/// As [`store`], and if TLS fails.
///
/// ```no_run
/// # async fn f<T>(tls: T) -> Result<(), Box<dyn std::error::Error>>
/// # where
/// #     T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Clone + Send + Sync + 'static,
/// #     T::Stream: Send,
/// #     T::TlsConnect: Send,
/// #     <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
/// # {
/// let config = "host=db.example dbname=shop user=relay sslmode=require".parse()?;
/// let store = teleflow_outbox::postgres::store_with_tls(config, tls, "teleflow").await?;
/// # Ok(()) }
/// ```
pub async fn store_with_tls<T>(config: Config, tls: T, queue: &str) -> Result<Store>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let queue = QueueName::new(queue)?;
    let connection = Connection::new(config, tls);
    let client = connection.client().await?;
    match timeout(STATEMENT_TIMEOUT, check::check(&*client, &queue)).await {
        Ok(checked) => checked?,
        Err(_) => return Err(Error::new(format!("PostgreSQL did not respond within {STATEMENT_TIMEOUT:?}"))),
    }
    Ok(Store::new(Queue::new(connection, queue)))
}

/// Creates a queue and its dead-letter queue, if they do not exist, over a connection without TLS.
///
/// With the feature `postgres-install` it also installs pgmq, if that is missing: with `create extension` where the server
/// has the extension, otherwise from the SQL that this crate contains (pgmq 1.11.1). It does not update pgmq.
///
/// It may be called any number of times, also by several processes at once. If nothing is missing, it needs no permission
/// to create anything.
///
/// # Errors
///
/// As [`store`], or if the user may not create what is missing. Without the feature, if pgmq is missing. The error says
/// what to do.
///
/// ```no_run
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let config: tokio_postgres::Config = "host=/run/postgresql dbname=shop".parse()?;
/// teleflow_outbox::postgres::install(config.clone(), "teleflow").await?;
/// let store = teleflow_outbox::postgres::store(config, "teleflow").await?;
/// # Ok(()) }
/// ```
pub async fn install(config: Config, queue: &str) -> Result<()> {
    connection::demands_no_tls(&config)?;
    install_with_tls(config, NoTls, queue).await
}

/// Does the same as [`install`], with TLS as the `sslmode` of the configuration says.
///
/// # Errors
///
/// As [`install`], and if TLS fails.
///
/// ```no_run
/// # async fn f<T>(tls: T) -> Result<(), Box<dyn std::error::Error>>
/// # where
/// #     T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Clone + Send + Sync + 'static,
/// #     T::Stream: Send,
/// #     T::TlsConnect: Send,
/// #     <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
/// # {
/// let config = "host=db.example dbname=shop user=relay sslmode=require".parse()?;
/// teleflow_outbox::postgres::install_with_tls(config, tls, "teleflow").await?;
/// # Ok(()) }
/// ```
pub async fn install_with_tls<T>(config: Config, tls: T, queue: &str) -> Result<()>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    let queue = QueueName::new(queue)?;
    let mut client = connection::connect(config, tls).await?;
    install::install(&mut client, &queue).await
}

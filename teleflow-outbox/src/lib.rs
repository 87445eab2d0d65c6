//! An outbox for [`teleflow`]: a notification that exists if, and only if, the data exists that it reports.
//!
//! The application stores the request in its own database, in the transaction that changes the data. A [`Relay`] sends it
//! later. If the transaction is rolled back, nothing is sent. If the relay is killed, another one sends the request again with
//! the same transaction ids, by which the server recognizes what it already has.
//!
//! ```
//! use serde::Serialize;
//! use teleflow::{Client, TeleflowWorkflow};
//! use teleflow_emulator::{Emulator, Workflow};
//! use teleflow_outbox::{Outbox, Relay};
//!
//! #[derive(Serialize, TeleflowWorkflow)]
//! #[teleflow(trigger = "order-shipped")]
//! struct OrderShipped<'a> {
//!     order_id: &'a str,
//! }
//!
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let file = folder.path().join("shop.db");
//! # let emulator = Emulator::new();
//! # emulator.workflow(Workflow::new("order-shipped"));
//! # let client = Client::builder().transport(emulator.clone()).build()?;
//! let store = teleflow_outbox::sqlite::store(&file, "teleflow").await?;
//!
//! // In the service. Any driver works: the outbox only returns SQL and two texts.
//! let put = Outbox::sqlite("teleflow").put(&OrderShipped { order_id: "A-7" }.to("ada").into_request()?)?;
//! let mut database = rusqlite::Connection::open(&file)?;
//! let transaction = database.transaction()?;
//! transaction.execute("create table orders (id text)", ())?;
//! transaction.execute("insert into orders values ('A-7')", ())?;
//! transaction.execute(put.sql(), (put.queue(), put.message()))?;
//! transaction.commit()?;
//!
//! // In the same process or in another one.
//! let relay = Relay::builder(client, store).build()?;
//! relay.once().await?;
//! # assert_eq!(emulator.jobs().len(), 1);
//! # Ok(()) }
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! ```
//!
//! # Which database
//!
//! The one that has the data: only there do the notification and the data commit together.
//!
//! * **SQLite**: a table in the application's own file, for a service on one machine. `sqlite::store` creates it, or execute
//!   [`SQLITE_SCHEMA`] in your migrations. The relay writes to the file too, so set a busy timeout on your connections.
//! * **PostgreSQL**: a queue of [pgmq](https://github.com/pgmq/pgmq) 1.0 or later, for any number of machines.
//!   `postgres::install` creates the queue `NAME` and its dead-letter queue `NAME_dead`, and with the feature `postgres-install`
//!   also pgmq, where the server does not have the extension. A service that only puts requests in needs
//!   `usage` of the schema `pgmq`, `insert` on the table `pgmq.q_NAME` and `select` on its column `msg_id`. If a relay lacks a
//!   permission, the error of `postgres::store` names it.
//!
//! ```no_run
//! # #[cfg(feature = "postgres")]
//! # async fn f(request: teleflow::Request, client: teleflow::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use teleflow_outbox::{Outbox, Relay, postgres};
//!
//! let config: tokio_postgres::Config = "host=/run/postgresql dbname=shop".parse()?;
//! # let (mut database, _connection) = config.connect(tokio_postgres::NoTls).await?;
//! let put = Outbox::postgres("teleflow").put(&request)?;
//! let transaction = database.transaction().await?;
//! transaction.execute("insert into orders values ('A-7')", &[]).await?;
//! transaction.execute(put.sql(), &[&put.queue(), &put.message()]).await?;
//! transaction.commit().await?;
//!
//! let relay = Relay::builder(client, postgres::store(config, "teleflow").await?).build()?;
//! relay.once().await?;
//! # Ok(()) }
//! ```
//!
//! # Operating it
//!
//! [`Relay::run`] belongs into a process that is always there: the service itself, or another one. Start several for
//! availability; they share the queue.
//!
//! | setting | default | |
//! | --- | --- | --- |
//! | [`lease`](RelayBuilder::lease) | 90 s | The requests of a relay that was killed wait for this time. It must be longer than the client's deadline and 5 s |
//! | [`concurrency`](RelayBuilder::concurrency) | 8 | The requests in flight. The rate limit of the server is waited for in any case |
//! | [`give_up_after`](RelayBuilder::give_up_after) | 24 hours | A request that fails is dead at this age. So it is also the longest outage that loses nothing |
//! | [`keep_dead_for`](RelayBuilder::keep_dead_for) | 30 days | Dead requests contain personal data, and are deleted then |
//!
//! * **Watch** [`Gauges`], which [`Relay::run`] also logs once a minute with `tracing`, or [`Store::metrics`] from elsewhere.
//!   `oldest_age` grows if no relay runs or the server does not respond. `dead` above zero: the server refuses events. `paused`
//!   for long: the API key, the plan or the base URL was refused; the log has an error.
//! * **A wrong queue name**: on PostgreSQL, `postgres::store` says that the queue does not exist. On SQLite a queue is only a name,
//!   so the relay starts and logs `queued=0` while requests wait under the other name. Use one constant for both.
//! * **After you corrected the API key or the base URL**, restart the relay. Requests that were refused before wait until they
//!   are due, up to 15 minutes (`wait_s` in the log, `due` in [`Store::metrics`]). So do those of a relay that was killed, for its lease.
//! * **Dead requests** are never sent again by themselves. [`Store::dead`] lists them with the reasons, [`Store::redrive`] puts
//!   one back, with the same ids. `cargo teleflow outbox status`, `dead`, `redrive` and `drain` do the same from the command line.
//! * **Shutdown**: `run` takes a future. When it is ready, for example at SIGTERM, the relay claims nothing more, finishes what
//!   is in flight and gives the rest back. Allow it the deadline of the client, 30 s by default, and a few seconds more.
//!   Kubernetes allows 30 s unless `terminationGracePeriodSeconds` says more. The example `outbox` of the repository has the code.
//! * **Upgrade** the relays before the services that put requests in. A request of a newer version stays in the queue.
//!
//! # What it does not promise
//!
//! * **Not "exactly once".** A relay that ends after it has sent a request, and before it settles it, leaves it to the next
//!   one. The server recognizes it by its ids, and drops a late duplicate, but not two concurrent ones. The lease keeps them
//!   apart.
//! * **Not "delivered".** A request is deleted when the server says that it has queued every event.
//! * **No order.** Requests are sent at the same time, and one that fails waits while others are sent. A cancellation may be
//!   sent before its event.
//! * **Not every broadcast.** A broadcast that may have been sent, on a server that does not act on idempotency keys, is dead:
//!   a second one could reach everybody twice.
//! * **No secrecy.** The queue contains payloads and recipients as JSON until they are sent. Logs, errors and `Debug` do not.
//!
//! # Features
//!
//! * `sqlite` (default): the store in an SQLite file. It links the SQLite of the system; `bundled` compiles it instead. A build has
//!   only one SQLite, so use a rusqlite from 0.32 to 0.43, or a sqlx or diesel whose `libsqlite3-sys` one of these has too.
//! * `postgres`: the store in PostgreSQL, with pgmq. `postgres-install` contains the SQL of pgmq, for servers without it. Your
//!   `tokio_postgres::Config` is that of tokio-postgres 0.7.

// A module imports only modules listed below it.
mod relay;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod outbox;
mod store;
mod stored_message;
mod queue_name;
mod error;

pub use error::{Error, Result};
pub use outbox::{Outbox, Put, SQLITE_SCHEMA};
pub use relay::Relay;
pub use relay::builder::RelayBuilder;
pub use relay::gauges::Gauges;
pub use store::{DeadMessage, Metrics, Store};

//! An outbox for [`teleflow`]: a notification that exists if, and only if, the data exists that it reports.
//!
//! The application stores the request in its own database, in the transaction that changes the data. A [`Relay`] sends it
//! later. If the transaction is rolled back, nothing is sent. If the relay is killed, another one sends the request again,
//! with the same transaction ids and the same idempotency key, so the server does not notify anybody twice.
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
//! # Features
//!
//! * `sqlite` (default): the store in an SQLite file. It links the SQLite of the system; `bundled` compiles it instead.

// A module imports only modules listed below it.
mod relay;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod outbox;
mod store;
mod verdict;
mod stored_message;
mod queue_name;
mod error;

pub use error::{Error, Result};
pub use outbox::{Outbox, Put, SQLITE_SCHEMA};
pub use relay::Relay;
pub use relay::builder::RelayBuilder;
pub use relay::gauges::Gauges;
pub use store::{DeadMessage, Store};

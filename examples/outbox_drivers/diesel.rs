//! An order and its notification in one transaction, with diesel.
//!
//! ```sh
//! cargo run --example outbox-diesel
//! ```
//!
//! With PostgreSQL, `Outbox::postgres` returns the statement; everything else is the same.

mod shop;

use std::error::Error;

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection, sql_query};
use shop::OrderShipped;
use teleflow::TeleflowWorkflow as _;
use teleflow_outbox::{Outbox, SQLITE_SCHEMA, sqlite};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    let mut database = SqliteConnection::establish(&file.to_string_lossy())?;
    database.batch_execute(SQLITE_SCHEMA)?;
    database.batch_execute("create table orders (id text primary key)")?;
    ship(&mut database, "A-7", true)?;
    let error = ship(&mut database, "A-8", false).unwrap_err();
    assert_eq!(error.to_string(), "the card was declined");
    shop::relay(sqlite::store(&file, "teleflow").await?).await
}

/// The transaction is rolled back if the function returns an error.
fn ship(database: &mut SqliteConnection, order_id: &str, commit: bool) -> Result<(), Box<dyn Error>> {
    let put = Outbox::sqlite("teleflow").put(&OrderShipped { order_id }.to("ada").into_request()?)?;
    database.transaction(|database| {
        sql_query("insert into orders (id) values (?)").bind::<Text, _>(order_id).execute(database)?;
        sql_query(put.sql()).bind::<Text, _>(put.queue()).bind::<Text, _>(put.message()).execute(database)?;
        if commit { Ok(()) } else { Err("the card was declined".into()) }
    })
}

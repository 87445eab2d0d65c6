//! An order and its notification in one transaction, with rusqlite.
//!
//! ```sh
//! cargo run --example outbox-rusqlite
//! ```

mod shop;

use std::error::Error;

use rusqlite::Connection;
use shop::OrderShipped;
use teleflow::TeleflowWorkflow as _;
use teleflow_outbox::{Outbox, SQLITE_SCHEMA, sqlite};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db");
    let mut database = Connection::open(&file)?;
    database.execute_batch(SQLITE_SCHEMA)?;
    database.execute_batch("create table orders (id text primary key)")?;
    ship(&mut database, "A-7", true)?;
    ship(&mut database, "A-8", false)?;
    shop::relay(sqlite::store(&file, "teleflow").await?).await
}

fn ship(database: &mut Connection, order_id: &str, commit: bool) -> Result<(), Box<dyn Error>> {
    let put = Outbox::sqlite("teleflow").put(&OrderShipped { order_id }.to("ada").into_request()?)?;
    let transaction = database.transaction()?;
    transaction.execute("insert into orders (id) values (?1)", [order_id])?;
    transaction.execute(put.sql(), (put.queue(), put.message()))?;
    if commit {
        transaction.commit()?
    } else {
        transaction.rollback()?
    }
    Ok(())
}

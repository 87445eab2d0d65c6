//! An order and its notification in one transaction, with tokio-postgres.
//!
//! ```sh
//! scripts/with-postgres cargo run --example outbox-tokio-postgres
//! ```
//!
//! Or set `DATABASE_URL` to a database of yours: the example installs pgmq in it, if it is missing, and creates a queue and the
//! table `example_orders`.

mod shop;

use std::error::Error;

use shop::OrderShipped;
use teleflow::TeleflowWorkflow as _;
use teleflow_outbox::{Outbox, postgres};
use tokio_postgres::{Client, Config, NoTls};

const QUEUE: &str = "example_tokio_postgres";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "set `DATABASE_URL` to a `postgres://` URL")?;
    let config: Config = url.parse()?;
    postgres::install(config.clone(), QUEUE).await?;
    let (mut database, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    database.batch_execute("drop table if exists example_orders").await?;
    database.batch_execute("create table example_orders (id text primary key)").await?;
    ship(&mut database, "A-7", true).await?;
    ship(&mut database, "A-8", false).await?;
    shop::relay(postgres::store(config, QUEUE).await?).await
}

async fn ship(database: &mut Client, order_id: &str, commit: bool) -> Result<(), Box<dyn Error>> {
    let put = Outbox::postgres(QUEUE).put(&OrderShipped { order_id }.to("ada").into_request()?)?;
    let transaction = database.transaction().await?;
    transaction.execute("insert into example_orders (id) values ($1)", &[&order_id]).await?;
    transaction.execute(put.sql(), &[&put.queue(), &put.message()]).await?;
    if commit {
        transaction.commit().await?
    } else {
        transaction.rollback().await?
    }
    Ok(())
}

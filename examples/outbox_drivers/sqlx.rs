//! An order and its notification in one transaction, with sqlx.
//!
//! ```sh
//! scripts/with-postgres cargo run --example outbox-sqlx
//! ```
//!
//! Or set `DATABASE_URL` to a database of yours: the example installs pgmq in it, if it is missing, and creates a queue and the
//! table `example_orders`.

mod shop;

use std::error::Error;

use shop::OrderShipped;
use sqlx::PgPool;
use teleflow::TeleflowWorkflow as _;
use teleflow_outbox::{Outbox, postgres};

const QUEUE: &str = "example_sqlx";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "set `DATABASE_URL` to a `postgres://` URL")?;
    postgres::install(url.parse()?, QUEUE).await?;
    let pool = PgPool::connect(&url).await?;
    sqlx::query("drop table if exists example_orders").execute(&pool).await?;
    sqlx::query("create table example_orders (id text primary key)").execute(&pool).await?;
    ship(&pool, "A-7", true).await?;
    ship(&pool, "A-8", false).await?;
    shop::relay(postgres::store(url.parse()?, QUEUE).await?).await
}

async fn ship(pool: &PgPool, order_id: &str, commit: bool) -> Result<(), Box<dyn Error>> {
    let put = Outbox::postgres(QUEUE).put(&OrderShipped { order_id }.to("ada").into_request()?)?;
    let mut transaction = pool.begin().await?;
    sqlx::query("insert into example_orders (id) values ($1)").bind(order_id).execute(&mut *transaction).await?;
    sqlx::query(put.sql()).bind(put.queue()).bind(put.message()).execute(&mut *transaction).await?;
    if commit {
        transaction.commit().await?
    } else {
        transaction.rollback().await?
    }
    Ok(())
}

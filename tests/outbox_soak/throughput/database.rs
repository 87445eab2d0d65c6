//! The databases.

use std::path::{Path, PathBuf};

use teleflow_outbox::{Outbox, Store};
use tokio_postgres::{Client, Config, NoTls};

use crate::BoxError;

const QUEUE: &str = "throughput";

#[derive(Debug, Clone)]
pub enum Database {
    Sqlite(PathBuf),
    /// The server of `DATABASE_URL`, on which nothing else runs.
    Postgres(Box<Config>),
}

impl Database {
    /// The database of this name: `sqlite`, in a file in `folder`, or `postgres`.
    pub fn named(name: &str, folder: &Path) -> Result<Self, BoxError> {
        match name {
            "sqlite" => Ok(Self::Sqlite(folder.join("throughput.db"))),
            "postgres" => {
                let url = std::env::var("DATABASE_URL");
                let url = url.map_err(|_| "`DATABASE_URL` is not set; use scripts/with-postgres")?;
                Ok(Self::Postgres(Box::new(url.parse()?)))
            }
            _ => Err(format!("`{name}` is not a database").into()),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    pub async fn store(&self) -> Result<Store, BoxError> {
        match self {
            Self::Sqlite(file) => Ok(teleflow_outbox::sqlite::store(file, QUEUE).await?),
            Self::Postgres(config) => Ok(teleflow_outbox::postgres::store((**config).clone(), QUEUE).await?),
        }
    }

    pub fn outbox(&self) -> Outbox {
        match self {
            Self::Sqlite(_) => Outbox::sqlite(QUEUE),
            Self::Postgres(_) => Outbox::postgres(QUEUE),
        }
    }

    /// Creates an empty outbox, and the tables of the application.
    pub async fn prepare(&self) -> Result<(), BoxError> {
        match self {
            Self::Sqlite(file) => {
                self.store().await?;
                rusqlite::Connection::open(file)?.execute_batch(
                    "create table orders (id integer primary key, carrier text not null);
                     create table plain (id integer primary key, queue text not null, message text not null)",
                )?;
            }
            Self::Postgres(config) => {
                teleflow_outbox::postgres::install((**config).clone(), QUEUE).await?;
                let sql = format!(
                    "drop table if exists orders, plain;
                     create table orders (id bigint primary key generated always as identity, carrier text not null);
                     create table plain (
                         id bigint primary key generated always as identity, queue text not null, message jsonb not null
                     );
                     truncate pgmq.q_{QUEUE}"
                );
                connect(config).await?.batch_execute(&sql).await?;
            }
        }
        Ok(())
    }
}

pub async fn connect(config: &Config) -> Result<Client, BoxError> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

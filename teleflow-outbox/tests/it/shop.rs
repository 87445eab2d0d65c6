//! A database with an outbox, and the server that its relays send to.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;
use teleflow::{Client, Event, Request, RetryPolicy};
use teleflow_emulator::{Emulator, Reply, Workflow};
use teleflow_outbox::{Outbox, Put, Relay, RelayBuilder, Store, postgres, sqlite};

use crate::database::Database;

/// Defines each function, which takes a [`Kind`], as a test with each kind of database.
macro_rules! on_each_store {
    ($($name:ident)*) => {
        mod in_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::shop::Kind::Sqlite).await;
            })*
        }
        mod in_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::shop::Kind::Postgres).await;
            })*
        }
    };
}
pub(crate) use on_each_store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) fn outbox(self, queue: &str) -> Outbox {
        match self {
            Self::Sqlite => Outbox::sqlite(queue),
            Self::Postgres => Outbox::postgres(queue),
        }
    }
}

/// It has the queue `teleflow` and a table `orders`.
pub(crate) struct Shop {
    pub(crate) kind: Kind,
    pub(crate) emulator: Emulator,
    pub(crate) database: ShopDatabase,
}

pub(crate) enum ShopDatabase {
    Sqlite { _folder: tempfile::TempDir, file: PathBuf, connection: Connection },
    Postgres { database: Box<Database>, client: tokio_postgres::Client },
}

impl Shop {
    pub(crate) async fn new(kind: Kind) -> Self {
        let database = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("shop.db");
                let connection = Connection::open(&file).unwrap();
                connection.busy_timeout(Duration::from_secs(10)).unwrap();
                connection.execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
                ShopDatabase::Sqlite { _folder: folder, file, connection }
            }
            Kind::Postgres => {
                let database = Database::with_queue().await;
                let client = database.client().await;
                ShopDatabase::Postgres { database: Box::new(database), client }
            }
        };
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("welcome")).subscriber("ada");
        let shop = Self { kind, emulator, database };
        shop.execute("create table orders (id text primary key)").await;
        shop
    }

    pub(crate) async fn store(&self) -> Store {
        match &self.database {
            ShopDatabase::Sqlite { file, .. } => sqlite::store(file, "teleflow").await.unwrap(),
            ShopDatabase::Postgres { database, .. } => {
                postgres::store(database.config.clone(), "teleflow").await.unwrap()
            }
        }
    }

    pub(crate) fn postgres(&self) -> &Database {
        let ShopDatabase::Postgres { database, .. } = &self.database else { panic!("a shop with SQLite") };
        database
    }

    /// A client that makes one attempt.
    pub(crate) fn client(&self) -> Client {
        let builder = Client::builder().transport(self.emulator.clone()).retry(RetryPolicy::none());
        builder.deadline(Duration::from_secs(10)).build().unwrap()
    }

    pub(crate) async fn builder(&self) -> RelayBuilder {
        Relay::builder(self.client(), self.store().await)
    }

    pub(crate) async fn relay(&self) -> Relay {
        self.builder().await.build().unwrap()
    }

    /// Executes statements of the application.
    pub(crate) async fn execute(&self, sql: &str) {
        match &self.database {
            ShopDatabase::Sqlite { connection, .. } => connection.execute_batch(sql).unwrap(),
            ShopDatabase::Postgres { client, .. } => client.batch_execute(sql).await.unwrap(),
        }
    }

    pub(crate) async fn execute_put(&self, put: &Put) {
        match &self.database {
            ShopDatabase::Sqlite { connection, .. } => {
                connection.execute(put.sql(), (put.queue(), put.message())).unwrap();
            }
            ShopDatabase::Postgres { client, .. } => {
                client.execute(put.sql(), &[&put.queue(), &put.message()]).await.unwrap();
            }
        }
    }

    pub(crate) async fn put(&self, request: &Request) {
        self.execute_put(&self.kind.outbox("teleflow").put(request).unwrap()).await;
    }

    pub(crate) async fn put_text(&self, message: &str) {
        match &self.database {
            ShopDatabase::Sqlite { connection, .. } => {
                let sql = "insert into teleflow_outbox (queue, message) values ('teleflow', ?1)";
                connection.execute(sql, [message]).unwrap();
            }
            ShopDatabase::Postgres { client, .. } => {
                client.execute("select pgmq.send('teleflow', $1::text::jsonb)", &[&message]).await.unwrap();
            }
        }
    }

    /// The first column of a query with one row.
    pub(crate) async fn number(&self, sqlite: &str, postgres: &str) -> f64 {
        match &self.database {
            ShopDatabase::Sqlite { connection, .. } => {
                connection.query_row(&format!("select cast(({sqlite}) as real)"), (), |row| row.get(0)).unwrap()
            }
            ShopDatabase::Postgres { client, .. } => {
                client.query_one(&format!("select ({postgres})::float8"), &[]).await.unwrap().get(0)
            }
        }
    }

    async fn change(&self, sqlite: &str, postgres: &str) {
        self.execute(if self.kind == Kind::Sqlite { sqlite } else { postgres }).await;
    }

    /// Ends all leases, as if their time was over.
    pub(crate) async fn end_leases(&self) {
        let postgres = "update pgmq.q_teleflow set vt = clock_timestamp() - interval '1 hour'";
        self.change("update teleflow_outbox set visible_at = 0", postgres).await;
    }

    /// A negative `by` is a clock that was set back since.
    pub(crate) async fn make_older(&self, by: f64) {
        let sqlite =
            format!("update teleflow_outbox set enqueued_at = enqueued_at - {} where dead_at is null", by * 1000.0);
        let postgres = format!("update pgmq.q_teleflow set enqueued_at = enqueued_at - make_interval(secs => {by})");
        self.change(&sqlite, &postgres).await;
    }

    pub(crate) async fn make_dead_older(&self, by: f64) {
        let sqlite = format!("update teleflow_outbox set dead_at = dead_at - {}", by * 1000.0);
        let postgres =
            format!("update pgmq.q_teleflow_dead set enqueued_at = enqueued_at - make_interval(secs => {by})");
        self.change(&sqlite, &postgres).await;
    }

    pub(crate) async fn set_read_ct(&self, read_ct: u32) {
        let sqlite = format!("update teleflow_outbox set read_ct = {read_ct} where dead_at is null");
        self.change(&sqlite, &format!("update pgmq.q_teleflow set read_ct = {read_ct}")).await;
    }

    /// Of the first message that is not dead.
    pub(crate) async fn seconds_until_visible(&self) -> f64 {
        self.number(
            "select (visible_at - (julianday('now') - 2440587.5) * 86400000.0) / 1000.0 from teleflow_outbox
             where dead_at is null order by id limit 1",
            "select extract(epoch from vt - clock_timestamp()) from pgmq.q_teleflow order by msg_id limit 1",
        )
        .await
    }

    pub(crate) fn notified(&self) -> Vec<String> {
        let mut notified: Vec<String> =
            self.emulator.notifications().iter().map(|sent| sent.transaction_id().to_owned()).collect();
        notified.sort_unstable();
        notified
    }
}

/// The server refuses the event.
pub(crate) fn refused() -> Reply {
    Reply::new(400).body(r#"{"message":"no"}"#)
}

pub(crate) fn request(id: &str) -> Request {
    event(id).into_request().unwrap()
}

pub(crate) fn event(id: &str) -> Event<teleflow::Untyped<serde_json::Value>, &'static str> {
    Event::untyped("welcome", json!({"plan": "gold"})).to("ada").transaction_id(id)
}

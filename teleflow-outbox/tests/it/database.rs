//! A PostgreSQL database for one test.

use std::str::FromStr;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::runtime::Builder;
use tokio_postgres::{Client, Config, NoTls};

/// A new database of the server that `DATABASE_URL` names. It is dropped with this.
pub(crate) struct Database {
    pub(crate) config: Config,
    pub(crate) name: String,
}

/// A user of one test's database, who may only connect. It stays when the database is dropped.
pub(crate) struct Role {
    pub(crate) config: Config,
    pub(crate) name: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let name = format!("teleflow_test_{}_{nanos}", std::process::id());
        let server = server();
        execute(&server, &format!("create database {name}")).await;
        let mut config = server;
        config.dbname(&name);
        Self { config, name }
    }

    /// A database with pgmq and the queue `teleflow`.
    pub(crate) async fn with_queue() -> Self {
        let database = Self::new().await;
        teleflow_outbox::postgres::install(database.config.clone(), "teleflow").await.unwrap();
        database
    }

    pub(crate) async fn role(&self, suffix: &str) -> Role {
        let name = format!("{}_{suffix}", self.name);
        self.execute(&format!("create role {name} login password 'secret'")).await;
        let mut config = self.config.clone();
        config.user(&name).password("secret");
        Role { config, name }
    }

    pub(crate) async fn client(&self) -> Client {
        connect(&self.config).await
    }

    pub(crate) async fn execute(&self, sql: &str) {
        execute(&self.config, sql).await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The server of `scripts/with-postgres` is removed as a whole, which is faster.
        if std::env::var_os("TELEFLOW_POSTGRES_RESTART").is_some() {
            return;
        }
        let sql = format!("drop database {} with (force)", self.name);
        let drop =
            move || Builder::new_current_thread().enable_all().build().unwrap().block_on(execute(&server(), &sql));
        let _ = thread::spawn(drop).join();
    }
}

/// The server and a database of it, as a superuser.
pub(crate) fn server() -> Config {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        panic!("DATABASE_URL is not set: run these tests with `scripts/with-postgres cargo test ..`")
    };
    Config::from_str(&url).unwrap()
}

pub(crate) async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn execute(config: &Config, sql: &str) {
    connect(config).await.batch_execute(sql).await.unwrap();
}

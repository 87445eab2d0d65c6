//! Stores requests.

use std::time::{Duration, Instant};

use teleflow::{Request, TeleflowWorkflow};
use teleflow_outbox::{Outbox, Put};
use tokio_postgres::{Client, Statement};

use crate::BoxError;
use crate::database::{Database, connect};
use crate::order::{Order, SUBSCRIBER};

/// The time of all transactions of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Times {
    /// With plain `insert`s of messages that exist.
    pub insert: Duration,
    /// With the statement of the outbox, including the creation of the message.
    pub put: Duration,
}

impl Times {
    /// The cost of the outbox.
    pub fn ratio(self) -> f64 {
        self.put.as_secs_f64() / self.insert.as_secs_f64()
    }
}

const ORDER: &str = "insert into orders (carrier) values ('UPS')";

fn requests(events: usize) -> Result<Vec<Request>, BoxError> {
    (0..events).map(|number| Ok(Order::new(number).to(SUBSCRIBER).into_request()?)).collect()
}

/// Fills an empty queue.
pub async fn fill(database: &Database, events: usize) -> Result<(), BoxError> {
    database.prepare().await?;
    let mut application = Application::connect(database).await?;
    application.put(&requests(events)?).await?;
    Ok(())
}

/// Stores this number of events twice, with `size` of them in each transaction. The kinds alternate, so that both have the
/// same disk and the same neighbors.
pub async fn compare(database: &Database, events: usize, size: usize) -> Result<Times, BoxError> {
    database.prepare().await?;
    let mut application = Application::connect(database).await?;
    let mut times = Times::default();
    for requests in requests(events)?.chunks(size) {
        times.insert += application.insert(requests).await?;
        times.put += application.put(requests).await?;
    }
    Ok(times)
}

/// A connection that executes transactions.
struct Application {
    outbox: Outbox,
    connection: Connection,
}

enum Connection {
    Sqlite(Box<rusqlite::Connection>),
    Postgres { client: Client, order: Statement, insert: Statement, put: Statement },
}

impl Application {
    async fn connect(database: &Database) -> Result<Self, BoxError> {
        let outbox = database.outbox();
        let connection = match database {
            Database::Sqlite(file) => Connection::Sqlite(Box::new(rusqlite::Connection::open(file)?)),
            Database::Postgres(config) => {
                let client = connect(config).await?;
                let order = client.prepare(ORDER).await?;
                let insert = client.prepare("insert into plain (queue, message) values ($1, $2::text::jsonb)").await?;
                let any = outbox.put(&Order::new(0).to(SUBSCRIBER).into_request()?)?;
                let put = client.prepare(any.sql()).await?;
                Connection::Postgres { client, order, insert, put }
            }
        };
        Ok(Self { outbox, connection })
    }

    /// One transaction with an order and a plain `insert` for each request.
    async fn insert(&mut self, requests: &[Request]) -> Result<Duration, BoxError> {
        let messages: Vec<Put> = requests.iter().map(|request| self.outbox.put(request)).collect::<Result<_, _>>()?;
        let started = Instant::now();
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let transaction = connection.transaction()?;
                for message in &messages {
                    transaction.prepare_cached(ORDER)?.execute(())?;
                    let sql = "insert into plain (queue, message) values (?1, ?2)";
                    transaction.prepare_cached(sql)?.execute((message.queue(), message.message()))?;
                }
                transaction.commit()?;
            }
            Connection::Postgres { client, order, insert, .. } => {
                let transaction = client.transaction().await?;
                for message in &messages {
                    transaction.execute(&*order, &[]).await?;
                    transaction.query(&*insert, &[&message.queue(), &message.message()]).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(started.elapsed())
    }

    /// One transaction with an order and a stored request for each request.
    async fn put(&mut self, requests: &[Request]) -> Result<Duration, BoxError> {
        let started = Instant::now();
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let transaction = connection.transaction()?;
                for request in requests {
                    transaction.prepare_cached(ORDER)?.execute(())?;
                    let put = self.outbox.put(request)?;
                    transaction.prepare_cached(put.sql())?.execute((put.queue(), put.message()))?;
                }
                transaction.commit()?;
            }
            Connection::Postgres { client, order, put: statement, .. } => {
                let transaction = client.transaction().await?;
                for request in requests {
                    transaction.execute(&*order, &[]).await?;
                    let put = self.outbox.put(request)?;
                    transaction.query(&*statement, &[&put.queue(), &put.message()]).await?;
                }
                transaction.commit().await?;
            }
        }
        Ok(started.elapsed())
    }
}

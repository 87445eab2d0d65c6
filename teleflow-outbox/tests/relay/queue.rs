//! A queue in SQLite, and the server that its relays send to.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};
use teleflow::transport::{Transport, TransportFuture};
use teleflow::{Client, Event, Request, RetryPolicy, Untyped};
use teleflow_emulator::{Emulator, Kind, Reply, Workflow};
use teleflow_outbox::{Outbox, Relay, RelayBuilder, Store, sqlite};

pub(crate) const SINGLE: &str = "/v1/events/trigger";
pub(crate) const BULK: &str = "/v1/events/trigger/bulk";

pub(crate) struct Queue {
    _folder: tempfile::TempDir,
    pub(crate) file: PathBuf,
    database: Connection,
    pub(crate) server: Server,
}

impl Queue {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("queue.db");
        let database = Connection::open(&file).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database.execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
        Self { _folder: folder, file, database, server: Server::new() }
    }

    pub(crate) fn put(&self, request: &Request) {
        let put = Outbox::sqlite("teleflow").put(request).unwrap();
        self.database.execute(put.sql(), (put.queue(), put.message())).unwrap();
    }

    pub(crate) fn put_text(&self, message: &str) {
        let sql = "insert into teleflow_outbox (queue, message) values ('teleflow', ?1)";
        self.database.execute(sql, [message]).unwrap();
    }

    /// Makes every access to the queue fail.
    pub(crate) fn break_schema(&self) {
        self.database.execute_batch("alter table teleflow_outbox rename to old").unwrap();
    }

    /// Puts this many requests with the ids `t-0`, `t-1` and so on.
    pub(crate) fn put_many(&self, count: usize) {
        self.database.execute_batch("begin").unwrap();
        (0..count).for_each(|n| self.put(&welcome(&format!("t-{n}"))));
        self.database.execute_batch("commit").unwrap();
    }

    pub(crate) async fn store(&self) -> Store {
        sqlite::store(&self.file, "teleflow").await.unwrap()
    }

    pub(crate) async fn builder(&self) -> RelayBuilder {
        Relay::builder(self.server.client(), self.store().await)
    }

    pub(crate) async fn relay(&self) -> Relay {
        self.builder().await.build().unwrap()
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.database.query_row(sql, (), |row| row.get(0)).unwrap()
    }

    /// Makes all messages visible, as if their waits or their leases were over.
    pub(crate) fn show_all(&self) {
        self.database.execute("update teleflow_outbox set visible_at = 0", ()).unwrap();
    }

    /// The messages that a relay could claim now, and how many of them have never been claimed.
    pub(crate) fn visible(&self) -> (i64, i64) {
        let visible = "from teleflow_outbox where dead_at is null and visible_at <= (julianday('now') - 2440587.5) * 86400000.0 + 1";
        (
            self.number(&format!("select count(*) {visible}")),
            self.number(&format!("select count(*) {visible} and read_ct = 0")),
        )
    }
}

/// The emulator, which records the paths of the attempts.
#[derive(Clone)]
pub(crate) struct Server {
    pub emulator: Emulator,
    paths: Arc<Mutex<Vec<String>>>,
    panics_at: Option<&'static str>,
}

impl Server {
    pub(crate) fn new() -> Self {
        let emulator = Emulator::new();
        emulator.workflow(Workflow::new("welcome")).subscriber("ada");
        emulator.workflow(Workflow::new("invoice").required("amount", Kind::String));
        Self { emulator, paths: Arc::default(), panics_at: None }
    }

    /// Makes the transport panic at a request whose body contains this.
    pub(crate) fn panic_at(&mut self, text: &'static str) {
        self.panics_at = Some(text);
    }

    /// A client that makes one attempt per delivery.
    pub(crate) fn client(&self) -> Client {
        let builder = Client::builder().transport(self.clone()).retry(RetryPolicy::none());
        builder.deadline(Duration::from_secs(10)).build().unwrap()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.paths.lock().unwrap().clone()
    }

    pub(crate) fn notified(&self) -> Vec<String> {
        let mut notified: Vec<String> =
            self.emulator.notifications().iter().map(|sent| sent.transaction_id().to_owned()).collect();
        notified.sort_unstable();
        notified
    }
}

impl Transport for Server {
    fn attempt<'a>(&'a self, request: &'a Request) -> TransportFuture<'a> {
        self.paths.lock().unwrap().push(request.path().to_owned());
        let body = String::from_utf8_lossy(request.body());
        assert!(!self.panics_at.is_some_and(|text| body.contains(text)), "a panic of the transport");
        self.emulator.attempt(request)
    }
}

pub(crate) fn event(trigger: &str, payload: Value, id: &str) -> Event<Untyped<Value>, &'static str> {
    Event::untyped(trigger.to_owned(), payload).to("ada").transaction_id(id)
}

pub(crate) fn welcome(id: &str) -> Request {
    event("welcome", json!({}), id).into_request().unwrap()
}

/// A response in the format of the API.
pub(crate) fn reply(status: u16) -> Reply {
    Reply::new(status).body(format!(r#"{{"statusCode":{status},"message":"no"}}"#))
}

//! A relay in a process of its own, which is ended with SIGTERM while a request is in flight.
//!
//! This program is the test and, with arguments, the relay.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail loudly, too, and a test without the harness reports itself"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use teleflow::{Client, Event, RetryPolicy};
use teleflow_outbox::{Outbox, Relay, sqlite};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, file, url] if role == "relay" => relay(Path::new(file), url),
        _ => {
            a_relay_that_gets_sigterm_finishes_what_is_in_flight_and_gives_the_rest_back();
            println!("a relay that gets SIGTERM finishes what is in flight and gives the rest back ... ok");
        }
    }
}

/// The relay: it ends after SIGTERM.
fn relay(file: &Path, url: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let builder = Client::builder().api_key("test-key").base_url(url).retry(RetryPolicy::none());
        let client = builder.deadline(Duration::from_secs(10)).build().unwrap();
        let store = sqlite::store(file, "teleflow").await.unwrap();
        let relay = Relay::builder(client, store).concurrency(1).merge(false).build().unwrap();
        relay.run(sigterm()).await;
    });
}

#[cfg(unix)]
async fn sigterm() {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::terminate()).unwrap().recv().await;
}

#[cfg(not(unix))]
async fn sigterm() {
    tokio::signal::ctrl_c().await.unwrap();
}

fn a_relay_that_gets_sigterm_finishes_what_is_in_flight_and_gives_the_rest_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queue.db");
    let database = Connection::open(&file).unwrap();
    database.busy_timeout(Duration::from_secs(10)).unwrap();
    database.execute_batch(teleflow_outbox::SQLITE_SCHEMA).unwrap();
    for id in ["t-1", "t-2", "t-3"] {
        let request = Event::untyped("welcome", json!({})).to("ada").transaction_id(id).into_request().unwrap();
        let put = Outbox::sqlite("teleflow").put(&request).unwrap();
        database.execute(put.sql(), (put.queue(), put.message())).unwrap();
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut process =
        Process(Command::new(std::env::current_exe().unwrap()).arg("relay").arg(&file).arg(&url).spawn().unwrap());

    let mut connection = accept(&listener);
    assert_eq!(count(&database, "read_ct = 1"), 2, "one request is in flight, and one waits for it");
    terminate(&process.0);
    thread::sleep(Duration::from_millis(500));
    assert!(process.0.try_wait().unwrap().is_none(), "the relay has ended before its request");
    respond(&mut connection);

    let since = Instant::now();
    while process.0.try_wait().unwrap().is_none() {
        assert!(since.elapsed() < Duration::from_secs(8), "the relay does not end");
        thread::sleep(Duration::from_millis(20));
    }
    assert!(process.0.wait().unwrap().success());
    assert_eq!(count(&database, "true"), 2, "the request in flight was settled");
    assert_eq!(count(&database, "read_ct = 0 and visible_at <= (julianday('now') - 2440587.5) * 86400000.0"), 2);
}

fn count(database: &Connection, condition: &str) -> i64 {
    let sql = format!("select count(*) from teleflow_outbox where {condition}");
    database.query_row(&sql, (), |row| row.get(0)).unwrap()
}

/// Accepts the connection of the relay, and reads its request.
fn accept(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let since = Instant::now();
    let mut connection = loop {
        match listener.accept() {
            Ok((connection, _)) => break connection,
            Err(error) => assert!(since.elapsed() < Duration::from_secs(20), "the relay does not connect: {error}"),
        }
        thread::sleep(Duration::from_millis(20));
    };
    connection.set_nonblocking(false).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&received).contains("transactionId") {
        let read = connection.read(&mut buffer).unwrap();
        assert!(read > 0, "the relay closed the connection");
        received.extend_from_slice(&buffer[..read]);
    }
    connection
}

fn respond(connection: &mut TcpStream) {
    let body = r#"{"data":{"acknowledged":true,"status":"processed","transactionId":"t-1"}}"#;
    let head =
        format!("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
}

fn terminate(process: &Child) {
    let status = Command::new("kill").arg("-TERM").arg(process.id().to_string()).status().unwrap();
    assert!(status.success());
}

/// A process that does not outlive the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

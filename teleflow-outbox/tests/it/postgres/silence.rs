//! A server that is gone without a word: no packet says that the connection is closed.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use teleflow_outbox::postgres;
use tokio::time::timeout;
use tokio_postgres::Config;

use crate::database::Database;

/// The server's message that a connection is ready for the first statement.
const READY: &[u8] = b"Z\0\0\0\x05I";

/// Forwards connections to a port until it is silent. Those that it has then stay silent.
struct Proxy {
    port: u16,
    is_silent: Arc<AtomicBool>,
}

impl Proxy {
    fn to(port: u16) -> Self {
        Self::new(port, false)
    }

    /// A proxy that is silent as soon as a connection is ready.
    fn until_ready(port: u16) -> Self {
        Self::new(port, true)
    }

    fn new(port: u16, until_ready: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), is_silent: Arc::default() };
        let is_silent = Arc::clone(&proxy.is_silent);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                for (from, to) in [(from_client, server), (from_server, client)] {
                    let is_silent = Arc::clone(&is_silent);
                    thread::spawn(move || forward(from, to, &is_silent, until_ready));
                }
            }
        });
        proxy
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, is_silent: &AtomicBool, until_ready: bool) {
    let mut buffer = [0; 4096];
    let mut was_silent = false;
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        was_silent |= is_silent.load(Ordering::SeqCst);
        if !was_silent && to.write_all(&buffer[..length]).is_err() {
            break;
        }
        if until_ready && buffer[..length].ends_with(READY) {
            is_silent.store(true, Ordering::SeqCst);
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn config(database: &Database, proxy: &Proxy) -> Config {
    let mut config = Config::new();
    config.host("127.0.0.1").port(proxy.port).user("postgres").password(database.config.get_password().unwrap());
    config.dbname(&database.name);
    config
}

#[tokio::test]
async fn a_server_that_is_silent_after_the_connection_is_an_error() {
    let database = Database::with_queue().await;
    let proxy = Proxy::until_ready(database.config.get_ports()[0]);
    let opening = tokio::spawn(postgres::store(config(&database, &proxy), "teleflow"));
    while !proxy.is_silent.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The connection is open within this time, and the time until the next timeout passes at once.
    tokio::time::sleep(Duration::from_millis(200)).await;
    tokio::time::pause();
    let error = timeout(Duration::from_secs(3600), opening).await.unwrap().unwrap().unwrap_err().to_string();
    assert_eq!(error, "PostgreSQL did not respond within 30s");
}

#[tokio::test]
async fn another_connection_is_opened_after_the_timeout() {
    let database = Database::with_queue().await;
    let proxy = Proxy::to(database.config.get_ports()[0]);
    let config = config(&database, &proxy);
    let store = postgres::store(config, "teleflow").await.unwrap();
    proxy.is_silent.store(true, Ordering::SeqCst);
    // The time until the next timeout passes at once.
    tokio::time::pause();
    let error = store.metrics().await.unwrap_err().to_string();
    assert_eq!(error, "PostgreSQL failed to count messages: it did not respond within 30s");
    tokio::time::resume();
    proxy.is_silent.store(false, Ordering::SeqCst);
    assert_eq!(store.metrics().await.unwrap().queued, 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_respond_to_a_connection_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = format!("host=127.0.0.1 port={port} user=nobody");
    // The driver's `connect_timeout` is for the TCP connection only, which is accepted.
    for (setting, limit) in [("", "10s"), (" connect_timeout=1", "10s"), (" connect_timeout=20", "40s")] {
        let config = format!("{config}{setting}").parse().unwrap();
        let store = timeout(Duration::from_secs(3600), postgres::store(config, "teleflow")).await;
        let error = store.unwrap().unwrap_err().to_string();
        assert_eq!(error, format!("PostgreSQL did not accept a connection within {limit}"));
    }
}

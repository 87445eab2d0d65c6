//! Servers that cannot be reached: nothing was sent, and the error says so, whatever the deadline.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::{Duration, Instant};

use teleflow::{Client, ClientBuilder, Error, ErrorKind, Fate, RetryPolicy, TransactionId};
use teleflow_emulator::{Emulator, Workflow};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::{event, numbered};

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn any_port() -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))
}

/// A listener whose queue is full: SYN packets to it are swallowed as long as the connections are kept.
async fn full() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(any_port()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut connections = Vec::new();
    while let Ok(connection) = tokio::time::timeout(millis(200), TcpStream::connect(address)).await {
        connections.push(connection.unwrap());
        assert!(connections.len() < 50, "the queue never fills");
    }
    (address, listener, connections)
}

/// An address that refuses connections as long as the socket is kept: it is bound and does not listen.
fn refusing() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(any_port()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// A listener that accepts and never says a word.
async fn mute() -> SocketAddr {
    let listener = TcpListener::bind(any_port()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            connections.push(connection);
        }
    });
    address
}

fn client(url: String) -> ClientBuilder {
    Client::builder().api_key("test-key").base_url(url)
}

/// What an HTTP client of the application's needs.
pub fn tls() -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// An HTTP client of the application's, without a connect limit.
fn through_proxy(proxy: SocketAddr) -> reqwest::Client {
    let proxy = reqwest::Proxy::all(format!("http://{proxy}")).unwrap();
    reqwest::Client::builder().tls_backend_preconfigured(tls()).proxy(proxy).build().unwrap()
}

fn never_left(error: &Error) {
    assert_eq!(
        (error.kind(), error.fate(), error.http_status()),
        (ErrorKind::Connect, Fate::NotQueued, None),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_that_swallows_every_packet_was_never_reached_whatever_the_deadline() {
    let (address, _listener, _connections) = full().await;
    for (timeout, deadline) in [(1000, 300), (1000, 800), (10_000, 6000)] {
        let client =
            client(format!("http://{address}")).timeout(millis(timeout)).deadline(millis(deadline)).build().unwrap();
        let started = Instant::now();
        let error = event().send(&client).await.unwrap_err();
        never_left(&error);
        assert!(error.attempts() >= 2 || deadline < 1000, "{deadline}: {error}");
        assert!(started.elapsed() <= millis(deadline + 2000), "{deadline}: {:?}", started.elapsed());
        if deadline < 1000 {
            never_left(&client.cancel(&TransactionId::from("t-1")).await.unwrap_err());
        }
    }
}

#[tokio::test]
async fn a_tls_handshake_that_is_never_answered_was_never_a_connection() {
    let address = mute().await;
    for deadline in [300, 800, 1200] {
        let client =
            client(format!("https://{address}")).timeout(millis(1000)).deadline(millis(deadline)).build().unwrap();
        never_left(&event().send(&client).await.unwrap_err());
    }
}

#[tokio::test]
async fn a_proxy_that_never_opens_its_tunnel_was_never_a_connection() {
    let proxy = mute().await;
    for deadline in [300, 1200] {
        let client = client(String::from("https://api.example.com")).http_client(through_proxy(proxy));
        let client = client.timeout(millis(500)).deadline(millis(deadline)).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        never_left(&error);
        let report = (0..3).map(numbered).collect::<teleflow::Bulk>().send(&client).await;
        report.errors().for_each(|(_, error)| never_left(error));
        assert_eq!(report.errors().count(), 3);
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_never_responds_may_have_the_event() {
    let address = mute().await;
    let client = client(format!("http://{address}")).timeout(millis(2000)).retry(RetryPolicy::none()).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Timeout, Fate::Unknown), "{error}");
}

#[tokio::test]
async fn a_listener_that_is_away_for_two_seconds_loses_no_event() {
    let emulator = Emulator::new();
    emulator.workflow(Workflow::new("welcome"));
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let client = client(server.url()).build().unwrap();
    emulator.faults().refuse_connections(Duration::from_secs(2));
    let sending: Vec<_> = (0..500).map(|n| tokio::spawn(numbered(n).send(&client))).collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    assert_eq!(emulator.jobs().len(), 500);
}

#[tokio::test]
async fn an_error_names_the_host_that_cannot_be_reached_and_its_sources_the_cause() {
    let (_socket, address) = refusing();
    let url = format!("http://{address}/path/v1");
    let error = event().send(&client(url).retry(RetryPolicy::none()).build().unwrap()).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("welcome: failed to connect to `{address}` (")), "{error}");
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause: Option<&std::io::Error> = cause.downcast_ref();
    assert_eq!(cause.map(std::io::Error::kind), Some(std::io::ErrorKind::ConnectionRefused), "{error:?}");

    let (address, _listener, _connections) = full().await;
    let client = client(format!("http://{address}")).timeout(millis(400)).retry(RetryPolicy::none()).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert!(error.to_string().contains(&format!("failed to connect to `{address}` (")), "{error}");
}

#[tokio::test]
async fn a_number_of_attempts_that_the_caller_sets_bounds_those_to_connect() {
    let (_socket, address) = refusing();
    let policy = RetryPolicy::default().backoff(millis(10), millis(20));
    for (policy, attempts) in [(policy.max_attempts(3), 3), (RetryPolicy::none(), 1)] {
        let client = client(format!("http://{address}")).retry(policy).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        never_left(&error);
        assert_eq!(error.attempts(), attempts);
        assert!(error.to_string().contains(&format!("`max_attempts` is {attempts}")), "{error}");
    }
    // Otherwise only the deadline does, at a bounded rate.
    let client = client(format!("http://{address}")).retry(policy.backoff(Duration::ZERO, Duration::ZERO));
    let error = event().send(&client.deadline(millis(3000)).build().unwrap()).await.unwrap_err();
    never_left(&error);
    assert!((4..=18).contains(&error.attempts()), "{error}");
    assert!(error.to_string().contains("too little time left before the `deadline`"), "{error}");
}

//! Servers that cannot be reached: the error is `Connect` and the event is not queued, whatever the deadline.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::{Duration, Instant};

use teleflow::{Client, ClientBuilder, Error, ErrorKind, Fate, RetryPolicy, TransactionId};
use teleflow_emulator::{Emulator, Workflow};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::{event, numbered};
#[cfg(feature = "reqwest")]
use crate::support::tls_config;

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn any_port() -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))
}

/// A listener with a full queue: the system drops SYN packets to it as long as the connections are open.
async fn listener_with_full_queue() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
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

/// An address that refuses connections as long as the socket exists, which is bound but does not listen.
fn refusing_address() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(any_port()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// A listener that accepts connections and never responds.
async fn silent_listener() -> SocketAddr {
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

/// The application's own HTTP client, without a connect timeout.
#[cfg(feature = "reqwest")]
fn through_proxy(proxy: SocketAddr) -> reqwest::Client {
    let proxy = reqwest::Proxy::all(format!("http://{proxy}")).unwrap();
    reqwest::Client::builder().tls_backend_preconfigured(tls_config()).proxy(proxy).build().unwrap()
}

fn assert_never_connected(error: &Error) {
    assert_eq!(
        (error.kind(), error.fate(), error.http_status()),
        (ErrorKind::Connect, Fate::NotQueued, None),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_that_drops_every_packet_is_a_connect_error_whatever_the_deadline() {
    let (address, _listener, _connections) = listener_with_full_queue().await;
    for (timeout, deadline) in [(1000, 300), (1000, 800), (10_000, 6000)] {
        let client =
            client(format!("http://{address}")).timeout(millis(timeout)).deadline(millis(deadline)).build().unwrap();
        let started = Instant::now();
        let error = event().send(&client).await.unwrap_err();
        assert_never_connected(&error);
        assert!(error.attempts() >= 2 || deadline < 1000, "{deadline}: {error}");
        assert!(started.elapsed() <= millis(deadline + 2000), "{deadline}: {:?}", started.elapsed());
        if deadline < 1000 {
            assert_never_connected(&client.cancel(&TransactionId::from("t-1")).await.unwrap_err());
        }
    }
}

#[tokio::test]
async fn a_tls_handshake_without_a_response_is_a_connect_error() {
    let address = silent_listener().await;
    for deadline in [300, 800, 1200] {
        let client =
            client(format!("https://{address}")).timeout(millis(1000)).deadline(millis(deadline)).build().unwrap();
        assert_never_connected(&event().send(&client).await.unwrap_err());
    }
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_proxy_that_never_opens_its_tunnel_is_a_connect_error() {
    let proxy = silent_listener().await;
    for deadline in [300, 1200] {
        let client = client(String::from("https://api.example.com")).http_client(through_proxy(proxy));
        let client = client.timeout(millis(500)).deadline(millis(deadline)).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        assert_never_connected(&error);
        let report = (0..3).map(numbered).collect::<teleflow::Bulk>().send(&client).await;
        report.errors().for_each(|(_, error)| assert_never_connected(error));
        assert_eq!(report.errors().count(), 3);
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_never_responds_leaves_the_fate_unknown() {
    let address = silent_listener().await;
    let client = client(format!("http://{address}")).timeout(millis(2000)).retry(RetryPolicy::none()).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Timeout, Fate::Unknown), "{error}");
}

#[tokio::test]
async fn no_event_is_lost_if_the_listener_is_down_for_two_seconds() {
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
async fn a_connect_error_names_the_host_and_its_sources_end_with_the_io_error() {
    let (_socket, address) = refusing_address();
    let url = format!("http://{address}/path/v1");
    let error = event().send(&client(url).retry(RetryPolicy::none()).build().unwrap()).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("welcome: failed to connect to `{address}` (")), "{error}");
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause: Option<&std::io::Error> = cause.downcast_ref();
    assert_eq!(cause.map(std::io::Error::kind), Some(std::io::ErrorKind::ConnectionRefused), "{error:?}");

    let (address, _listener, _connections) = listener_with_full_queue().await;
    let client = client(format!("http://{address}")).timeout(millis(400)).retry(RetryPolicy::none()).build().unwrap();
    let error = event().send(&client).await.unwrap_err();
    assert!(error.to_string().contains(&format!("failed to connect to `{address}` (")), "{error}");
}

#[tokio::test]
async fn max_attempts_limits_attempts_to_connect_if_the_caller_sets_it() {
    let (_socket, address) = refusing_address();
    let policy = RetryPolicy::default().backoff(millis(10), millis(20));
    for (policy, attempts) in [(policy.max_attempts(3), 3), (RetryPolicy::none(), 1)] {
        let client = client(format!("http://{address}")).retry(policy).build().unwrap();
        let error = event().send(&client).await.unwrap_err();
        assert_never_connected(&error);
        assert_eq!(error.attempts(), attempts);
        assert!(error.to_string().contains(&format!("`max_attempts` is {attempts}")), "{error}");
    }
    // Otherwise only the deadline limits them, and the backoff has a minimum.
    let client = client(format!("http://{address}")).retry(policy.backoff(Duration::ZERO, Duration::ZERO));
    let error = event().send(&client.deadline(millis(3000)).build().unwrap()).await.unwrap_err();
    assert_never_connected(&error);
    assert!((4..=18).contains(&error.attempts()), "{error}");
    assert!(error.to_string().contains("too little time left before the `deadline`"), "{error}");
}

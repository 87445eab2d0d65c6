//! HTTPS, to the server itself and through proxies.
//!
//! The certificate in `tests/tls` is for `localhost`, `api.invalid` and `proxy.invalid`, and valid for a hundred years. The key
//! of its CA does not exist any more.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use teleflow::{Client, ErrorKind, Event, Fate, RetryPolicy};

use super::{QUEUED, assert_succeeds, live_command};
use crate::support::read_request;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tls").join(name)
}

/// The server's side of TLS over a connection.
fn tls<S: Read + Write>(connection: S) -> StreamOwned<ServerConnection, S> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let certificate = CertificateDer::from_pem_file(file("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), connection)
}

/// Reads requests from one connection. Opens a tunnel to itself after `CONNECT`, and queues the event of a `POST`.
fn serve<S: Read + Write + 'static>(mut connection: S, requests: &Mutex<Vec<String>>) {
    let Some(request) = read_request(&mut connection) else { return };
    let is_connect = request.starts_with("CONNECT");
    requests.lock().unwrap().push(request);
    if is_connect {
        connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let connection: Box<dyn ReadWrite> = Box::new(connection);
        return serve(tls(connection), requests);
    }
    let length = QUEUED.len();
    let response = format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{QUEUED}");
    connection.write_all(response.as_bytes()).unwrap();
    connection.flush().unwrap();
}

trait ReadWrite: Read + Write {}
impl<S: Read + Write> ReadWrite for S {}

/// Starts a server or proxy on a free port: its port, and its requests, those within tunnels included.
fn listen(is_tls: bool) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&requests);
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            if is_tls { serve(tls(connection), &recorded) } else { serve(connection, &recorded) }
        }
    });
    (port, requests)
}

/// Sends an event to `url`, with this variable: the requests that the server or proxy at `port` received.
fn requests_of(url: &str, variable: (&str, &str), requests: &Mutex<Vec<String>>) -> Vec<String> {
    let ca = file("ca.pem");
    let client = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", url), ("SSL_CERT_FILE", ca.to_str().unwrap())];
    assert_succeeds(&[client.as_slice(), &[variable]].concat());
    std::mem::take(&mut *requests.lock().unwrap())
}

/// `user:secret` as the header of a proxy.
const PROXY_AUTHORIZATION: &str = "proxy-authorization: basic dxnlcjpzzwnyzxq=\r\n";

#[test]
fn https_to_the_server_itself() {
    let (port, requests) = listen(true);
    let seen = requests_of(&format!("https://localhost:{port}/v1"), ("HTTPS_PROXY", "http://127.0.0.1:1"), &requests);
    assert!(matches!(&seen[..], [post] if post.starts_with("POST /v1/events/trigger HTTP/1.1\r\n")), "{seen:?}");
}

#[test]
fn https_through_the_tunnel_of_a_proxy() {
    for (is_tls, scheme) in [(false, "http"), (true, "https")] {
        let (port, requests) = listen(is_tls);
        let proxy = format!("{scheme}://user:secret@localhost:{port}");
        let seen = requests_of("https://api.invalid", ("HTTPS_PROXY", &proxy), &requests);
        let [connect, post] = &seen[..] else { panic!("{scheme}: {seen:?}") };
        assert!(connect.starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"), "{connect}");
        assert!(connect.to_lowercase().contains(PROXY_AUTHORIZATION), "{connect}");
        assert!(connect.to_lowercase().contains("\r\nuser-agent: teleflow/rust@"), "{connect}");
        assert!(!connect.to_lowercase().contains("\r\nauthorization: "), "{connect}");
        assert!(post.starts_with("POST /v1/events/trigger HTTP/1.1\r\n"), "{post}");
        assert!(!post.to_lowercase().contains("proxy-authorization"), "{post}");
    }
}

#[test]
fn http_through_a_proxy_with_a_password() {
    for (is_tls, scheme) in [(false, "http"), (true, "https")] {
        let (port, requests) = listen(is_tls);
        let proxy = format!("{scheme}://user:secret@localhost:{port}");
        let seen = requests_of("http://api.invalid", ("HTTP_PROXY", &proxy), &requests);
        let [post] = &seen[..] else { panic!("{scheme}: {seen:?}") };
        assert!(post.starts_with("POST http://api.invalid/v1/events/trigger HTTP/1.1\r\n"), "{post}");
        assert!(post.to_lowercase().contains(PROXY_AUTHORIZATION), "{post}");
    }
}

#[tokio::test]
async fn a_certificate_of_an_unknown_ca_is_a_connect_error() {
    let (port, requests) = listen(true);
    let client = Client::builder().api_key("k").base_url(format!("https://localhost:{port}"));
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let error = Event::untyped("welcome", serde_json::json!({})).to("ada").send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.fate()), (ErrorKind::Connect, Fate::NotQueued), "{error}");
    assert!(requests.lock().unwrap().is_empty());
}

/// The server behind the proxy has a certificate of a known CA, but for other names.
#[test]
fn a_certificate_of_another_host_is_not_accepted() {
    let (port, requests) = listen(false);
    let (ca, proxy) = (file("ca.pem"), format!("http://localhost:{port}"));
    let variables = [("TELEFLOW_API_KEY", "k"), ("TELEFLOW_API_URL", "https://other.invalid")];
    let variables = [variables, [("SSL_CERT_FILE", ca.to_str().unwrap()), ("HTTPS_PROXY", &proxy)]].concat();
    let mut child = live_command(&variables).spawn().unwrap();
    let started = Instant::now();
    // Another attempt begins after the first one has failed.
    while requests.lock().unwrap().len() < 2 && started.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let seen = requests.lock().unwrap();
    assert!(
        seen.len() >= 2 && seen.iter().all(|request| request.starts_with("CONNECT other.invalid:443 ")),
        "{seen:?}"
    );
}

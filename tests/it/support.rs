//! Helpers that several test modules share: a test server, captured logs, constants.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use teleflow::{Client, ClientBuilder, RetryPolicy};
use tracing_subscriber::fmt::MakeWriter;

/// Object keys that the server removes at any depth. Not taken from the library, so that its list is tested.
pub const STRIPPED_KEYS: [&str; 11] = [
    "__proto__",
    "toString",
    "toLocaleString",
    "valueOf",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
];

pub const API_KEY: &str = "sk-the-secret-key-0123456789";

/// A server that sends the same response to every request and records the requests.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Responds with these bytes, which include the head, and closes the connection.
    pub fn responding(response: impl Into<Vec<u8>>) -> Self {
        let response = response.into();
        Self::with_handler(move |connection| {
            let _ = connection.write_all(&response);
        })
    }

    /// Responds with this status, these headers (each ends with `\r\n`) and this body.
    pub fn status(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::responding(format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
        ))
    }

    /// Reads each request and then passes the connection to `handle`.
    pub fn with_handler(handle: impl Fn(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        thread::spawn(move || {
            for mut connection in listener.incoming().map_while(Result::ok) {
                if let Some(request) = read_request(&mut connection) {
                    recorded.lock().unwrap().push(request);
                    handle(&mut connection);
                }
            }
        });
        Self { url, requests }
    }

    /// The requests so far, each with its head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// A client of this server that makes one attempt.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().api_key(API_KEY).base_url(&self.url);
        builder.retry(RetryPolicy::none()).timeout(Duration::from_millis(1500))
    }
}

/// Reads one request: its head and its body.
pub fn read_request(connection: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 64 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
            let expected: usize = head.lines().find_map(length).unwrap_or(0);
            if body.len() >= expected {
                return Some(text.into_owned());
            }
        }
        match connection.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

/// A writer for `tracing_subscriber` that keeps what is logged.
#[derive(Clone, Default)]
pub struct CapturedLog(Arc<Mutex<Vec<u8>>>);

impl CapturedLog {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for CapturedLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for CapturedLog {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The TLS configuration of an application's own HTTP client, without root certificates.
#[cfg(feature = "reqwest")]
pub fn tls_config() -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports the default protocol versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

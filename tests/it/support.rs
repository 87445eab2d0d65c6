//! What several tests use.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use teleflow::{Client, ClientBuilder, RetryPolicy};

/// Keys of objects that the server removes at any depth, written down by themselves: the product has a list of its own.
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

pub const KEY: &str = "sk-the-secret-key-0123456789";

/// A server that answers every request with the same bytes and keeps what it was sent.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers with these bytes, headers and all, and closes the connection.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::doing(move |connection| {
            let _ = connection.write_all(&answer);
        })
    }

    /// Answers with this status, these headers (each ending with a line break) and this body.
    pub fn status(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::answering(format!(
            "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
        ))
    }

    /// Does this with the connection, once the request has been read.
    pub fn doing(act: impl Fn(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for mut connection in listener.incoming().map_while(Result::ok) {
                if let Some(request) = read(&mut connection) {
                    seen.lock().unwrap().push(request);
                    act(&mut connection);
                }
            }
        });
        Self { url, requests }
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// A client of this server that tries once.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    pub fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().api_key(KEY).base_url(&self.url);
        builder.retry(RetryPolicy::none()).timeout(Duration::from_millis(1500))
    }
}

/// One request, head and body.
fn read(connection: &mut TcpStream) -> Option<String> {
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

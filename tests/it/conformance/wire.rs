//! An HTTP/1.1 client that sends any target, any case of header names and any body unchanged.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::SocketAddr;

use flate2::read::{GzDecoder, ZlibDecoder};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A received response.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    /// By name in lower case. Of several headers with one name this has the last one.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl HttpResponse {
    /// The body as JSON, `null` if there is none.
    pub(crate) fn json(&self) -> Result<Value, String> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| format!("the body is not JSON ({error}): {}", String::from_utf8_lossy(&self.body)))
    }
}

/// Sends one request on a new connection.
pub(crate) async fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &BTreeMap<String, String>,
    body: Option<&[u8]>,
) -> Result<HttpResponse, String> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut received = Vec::new();
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.unwrap_or_default()).await?;
        stream.read_to_end(&mut received).await
    };
    exchange.await.map_err(|error| format!("{method} {target}: {error}"))?;
    parse(&received).ok_or_else(|| format!("not an HTTP response: {}", String::from_utf8_lossy(&received)))
}

/// Parses a response that ends with its connection. The emulator does not send chunked responses.
fn parse(bytes: &[u8]) -> Option<HttpResponse> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let sent = &bytes[end + 4..];
    if headers.get("content-length").is_some_and(|length| length.parse() != Ok(sent.len())) {
        return None;
    }
    let mut body = Vec::new();
    match headers.get("content-encoding").map(String::as_str) {
        None => body.extend_from_slice(sent),
        Some("gzip") => drop(GzDecoder::new(sent).read_to_end(&mut body).ok()?),
        Some("deflate") => drop(ZlibDecoder::new(sent).read_to_end(&mut body).ok()?),
        Some(_) => return None,
    }
    Some(HttpResponse { status, headers, body })
}

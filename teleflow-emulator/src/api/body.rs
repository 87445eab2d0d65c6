//! The body parser: bytes to JSON, before any other stage reads the request.
//!
//! Source: `bootstrap.ts` of the server, and the `body-parser` package it uses.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

use bytes::Bytes;
use flate2::read::{GzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::form;
use super::response::Failure;
use crate::js;

/// The largest limit of any route, in decompressed bytes.
pub(crate) const LARGE_LIMIT: usize = 20 * 1024 * 1024;

/// The limit of every path without one of [`LARGE_PREFIXES`].
const SMALL_LIMIT: usize = 100 * 1024;

const LARGE_PREFIXES: [&str; 4] = ["/v1/events", "/v1/notification-templates", "/v1/workflows", "/v1/layouts"];

/// A parsed body.
#[derive(Debug)]
pub(crate) enum Body {
    /// An object or an array. An empty object if there is no body or its content type is unknown.
    Json(Value),
    /// Nested too deeply for the stages after the parser.
    TooDeep,
}

impl Body {
    /// A hash of the body, for the idempotency cache. It ignores white space, but not the order of keys.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            Self::Json(value) => value.to_string().hash(&mut hasher),
            Self::TooDeep => u8::MAX.hash(&mut hasher),
        }
        hasher.finish()
    }
}

/// Parses the body of a request to `path`.
pub(crate) fn parse(path: &str, headers: &HeaderMap, raw: &Bytes) -> Result<Body, Failure> {
    let content_type = header(headers, CONTENT_TYPE.as_str());
    let mut parts = content_type.split(';');
    let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(charset_of).unwrap_or_else(|| "utf-8".to_owned());
    let is_form = media_type == "application/x-www-form-urlencoded";
    if raw.is_empty() || !(is_form || media_type == "application/json") {
        return Ok(Body::Json(Value::Object(Map::new())));
    }
    check_charset(&charset, is_form)?;
    let bytes = inflate(header(headers, CONTENT_ENCODING.as_str()), raw, limit(path))?;
    let text = decode(&charset, &bytes);
    if is_form { Ok(Body::Json(form::parse(&text))) } else { parse_json(&text) }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn limit(path: &str) -> usize {
    let path = path.to_ascii_lowercase();
    let is_large = LARGE_PREFIXES
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])));
    if is_large { LARGE_LIMIT } else { SMALL_LIMIT }
}

fn charset_of(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
}

fn check_charset(charset: &str, is_form: bool) -> Result<(), Failure> {
    let is_supported = if is_form { charset == "utf-8" } else { charset.starts_with("utf-") };
    if is_supported {
        return Ok(());
    }
    let message = format!("unsupported charset \"{}\"", charset.to_ascii_uppercase());
    Err(Failure::Bare(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
}

/// Decompresses the body. The limit applies to the decompressed bytes.
fn inflate<'a>(encoding: &str, raw: &'a [u8], limit: usize) -> Result<Cow<'a, [u8]>, Failure> {
    let encoding = encoding.to_ascii_lowercase();
    let inflated = match encoding.as_str() {
        "" | "identity" => Cow::Borrowed(raw),
        "gzip" => Cow::Owned(read_up_to(limit, GzDecoder::new(raw))?),
        "deflate" => Cow::Owned(read_up_to(limit, ZlibDecoder::new(raw))?),
        _ => {
            let message = format!("unsupported content encoding \"{encoding}\"");
            return Err(Failure::Bare(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
    };
    if inflated.len() > limit {
        return Err(Failure::Bare(StatusCode::PAYLOAD_TOO_LARGE, "request entity too large".to_owned()));
    }
    Ok(inflated)
}

/// Reads at most one byte more than the limit, which shows that the limit is exceeded.
fn read_up_to(limit: usize, decoder: impl Read) -> Result<Vec<u8>, Failure> {
    let mut inflated = Vec::new();
    let max = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    match decoder.take(max).read_to_end(&mut inflated) {
        Ok(_) => Ok(inflated),
        Err(error) => {
            let is_truncated = error.kind() == std::io::ErrorKind::UnexpectedEof;
            let message = if is_truncated { "unexpected end of file" } else { "incorrect header check" };
            Err(Failure::Bare(StatusCode::BAD_REQUEST, message.to_owned()))
        }
    }
}

fn decode(charset: &str, bytes: &[u8]) -> String {
    let text = match charset {
        "utf-16" | "utf-16le" => utf16(bytes, u16::from_le_bytes),
        "utf-16be" => utf16(bytes, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _odd_byte) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

fn parse_json(text: &str) -> Result<Body, Failure> {
    if text.is_empty() {
        return Ok(Body::Json(Value::Object(Map::new())));
    }
    // `body-parser` is strict by default: the first character must open an object or an array.
    match text.trim_start_matches([' ', '\t', '\n', '\r']).chars().next() {
        Some('{' | '[') => {}
        Some(first) => {
            return Err(malformed(format!("Unexpected token '{first}', \"{text}\" is not valid JSON")));
        }
        None => return Err(malformed("Unexpected end of JSON input".to_owned())),
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => Ok(Body::Json(js::with_js_numbers(value))),
        // The limit of serde_json is 128 levels. The server's limit is between 100 and 10 000.
        Err(error) if error.to_string().starts_with("recursion limit exceeded") => Ok(Body::TooDeep),
        Err(error) if error.is_eof() => Err(malformed("Unexpected end of JSON input".to_owned())),
        Err(error) => Err(malformed(format!("Unexpected token in JSON at column {}", error.column()))),
    }
}

fn malformed(message: String) -> Failure {
    Failure::bad_request(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(content_type: &str, text: &str) -> Result<Body, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        parse("/v1/events/trigger", &headers, &Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn numbers_are_parsed_as_doubles() {
        let Ok(Body::Json(body)) = parse_text("application/json", "[1.0, 9007199254740993, -0.0, 1.5]") else {
            panic!("expected JSON");
        };
        assert_eq!(body.to_string(), "[1,9007199254740992,0,1.5]");
    }

    #[test]
    fn a_deeply_nested_body_does_not_overflow_the_stack() {
        let deep = "[".repeat(1_000_000);
        assert!(matches!(parse_text("application/json", &deep), Ok(Body::TooDeep)));
    }

    #[test]
    fn a_prefix_ends_at_a_path_segment() {
        assert_eq!(limit("/v1/events/trigger"), LARGE_LIMIT);
        assert_eq!(limit("/V1/EVENTS?x"), LARGE_LIMIT);
        assert_eq!(limit("/v1/eventsx"), SMALL_LIMIT);
        assert_eq!(limit("/v1/subscribers/bulk"), SMALL_LIMIT);
    }
}

//! Responses: results in an envelope, and the kinds of error body that the server has.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::header::{ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// A successful response.
#[derive(Debug, Clone)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Success {
    /// Wraps the data as `{"data": X}`, as the server does except for lists.
    pub(crate) fn wrapped(status: StatusCode, data: Value) -> Self {
        Self { status, body: json!({ "data": data }) }
    }
}

/// An error response, by how the server raised it.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// An exception class with a message: `message`, `error`, `statusCode`.
    Named(StatusCode, Value),
    /// An exception class without a message: `message`, `statusCode`.
    Unnamed(StatusCode),
    /// An exception from a string and a status, or from the body parser: `statusCode`, `message`.
    Bare(StatusCode, String),
    /// An unexpected JavaScript error. The response is a 500 without the message; an item of a bulk has the message.
    Thrown(String),
}

impl Failure {
    pub(crate) fn bad_request(message: impl Into<Value>) -> Self {
        Self::Named(StatusCode::BAD_REQUEST, message.into())
    }

    pub(crate) fn unauthorized(message: impl Into<Value>) -> Self {
        Self::Named(StatusCode::UNAUTHORIZED, message.into())
    }

    pub(crate) fn not_found(message: impl Into<Value>) -> Self {
        Self::Named(StatusCode::NOT_FOUND, message.into())
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Named(status, _) | Self::Unnamed(status) | Self::Bare(status, _) => *status,
            Self::Thrown(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The body of the response.
    pub(crate) fn body(&self) -> Value {
        let status = self.status();
        match self {
            Self::Named(_, message) => {
                json!({ "message": message, "error": reason(status), "statusCode": status.as_u16() })
            }
            Self::Unnamed(_) => json!({ "message": reason(status), "statusCode": status.as_u16() }),
            Self::Bare(_, message) => json!({ "statusCode": status.as_u16(), "message": message }),
            Self::Thrown(_) => json!({ "statusCode": 500, "message": "Internal server error" }),
        }
    }

    /// The `error` of an item of a bulk.
    pub(crate) fn item_errors(&self) -> Vec<Value> {
        match self {
            Self::Named(_, Value::Array(messages)) => messages.clone(),
            Self::Named(_, message) => vec![message.clone()],
            Self::Unnamed(status) => vec![reason(*status).into()],
            Self::Bare(_, message) | Self::Thrown(message) => vec![message.as_str().into()],
        }
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Error")
}

/// Builds a JSON response. `extra` are the headers that the stages of the pipeline have set.
pub(crate) fn json_response(status: StatusCode, body: &Value, extra: HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.extend(extra);
    response
}

/// The response to a browser's preflight request, for any path.
pub(crate) fn preflight_response() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-headers", "Authorization,User-Agent,Content-Type,Sentry-Trace"),
        ("access-control-allow-methods", "GET,HEAD,POST,PUT,DELETE,PATCH,OPTIONS"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Node's response to a request with a target and headers that are too long. It has no body, and closes the connection.
pub(crate) fn head_too_long_response() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Shorter bodies are not compressed, in bytes.
const MIN_COMPRESSED_LENGTH: usize = 1024;

/// Compresses a long body if the request accepts that, as the server's middleware does.
pub(crate) fn compress(mut response: Response<Bytes>, request: &HeaderMap) -> Response<Bytes> {
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    let accepted = request.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |name: &str| {
        accepted.split(',').any(|item| {
            let (coding, quality) = item.split_once(';').unwrap_or((item, ""));
            coding.trim().eq_ignore_ascii_case(name) && quality.trim() != "q=0"
        })
    };
    if response.body().len() < MIN_COMPRESSED_LENGTH {
        return response;
    }
    let body = response.body();
    let (coding, encoded) = if accepts("gzip") {
        ("gzip", write_all(GzEncoder::new(Vec::new(), Compression::default()), body, GzEncoder::finish))
    } else if accepts("deflate") {
        ("deflate", write_all(ZlibEncoder::new(Vec::new(), Compression::default()), body, ZlibEncoder::finish))
    } else {
        return response;
    };
    if let Ok(encoded) = encoded {
        *response.body_mut() = encoded.into();
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn write_all<W: Write>(mut encoder: W, body: &[u8], finish: fn(W) -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    encoder.write_all(body)?;
    finish(encoder)
}

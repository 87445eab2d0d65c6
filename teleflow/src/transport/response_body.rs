//! The rules for reading the body of a response.

use bytes::{Bytes, BytesMut};

use super::error::TransportError;
use super::limits::LARGEST_RESPONSE;

/// Whether a response with this HTTP status is of no use without its complete body.
///
/// A refusal is decided by its status, which was received. Only the messages in the body may be lost.
pub(super) fn is_required(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Adds the next chunk to the body.
///
/// # Errors
///
/// If the body is too large to be read.
pub(super) fn append(body: Bytes, chunk: Bytes, status: u16) -> Result<Bytes, TransportError> {
    if body.len() + chunk.len() > LARGEST_RESPONSE {
        return Err(TransportError::unreadable(status, format!("more than {LARGEST_RESPONSE} bytes")));
    }
    // Most bodies are one chunk, which is not copied.
    if body.is_empty() {
        return Ok(chunk);
    }
    let mut body = BytesMut::from(body);
    body.extend_from_slice(&chunk);
    Ok(body.freeze())
}

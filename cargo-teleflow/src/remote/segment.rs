//! Segments of URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except those that RFC 3986 calls unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a segment of a URL; `None` if it cannot be one. `.` and `..` are relative segments, even if they are encoded.
pub(super) fn encoded(segment: &str) -> Option<String> {
    let is_segment = !matches!(segment, "" | "." | "..");
    is_segment.then(|| utf8_percent_encode(segment, ESCAPED).to_string())
}

//! Decodes response bodies.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::sanitize;

/// A response body as text.
#[derive(Debug)]
pub struct Body<'a> {
    text: Cow<'a, str>,
    /// The `Content-Encoding`, if the body could not be decoded.
    unknown_encoding: Option<String>,
}

impl<'a> Body<'a> {
    /// Decodes a body of up to `largest` bytes. The client does not ask for compression, but some proxies compress anyway.
    ///
    /// A body that cannot be decoded is kept as it is: some transports decode it and leave the header.
    #[must_use]
    pub fn decode(headers: &HeaderMap, body: &'a [u8], largest: usize) -> Self {
        if !headers.contains_key(CONTENT_ENCODING) {
            return Self { text: text(body), unknown_encoding: None };
        }
        let encodings: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().collect();
        let encodings = encodings.iter().map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
        let encoding = encodings.collect::<Vec<_>>().join(",");
        let mut names = encoding.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity")).rev();
        // More than two encodings are not in use.
        let decoded = match (names.next(), names.next(), names.next()) {
            (None, ..) => return Self { text: text(body), unknown_encoding: None },
            (Some(last), None, _) => decompress(last, body, largest),
            (Some(last), Some(first), None) => {
                decompress(last, body, largest).and_then(|body| decompress(first, &body, largest))
            }
            _ => None,
        };
        match decoded {
            Some(body) => {
                Self { text: Cow::Owned(String::from_utf8_lossy(&body).into_owned()), unknown_encoding: None }
            }
            None => Self { text: text(body), unknown_encoding: Some(sanitize::text(&encoding)) },
        }
    }

    /// The text, without a byte order mark. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// The `Content-Encoding`, if it could not be decoded.
    #[must_use]
    pub fn unknown_encoding(&self) -> Option<&str> {
        self.unknown_encoding.as_deref()
    }
}

/// Replaces what is not UTF-8. The check alone is faster than `from_utf8_lossy`.
fn text(body: &[u8]) -> Cow<'_, str> {
    str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

fn decompress(encoding: &str, body: &[u8], largest: usize) -> Option<Vec<u8>> {
    match encoding {
        "gzip" | "x-gzip" => read(&mut MultiGzDecoder::new(body), largest),
        // Some servers omit the zlib header that `deflate` requires.
        "deflate" => {
            read(&mut ZlibDecoder::new(body), largest).or_else(|| read(&mut DeflateDecoder::new(body), largest))
        }
        _ => None,
    }
}

/// Reads a decoder to its end, unless it fails or returns more than `largest` bytes.
fn read(decoder: &mut dyn Read, largest: usize) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    decoder.take(largest as u64 + 1).read_to_end(&mut body).ok()?;
    (body.len() <= largest).then_some(body)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use http::HeaderMap;
    use http::header::CONTENT_ENCODING;

    use super::Body;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(encoding: &str, body: &[u8]) -> (String, Option<String>) {
        let headers = HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().unwrap())]);
        let body = Body::decode(&headers, body, 100);
        (body.text().to_owned(), body.unknown_encoding().map(String::from))
    }

    #[test]
    fn compressed_bodies_are_decoded() {
        let (mut zlib, mut deflate) =
            (ZlibEncoder::new(Vec::new(), Compression::fast()), DeflateEncoder::new(Vec::new(), Compression::fast()));
        zlib.write_all(b"{}").unwrap();
        deflate.write_all(b"{}").unwrap();
        for (encoding, body) in [
            ("", b"\xef\xbb\xbf{}".to_vec()),
            ("gzip", gzip(b"{}")),
            ("GZip, gzip", gzip(&gzip(b"{}"))),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", deflate.finish().unwrap()),
        ] {
            assert_eq!(decode(encoding, &body), (String::from("{}"), None), "{encoding}");
        }
    }

    #[test]
    fn other_bodies_are_kept() {
        assert_eq!(decode("br", b"{}"), (String::from("{}"), Some(String::from("br"))));
        assert_eq!(decode("gzip", b"{}"), (String::from("{}"), Some(String::from("gzip"))));
        assert_eq!(decode("gzip", &gzip(&[b'x'; 101])).1.as_deref(), Some("gzip"), "too large");
    }
}

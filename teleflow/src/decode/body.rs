//! The text of a response body.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::sanitize;
use crate::transport::Response;
use crate::transport::http::LARGEST_RESPONSE;

/// The body of a response as text.
pub(super) struct Body<'a> {
    text: Cow<'a, str>,
    /// The `Content-Encoding`, if the body could not be decoded.
    unknown_encoding: Option<String>,
}

impl<'a> Body<'a> {
    /// Decodes the body. The client asks for no compression, but proxies compress anyway.
    ///
    /// A body that does not decode is taken as it is: some transports decode it and leave the header.
    pub(super) fn of(response: &'a Response) -> Self {
        let encodings: Vec<_> = response.headers().get_all("content-encoding").iter().collect();
        let encodings = encodings.iter().map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
        let encoding = encodings.collect::<Vec<_>>().join(",");
        let mut names = encoding.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity")).rev();
        // Nobody compresses more than twice.
        let decoded = match (names.next(), names.next(), names.next()) {
            (None, ..) => return Self { text: String::from_utf8_lossy(response.body()), unknown_encoding: None },
            (Some(last), None, _) => decoded(last, response.body()),
            (Some(last), Some(first), None) => decoded(last, response.body()).and_then(|body| decoded(first, &body)),
            _ => None,
        };
        match decoded {
            Some(body) => {
                Self { text: Cow::Owned(String::from_utf8_lossy(&body).into_owned()), unknown_encoding: None }
            }
            None => {
                let text = String::from_utf8_lossy(response.body());
                Self { text, unknown_encoding: Some(sanitize::text(&encoding)) }
            }
        }
    }

    /// The text, without a byte order mark. Bytes that are not UTF-8 are replaced.
    pub(super) fn text(&self) -> &str {
        self.text.strip_prefix('\u{feff}').unwrap_or(&self.text)
    }

    /// The `Content-Encoding`, if this client cannot decode it.
    pub(super) fn unknown_encoding(&self) -> Option<&str> {
        self.unknown_encoding.as_deref()
    }
}

fn decoded(encoding: &str, body: &[u8]) -> Option<Vec<u8>> {
    match encoding {
        "gzip" | "x-gzip" => inflated(MultiGzDecoder::new(body)),
        // Some servers leave out the zlib header that the name asks for.
        "deflate" => inflated(ZlibDecoder::new(body)).or_else(|| inflated(DeflateDecoder::new(body))),
        _ => None,
    }
}

/// Everything that the decoder gives, unless it fails or gives more than is read of any response.
fn inflated(decoder: impl Read) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    decoder.take(LARGEST_RESPONSE as u64 + 1).read_to_end(&mut body).ok()?;
    (body.len() <= LARGEST_RESPONSE).then_some(body)
}

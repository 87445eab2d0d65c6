//! The corpus has one request and response in each line. A line that cannot be parsed fails alone.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A line, and the parts of it that are needed even if the rest cannot be parsed.
pub(super) struct Entry {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) tier: Tier,
    pub(super) line: Result<Line, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Core,
    Quirk,
}

/// A parsed line. An unknown field is an error.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Line {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "desc", default)]
    _desc: String,
    #[serde(rename = "tier")]
    _tier: String,
    pub(super) group: Option<String>,
    #[serde(rename = "step", default)]
    _step: u32,
    #[serde(default)]
    pub(super) setup: Vec<Setup>,
    #[serde(default)]
    pub(super) wait_before_ms: u64,
    pub(super) concurrent: Option<Value>,
    pub(super) endpoint: String,
    pub(super) method: String,
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "present")]
    body: Option<Value>,
    raw_body: Option<String>,
    body_spec: Option<BodySpec>,
    pub(super) r#match: Option<Match>,
    pub(super) expect: Expected,
    pub(super) jobs: Option<Vec<Value>>,
    pub(super) worker: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    pub(super) path: String,
    pub(super) body: Value,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Match {
    Status,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BodySpec {
    json: Value,
    pad_field: Option<String>,
    pad_char: Option<String>,
    total_bytes: Option<usize>,
    pad_bytes: Option<usize>,
    nest_arrays_at: Option<String>,
    depth: Option<usize>,
    encoding: Option<String>,
    compress: Option<String>,
}

/// Distinguishes `null` from a missing field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// All lines of a corpus.
pub(super) fn read(text: &str) -> Vec<Entry> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| entry(index + 1, line)).collect()
}

fn entry(number: usize, text: &str) -> Entry {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let field = |name: &str| value[name].as_str().map(str::to_owned);
    let (tier, unknown_tier) = match value["tier"].as_str() {
        Some("quirk") => (Tier::Quirk, None),
        Some("core") => (Tier::Core, None),
        other => (Tier::Core, Some(format!("unknown tier {other:?}"))),
    };
    let line = match unknown_tier {
        Some(error) => Err(error),
        None => serde_json::from_str(text).map_err(|error| error.to_string()),
    };
    Entry { number, id: field("id").unwrap_or_else(|| format!("line {number}")), tier, line }
}

impl Entry {
    /// Whether the line is in one of the groups. A line without an id is in every group.
    pub(super) fn is_in(&self, groups: &[&str]) -> bool {
        self.id.split_once('/').is_none_or(|(group, _)| groups.contains(&group))
    }
}

impl Line {
    /// The bytes of the body. `None` if the request has no body.
    pub(super) fn body(&self) -> Result<Option<Vec<u8>>, String> {
        match (&self.body, &self.raw_body, &self.body_spec) {
            (None | Some(Value::Null), None, None) => Ok(None),
            (Some(json), None, None) => Ok(Some(json.to_string().into_bytes())),
            (None, Some(raw), None) => Ok(Some(raw.clone().into_bytes())),
            (None, None, Some(spec)) => spec.build().map(Some),
            _ => Err("more than one of `body`, `rawBody`, `bodySpec`".to_owned()),
        }
    }
}

/// Replaced in the JSON text by arrays that are too deep, or a string that is too long, for a `Value`.
const PLACEHOLDER: &str = "\u{1}placeholder\u{1}";

impl BodySpec {
    fn build(&self) -> Result<Vec<u8>, String> {
        let mut text = self.json.to_string();
        if let Some(path) = &self.pad_field {
            let pad = self.pad_char.as_deref().ok_or("`padField` without `padChar`")?;
            let (before, after) = self.around(path)?;
            let length = match (self.total_bytes, self.pad_bytes) {
                (Some(total), None) => {
                    total.checked_sub(before.len() + after.len() + 2).ok_or("`totalBytes` is too small")?
                }
                (None, Some(bytes)) => bytes,
                _ => return Err("expected one of `totalBytes`, `padBytes`".to_owned()),
            };
            text = format!("{before}\"{}\"{after}", pad.repeat(length / pad.len()));
        }
        if let Some(path) = &self.nest_arrays_at {
            let depth = self.depth.ok_or("`nestArraysAt` without `depth`")?;
            let (before, after) = self.around(path)?;
            text = format!("{before}{}{}{after}", "[".repeat(depth), "]".repeat(depth));
        }
        let bytes = match self.encoding.as_deref() {
            None => text.into_bytes(),
            Some("utf16le") => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Some(other) => return Err(format!("unknown encoding `{other}`")),
        };
        match self.compress.as_deref() {
            None => Ok(bytes),
            Some("gzip") => compress(GzEncoder::new(Vec::new(), Compression::default()), &bytes, GzEncoder::finish),
            Some("deflate") => {
                compress(ZlibEncoder::new(Vec::new(), Compression::default()), &bytes, ZlibEncoder::finish)
            }
            Some("br") => Ok(stored_brotli(&bytes)),
            Some(other) => Err(format!("unknown compression `{other}`")),
        }
    }

    /// The JSON before and after the value at a dotted path.
    fn around(&self, path: &str) -> Result<(String, String), String> {
        let mut json = self.json.clone();
        let pointer: String = path.split('.').map(|key| format!("/{key}")).collect();
        *json.pointer_mut(&pointer).ok_or_else(|| format!("there is no field `{path}`"))? = PLACEHOLDER.into();
        let (text, marker) = (json.to_string(), Value::from(PLACEHOLDER).to_string());
        let (before, after) = text.split_once(&marker).ok_or("the placeholder is missing")?;
        Ok((before.to_owned(), after.to_owned()))
    }
}

fn compress<W: Write>(
    mut encoder: W,
    bytes: &[u8],
    finish: fn(W) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<u8>, String> {
    encoder.write_all(bytes).and_then(|()| finish(encoder)).map_err(|error| error.to_string())
}

/// Brotli without compression (RFC 7932, 9.2): stored metablocks of at most 64 KiB, and an empty last one.
fn stored_brotli(bytes: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    // The first metablock's header follows one bit for the window size; later ones begin at a byte.
    let mut skipped_bits = 1;
    for block in bytes.chunks(1 << 16) {
        // ISLAST 0, MNIBBLES 4, MLEN - 1 in 16 bits, ISUNCOMPRESSED 1.
        let header = ((block.len() - 1) << 3 | 1 << 19) << skipped_bits;
        stream.extend(&header.to_le_bytes()[..3]);
        stream.extend(block);
        skipped_bits = 0;
    }
    // ISLAST 1, ISLASTEMPTY 1.
    stream.push(3 << skipped_bits);
    stream
}

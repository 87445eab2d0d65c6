//! For `#[serde(with = "teleflow::as_string")]`: a number as text.
//!
//! The server is written in JavaScript and rounds integers beyond ±2^53, so ids of 64 bits arrive
//! changed. This client refuses to send them as numbers; as text they arrive whole.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Order {
//!     #[serde(with = "teleflow::as_string")]
//!     id: u64,
//! }
//!
//! let json = serde_json::to_string(&Order { id: u64::MAX })?;
//! assert_eq!(json, r#"{"id":"18446744073709551615"}"#);
//! assert_eq!(serde_json::from_str::<Order>(&json)?.id, u64::MAX);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer, de};

/// Writes `value` as the text that its `Display` makes.
///
/// # Errors
///
/// None of its own; those of the serializer.
///
/// ```
/// let mut out = Vec::new();
/// teleflow::as_string::serialize(&7_u64, &mut serde_json::Serializer::new(&mut out))?;
/// assert_eq!(out, b"\"7\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads a text and parses it.
///
/// # Errors
///
/// If what comes is no text, or `T`'s `FromStr` refuses it.
///
/// ```
/// let mut json = serde_json::Deserializer::from_str("\"7\"");
/// assert_eq!(teleflow::as_string::deserialize::<u64, _>(&mut json)?, 7);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

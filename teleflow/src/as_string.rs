//! For `#[serde(with = "teleflow::as_string")]`: numbers as strings.
//!
//! The server is written in JavaScript and rounds integers beyond ±2^53, so ids of 64 bits arrive
//! changed. This client refuses to send them as numbers; as strings they arrive whole.
//!
//! A field may also be an `Option`, a list, or a map of such values, to any depth: then each value is a
//! string. An `Option` field that may be missing needs `#[serde(default)]` too, as with every `with`.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Order {
//!     #[serde(with = "teleflow::as_string")]
//!     id: u64,
//!     #[serde(with = "teleflow::as_string")]
//!     parent: Option<u64>,
//!     #[serde(with = "teleflow::as_string")]
//!     items: Vec<u64>,
//! }
//!
//! let json = serde_json::to_string(&Order { id: u64::MAX, parent: None, items: vec![1, 2] })?;
//! assert_eq!(json, r#"{"id":"18446744073709551615","parent":null,"items":["1","2"]}"#);
//! assert_eq!(serde_json::from_str::<Order>(&json)?.id, u64::MAX);
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserializer, Serializer};

mod read;
mod write;

pub use read::FromString;
pub use write::AsString;

/// Writes `value` as the string that its `Display` makes; inside an `Option`, a list or a map, each value.
///
/// # Errors
///
/// None of its own; those of the serializer.
///
/// ```
/// let mut out = Vec::new();
/// teleflow::as_string::serialize(&[Some(7_u64), None], &mut serde_json::Serializer::new(&mut out))?;
/// assert_eq!(out, b"[\"7\",null]");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn serialize<T: AsString<Via> + ?Sized, Via, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// Reads a string and parses it; inside an `Option`, a list or a map, each string.
///
/// # Errors
///
/// If there is something else than a string, or if `FromStr` fails.
///
/// ```
/// let mut json = serde_json::Deserializer::from_str("[\"7\",null]");
/// let read: Vec<Option<u64>> = teleflow::as_string::deserialize(&mut json)?;
/// assert_eq!(read, [Some(7), None]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn deserialize<'de, T: FromString<'de, Via>, Via, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// How a type is a string: by itself.
#[doc(hidden)]
#[derive(Debug)]
pub enum Direct {}

/// How a type is a string: by what is inside, which is one as `Via` says.
#[doc(hidden)]
#[derive(Debug)]
pub struct Nested<Via>(std::marker::PhantomData<Via>);

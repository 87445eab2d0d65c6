//! Serializes numbers as strings, with `#[serde(with = "teleflow::as_string")]`.
//!
//! The server is written in JavaScript and rounds integers beyond ±2^53, which changes 64-bit ids. This library rejects them
//! as numbers; as strings they are not changed.
//!
//! A field may also be an `Option`, a list, or a map of such values, to any depth: then each value is a string. As with
//! every `with`, an `Option` field that may be missing also needs `#[serde(default)]`.
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

mod deserialize;
mod serialize;

pub use deserialize::FromString;
pub use serialize::AsString;

/// Serializes `value` as a string, with its `Display`; inside an `Option`, a list or a map, each value.
///
/// # Errors
///
/// The errors of the serializer.
///
/// ```
/// let mut out = Vec::new();
/// teleflow::as_string::serialize(&[Some(7_u64), None], &mut serde_json::Serializer::new(&mut out))?;
/// assert_eq!(out, b"[\"7\",null]");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn serialize<T: AsString<Via> + ?Sized, Via, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize_as_string(serializer)
}

/// Deserializes a string and parses it; inside an `Option`, a list or a map, each string.
///
/// # Errors
///
/// If a value is not a string, or if `FromStr` fails.
///
/// ```
/// let mut json = serde_json::Deserializer::from_str("[\"7\",null]");
/// let read: Vec<Option<u64>> = teleflow::as_string::deserialize(&mut json)?;
/// assert_eq!(read, [Some(7), None]);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn deserialize<'de, T: FromString<'de, Via>, Via, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize_from_string(deserializer)
}

/// Marks a type that is itself serialized as a string.
#[doc(hidden)]
#[derive(Debug)]
pub enum Direct {}

/// Marks a type whose elements are serialized as strings, as `Via` says.
#[doc(hidden)]
#[derive(Debug)]
pub struct Nested<Via>(std::marker::PhantomData<Via>);

//! JSON that is parsed one level at a time.
//!
//! What nobody reads is only skipped: a number beyond `f64` or a hundred levels of nesting there do no harm.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

/// One JSON value, not yet parsed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a>(&'a str);

/// The fields of an object. Of two fields with one name the last counts.
#[derive(Debug, Default)]
pub(super) struct Fields<'a>(BTreeMap<Text<'a>, &'a RawValue>);

impl<'a> Node<'a> {
    pub(super) const NULL: Self = Self("null");

    /// Checks that `text` is JSON.
    pub(super) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<&RawValue>(text).map(Self::from)
    }

    /// The fields, if this is an object.
    pub(super) fn fields(self) -> Option<Fields<'a>> {
        self.read().map(Fields)
    }

    /// The elements, if this is an array.
    pub(super) fn elements(self) -> Option<Vec<Self>> {
        let elements: Vec<&RawValue> = self.read()?;
        Some(elements.into_iter().map(Self::from).collect())
    }

    /// The text, if this is a string.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        self.read().map(|Text(text)| text)
    }

    /// The value, if this is a boolean.
    pub(super) fn boolean(self) -> Option<bool> {
        self.read()
    }

    /// The number or boolean as it is written.
    pub(super) fn scalar(self) -> Option<&'a str> {
        (!self.0.starts_with(['{', '[', '"', 'n'])).then_some(self.0)
    }

    fn read<T: Deserialize<'a>>(self) -> Option<T> {
        serde_json::from_str(self.0).ok()
    }
}

impl<'a> Fields<'a> {
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.0.get(name).copied().map(Node::from)
    }

    /// The string of this name.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.text()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Node<'a>)> {
        self.0.iter().map(|(name, value)| (name.0.as_ref(), Node::from(*value)))
    }
}

impl<'a> From<&'a RawValue> for Node<'a> {
    fn from(value: &'a RawValue) -> Self {
        Self(value.get())
    }
}

/// A string. JavaScript's strings may hold half a surrogate pair, which Rust's cannot: it is replaced.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(Cow<'a, str>);

impl std::borrow::Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsBytes;

        impl<'de> Visitor<'de> for AsBytes {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(String::from_utf8_lossy(bytes).into_owned())))
            }

            fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Text(String::from_utf8_lossy(bytes)))
            }
        }

        // As bytes: a `str` with half a surrogate pair is an error.
        deserializer.deserialize_bytes(AsBytes)
    }
}

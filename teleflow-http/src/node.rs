//! Lenient JSON that is parsed one level at a time.
//!
//! Values that are not read are skipped, so numbers beyond `f64` and deep nesting in them are not errors.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON value that is syntactically valid but not parsed.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a>(&'a str);

/// The fields of an object. The last of several fields with the same name counts.
#[derive(Debug, Default)]
pub struct Fields<'a>(BTreeMap<Text<'a>, &'a RawValue>);

impl<'a> Node<'a> {
    /// `null`.
    pub const NULL: Self = Self("null");

    /// Checks the syntax of `text`, without recursion.
    ///
    /// # Errors
    ///
    /// If `text` is not JSON.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<&RawValue>(text).map(Self::from)
    }

    /// The fields, if this is an object.
    #[must_use]
    pub fn fields(self) -> Option<Fields<'a>> {
        self.read().map(Fields)
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Self>> {
        let elements: Vec<&RawValue> = self.read()?;
        Some(elements.into_iter().map(Self::from).collect())
    }

    /// The text, if this is a string. Unpaired surrogates are replaced with U+FFFD.
    #[must_use]
    pub fn text(self) -> Option<Cow<'a, str>> {
        self.read().map(|Text(text)| text)
    }

    /// The value, if this is a boolean.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        self.read()
    }

    /// The source text, if this is a number or a boolean.
    #[must_use]
    pub fn scalar(self) -> Option<&'a str> {
        (!self.0.starts_with(['{', '[', '"', 'n'])).then_some(self.0)
    }

    /// The whole value down to `depth` levels of nesting, and whether deeper values were replaced with `null`.
    ///
    /// A number beyond `f64` becomes `null`, too.
    #[must_use]
    pub fn to_value(self, depth: usize) -> (Value, bool) {
        if let Some(text) = self.text() {
            return (Value::String(text.into_owned()), false);
        }
        if !self.0.starts_with(['{', '[']) {
            return (self.read().unwrap_or_default(), false);
        }
        let Some(depth) = depth.checked_sub(1) else {
            return (Value::Null, true);
        };
        let mut is_cut = false;
        let mut inner = |node: Self| {
            let (value, cut) = node.to_value(depth);
            is_cut |= cut;
            value
        };
        let value = match self.fields() {
            Some(fields) => fields.iter().map(|(name, node)| (name.to_owned(), inner(node))).collect(),
            None => self.elements().unwrap_or_default().into_iter().map(inner).collect(),
        };
        (value, is_cut)
    }

    fn read<T: Deserialize<'a>>(self) -> Option<T> {
        serde_json::from_str(self.0).ok()
    }
}

impl<'a> Fields<'a> {
    /// The field of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Node<'a>> {
        self.0.get(name).copied().map(Node::from)
    }

    /// The field of this name, if it is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.text()
    }

    /// All fields, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Node<'a>)> {
        self.0.iter().map(|(name, value)| (name.0.as_ref(), Node::from(*value)))
    }
}

impl<'a> From<&'a RawValue> for Node<'a> {
    fn from(value: &'a RawValue) -> Self {
        Self(value.get())
    }
}

/// A string. JavaScript's strings may contain unpaired surrogates, which Rust's cannot.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(Cow<'a, str>);

/// Replaces each surrogate, three bytes, with one U+FFFD, as browsers do.
fn replace_surrogates(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        // The second and the third byte are chunks of their own.
        if chunk.invalid().first().is_some_and(|byte| !(0x80..0xc0).contains(byte)) {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

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
                Ok(Text(Cow::Owned(replace_surrogates(bytes))))
            }

            fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Text(str::from_utf8(bytes).map_or_else(|_| replace_surrogates(bytes).into(), Cow::Borrowed)))
            }
        }

        // As bytes: an unpaired surrogate is an error in a `str`.
        deserializer.deserialize_bytes(AsBytes)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Node;

    const DEEPEST: usize = 100;

    fn to_value(text: &str) -> (Value, bool) {
        Node::parse(text).unwrap().to_value(DEEPEST)
    }

    #[test]
    fn unpaired_surrogates_are_replaced() {
        for (text, expected) in [
            (r#"["\ud800"]"#, json!(["\u{fffd}"])),
            (r#"["\udc00 \\ud800 \"\ud83c\udfa9\ud83c"]"#, json!(["\u{fffd} \\ud800 \"\u{1f3a9}\u{fffd}"])),
            (r#"{"\ud800\u0041":"\ud800\ud83c\udfa9"}"#, json!({ "\u{fffd}A": "\u{fffd}\u{1f3a9}" })),
        ] {
            assert_eq!(to_value(text), (expected, false), "{text}");
        }
    }

    #[test]
    fn deep_values_are_cut() {
        for levels in [130, 100_000] {
            let text = format!(r#"{{"a":{}"]"{},"b":"\"{{["}}"#, "[".repeat(levels), "]".repeat(levels));
            let (value, is_cut) = to_value(&text);
            assert!(is_cut);
            assert_eq!(value["b"], "\"{[");
            assert_eq!(value.pointer(&format!("/a{}", "/0".repeat(DEEPEST - 1))), Some(&json!(null)));
        }
        for text in ["", "<html>", "[\"", &"[".repeat(100_000), "[\"\\ud8\"]"] {
            assert!(Node::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_beyond_f64_are_null() {
        assert_eq!(to_value("[1e999, 1, -0.5, true]"), (json!([null, 1, -0.5, true]), false));
    }
}

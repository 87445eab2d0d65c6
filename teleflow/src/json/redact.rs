//! Replaces sensitive values in JSON that people read.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::{RawValue, to_raw_value};

use super::edit::{Edit, edit_object};
use super::sensitive::SensitivePaths;
use crate::invalid::Invalid;

/// The text that replaces a sensitive value.
const REDACTED: &str = "[redacted]";

/// Returns the payload with each sensitive value replaced by `"[redacted]"`. All other values keep their bytes.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn redact<'a>(payload: &'a RawValue, paths: &SensitivePaths) -> Result<Cow<'a, RawValue>, Invalid> {
    let mut root = Node::default();
    for path in paths.as_slice() {
        let mut node = &mut root;
        for key in path.split('/').skip(1) {
            node = node.inside.entry(key.replace("~1", "/").replace("~0", "~")).or_default();
        }
        node.is_sensitive = true;
    }
    root.redact(payload)
}

/// A value, and those inside of it that are sensitive, by their keys or indices.
#[derive(Default)]
struct Node {
    is_sensitive: bool,
    inside: HashMap<String, Node>,
}

impl Node {
    fn redact<'a>(&self, value: &'a RawValue) -> Result<Cow<'a, RawValue>, Invalid> {
        if self.is_sensitive {
            return raw(REDACTED).map(Cow::Owned);
        }
        match value.get().as_bytes().first() {
            _ if self.inside.is_empty() => Ok(Cow::Borrowed(value)),
            Some(b'[') => self.redact_array(value),
            Some(b'{') => edit_object(value, "a part of the payload", |name, value| match self.inside.get(name) {
                Some(node) => node.redact(value).map(Edit::Replace),
                None => Ok(Edit::Keep),
            }),
            _ => Ok(Cow::Borrowed(value)),
        }
    }

    fn redact_array<'a>(&self, array: &RawValue) -> Result<Cow<'a, RawValue>, Invalid> {
        let elements: Vec<&RawValue> =
            serde_json::from_str(array.get()).map_err(|_| Invalid::new("a part of the payload cannot be read"))?;
        let redacted = elements.into_iter().enumerate().map(|(index, element)| {
            self.inside.get(&index.to_string()).map_or(Ok(Cow::Borrowed(element)), |node| node.redact(element))
        });
        raw(&redacted.collect::<Result<Vec<_>, _>>()?).map(Cow::Owned)
    }
}

fn raw<T: serde::Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, Invalid> {
    to_raw_value(value).map_err(|_| Invalid::new("the payload cannot be written"))
}

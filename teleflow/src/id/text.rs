//! The text of an id that is usually a UUID.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// The text of an id that is usually a UUID.
///
/// A text as long as a UUID is kept inline, so such ids are created and cloned without an allocation. It is kept as text, not
/// as 16 bytes, because the body, the header and the comparison with the response all need the text.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub(crate) enum UuidText {
    /// Always UTF-8.
    Inline([u8; Hyphenated::LENGTH]),
    /// Never of the length of a UUID.
    Other(Box<str>),
}

impl UuidText {
    /// The text of a random UUID v4.
    pub(crate) fn random() -> Self {
        Self::from(Uuid::new_v4())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Inline(text) => text,
            Self::Other(text) => text.as_bytes(),
        }
    }
}

impl Deref for UuidText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Inline(text) => str::from_utf8(text).unwrap_or_default(),
            Self::Other(text) => text,
        }
    }
}

impl From<Uuid> for UuidText {
    fn from(id: Uuid) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        id.hyphenated().encode_lower(&mut text);
        Self::Inline(text)
    }
}

impl From<&str> for UuidText {
    fn from(text: &str) -> Self {
        text.as_bytes().try_into().map_or_else(|_| Self::Other(text.into()), Self::Inline)
    }
}

impl From<String> for UuidText {
    fn from(text: String) -> Self {
        text.as_bytes().try_into().map_or_else(|_| Self::Other(text.into_boxed_str()), Self::Inline)
    }
}

impl PartialOrd for UuidText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UuidText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Serialize for UuidText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl fmt::Debug for UuidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

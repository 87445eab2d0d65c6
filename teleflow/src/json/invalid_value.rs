//! Why a value is rejected, and where in it.

use std::fmt;

use teleflow_catalog::server_facts::ReservedKey;

use crate::invalid::Invalid;

/// The server answers 500 to values that are nested deeper.
pub(super) const MAX_DEPTH: u8 = 100;

/// Why a value is rejected, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidValue {
    /// `.items[2].sku`
    pub(super) path: String,
    pub(super) reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    NotAnObject,
    ReservedKey(ReservedKey),
    /// A key at the payload's top level that the server takes for an address.
    Address,
    /// A key at the payload's top level that the server hides in templates.
    Shadowed,
    DuplicateKey,
    /// An integer beyond ±(2^53 − 1).
    UnsafeInteger,
    NotFinite,
    TooDeep,
    /// The message of the value's own `Serialize`.
    Custom(String),
}

impl InvalidValue {
    /// The message, for the value called `name`, such as `payload`.
    pub(crate) fn named(&self, name: &str) -> Invalid {
        let path = &self.path;
        Invalid::new(match &self.reason {
            Reason::NotAnObject => format!("`{name}{path}` is not a JSON object; send a struct or a map"),
            Reason::ReservedKey(key) => {
                format!("`{name}{path}` is a reserved key: {}; rename the key", key.consequence())
            }
            Reason::Address => format!(
                "`{name}{path}` is an address to the server, which would send there instead of to the subscriber's own \
                 address; rename the key, or allow it with `#[teleflow(address(..))]` on the struct (untyped events: with \
                 `.address_from_payload()`)"
            ),
            Reason::Shadowed => format!(
                "`{name}{path}` is hidden in templates by the server's own value; rename the key, or allow it with \
                 `#[teleflow(shadowed(..))]` on the struct"
            ),
            Reason::DuplicateKey => {
                format!(
                    "`{name}{path}` is serialized twice, but the server reads only one of the two; rename one of them"
                )
            }
            Reason::UnsafeInteger => format!(
                "`{name}{path}` is an integer beyond ±2^53, which the server rounds; send it as a string with \
                 `#[serde(with = \"teleflow::as_string\")]`"
            ),
            Reason::NotFinite => format!("`{name}{path}` is NaN or infinite, which JSON cannot represent"),
            Reason::TooDeep => format!("`{name}` is nested deeper than {MAX_DEPTH} levels"),
            Reason::Custom(text) => format!("`{name}{path}` cannot be serialized: {text}"),
        })
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.named("").fmt(f)
    }
}

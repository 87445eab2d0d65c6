//! Serializes the application's values as JSON, and rejects what the server would misread.
//!
//! [`serializer`] writes each value as serde passes it on, and checks it. There is no intermediate `Value`, so the checks cost
//! little more than the serialization itself. `serde_json` writes numbers and strings with escapes.

// Each module imports only from those below it.
mod data;
mod redact;
mod sensitive;
mod edit;
mod serializer;
mod map_key;
mod raw;
mod safe_integer;
mod diagnostics;
mod seen_names;
mod known_names;
mod write;
mod invalid_value;
mod marks;

pub(crate) use data::JsonData;
pub(crate) use diagnostics::Role;
pub(crate) use edit::{Edit, edit_object};
pub(crate) use invalid_value::InvalidValue;
pub(crate) use marks::{Marks, mark};
pub(crate) use redact::redact;
pub use sensitive::SensitiveFields;
pub(crate) use sensitive::SensitivePaths;
pub(crate) use serializer::write_object;
pub(crate) use write::{write_string, write_utf8};

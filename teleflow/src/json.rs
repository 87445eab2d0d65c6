//! Serializes the application's values as JSON, and rejects what the server would misread.
//!
//! [`serializer`] sits between serde and `serde_json` and checks each value as serde passes it on. There is no
//! intermediate `Value`, so the checks cost little more than the serialization itself.

// Each module imports only from those below it.
mod data;
mod write;
mod serializer;
mod compound;
mod map_key;
mod raw;
mod safe_integer;
mod diagnostics;
mod seen_names;
mod invalid_value;

pub(crate) use data::JsonData;
pub(crate) use diagnostics::Role;
pub(crate) use invalid_value::InvalidValue;
pub(crate) use write::{write_object, write_string};

//! Writes values as JSON.

use serde::Serialize;

use super::diagnostics::{Diagnostics, Role};
use super::invalid_value::InvalidValue;
use super::serializer::CheckedSerializer;

/// Appends `value`, a JSON object, to `out`. On an error `out` is unchanged.
pub(crate) fn write_object<T: Serialize + ?Sized>(
    value: &T,
    role: Role,
    out: &mut Vec<u8>,
) -> Result<(), InvalidValue> {
    let start = out.len();
    let diagnostics = Diagnostics::new(role);
    let result = value.serialize(CheckedSerializer::root(&mut serde_json::Serializer::new(&mut *out), &diagnostics));
    diagnostics.finish(result).inspect_err(|_| out.truncate(start))
}

/// Appends a JSON string to `out`.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and every `str` is a valid JSON string.
    let _ = serde_json::to_writer(out, text);
}

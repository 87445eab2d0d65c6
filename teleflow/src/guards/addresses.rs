//! Values that are an address, or a list of them.

use serde_json::Value;
use serde_json::value::RawValue;

use super::destination::AddressKind;
use super::recipient_guard::RecipientGuard;
use crate::invalid::Invalid;
use crate::json::Edit;

/// Checks a value that the server sends to, called `name` in errors.
pub(super) fn guard<'a>(
    guard: &RecipientGuard,
    kind: AddressKind,
    name: &str,
    value: &RawValue,
) -> Result<Edit<'a>, Invalid> {
    if is_allowed(guard, kind, value) { Ok(Edit::Keep) } else { guard.reject(format_args!("{name} is an address")) }
}

fn is_allowed(guard: &RecipientGuard, kind: AddressKind, value: &RawValue) -> bool {
    // The server uses the subscriber's own address if it finds `null` or an empty text.
    let is_allowed = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty() || guard.allows(kind.destination(text)),
        _ => false,
    };
    match serde_json::from_str(value.get()) {
        Ok(Value::Array(list)) => list.iter().all(is_allowed),
        Ok(value) => is_allowed(&value),
        Err(_) => false,
    }
}

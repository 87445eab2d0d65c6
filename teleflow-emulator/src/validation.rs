//! The rules that the API applies to requests and the worker applies to recipients and layouts.

// A module imports only from those below it.
pub(crate) mod subscriber;
pub(crate) mod fields;
pub(crate) mod variables;
mod formats;

//! The rules of `class-validator` that the API applies to requests and the worker applies to recipients.

// A module imports only from those below it.
pub(crate) mod subscriber;
pub(crate) mod fields;
mod formats;

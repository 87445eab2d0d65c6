//! Spans, generated code and the text of messages.

// A module imports only from those below it.
pub(crate) mod bounds;
pub(crate) mod generated;
pub(crate) mod text;
pub(crate) mod span;

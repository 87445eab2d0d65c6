//! The HTTP API: from a request to its response.

// A module imports only from those below it.
pub(crate) mod pipeline;
mod events;
mod workflows;
mod layouts;
mod notifications;
pub(crate) mod state;
pub(crate) mod body;
mod form;
mod auth;
pub(crate) mod rate_limit;
mod idempotency;
mod route;
pub(crate) mod response;

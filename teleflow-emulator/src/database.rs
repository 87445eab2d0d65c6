//! The stored data: API keys, and the workflows, tenants, subscribers and topics of each environment.

// A module imports only from those below it.
pub(crate) mod seeds;
pub(crate) mod workflow;
pub(crate) mod store;
pub(crate) mod environment;
pub(crate) mod definition;

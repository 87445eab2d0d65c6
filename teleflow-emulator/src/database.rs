//! What the server stores: API keys, and in each environment workflows, tenants, subscribers and topics.

// A module imports only from those below it.
pub(crate) mod seeds;
pub(crate) mod workflow;
pub(crate) mod store;
pub(crate) mod environment;
pub(crate) mod definition;

//! The stored data: API keys, and the workflows, tenants, subscribers, topics, integrations, layouts and preferences of
//! each environment.

// A module imports only from those below it.
pub(crate) mod seeds;
pub(crate) mod template_files;
pub(crate) mod workflow_files;
pub(crate) mod catalog_folder;
pub(crate) mod workflow;
pub(crate) mod store;
pub(crate) mod subscriber;
pub(crate) mod environment;
pub(crate) mod integration;
pub(crate) mod preference;
pub(crate) mod layout;
pub(crate) mod definition;
pub(crate) mod message_template;
pub(crate) mod channel;

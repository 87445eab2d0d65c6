//! The routes under `/v1/events`: trigger, bulk, broadcast and cancel. An accepted event becomes a job in the queue.

// A module imports only from those below it.
pub(crate) mod handlers;
mod validate;
mod unknown;
mod accept;
mod variables;
mod attachments;

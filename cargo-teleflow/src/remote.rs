//! Fetches workflows from the server.

// A module imports only from those below it.
mod fetch;
mod layouts;
mod listing;

pub(crate) use fetch::fetch_all;
pub(crate) use listing::{Listing, list, no_such_workflow};

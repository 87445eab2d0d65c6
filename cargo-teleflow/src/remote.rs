//! Fetches workflows from the server.

// A module imports only from those below it.
mod fetch;
mod layouts;
mod listing;
mod segment;

pub(crate) use fetch::{Fetched, fetch_all};
pub(crate) use listing::{Listing, list, no_such_workflow};

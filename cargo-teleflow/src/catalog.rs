//! The catalog's folder, and the packages that are built from it.

// A module imports only from those below it.
mod packages;
mod folder;

pub(crate) use folder::{Catalog, Entry};
pub(crate) use packages::{invalidate_dependents, outdated_packages};

//! The catalog's folder, and the packages that are built from it.

// A module imports only from those below it.
pub(crate) mod invalidate;
mod folder;

pub(crate) use folder::{Catalog, Entry};

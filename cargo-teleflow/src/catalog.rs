//! The catalog's folder, and the packages that are built from it.

// A module imports only from those below it.
mod packages;
mod find;
mod folder;
mod catalog_file;

pub(crate) use catalog_file::CatalogFile;
pub(crate) use find::Catalog;
pub(crate) use folder::{Entry, Folder};
pub(crate) use packages::{invalidate_dependents, outdated_packages};

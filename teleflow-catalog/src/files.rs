//! Workflow files: where the catalog is, and how its files are named, read and written.

// A module imports only from those below it.
pub mod location;
mod manifest;
mod read;
mod write;
mod workflow;
mod file_name;

pub use file_name::file_name;
pub use read::{Malformed, not_a_workflow_file};
pub use workflow::{Need, Type, Variable, Workflow, steps_in_words};

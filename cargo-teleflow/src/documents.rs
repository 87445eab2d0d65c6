//! Reads the server's documents: a workflow with its steps, templates and schema becomes the variables of its payload.

// A module imports only from those below it.
mod template_file;
mod interpret;
mod dialect;
mod liquid;
mod steps;
mod handlebars;
mod texts;
mod schema;
mod scope;
mod variable_tree;
mod usage;
mod path;

pub(crate) use interpret::interpret;
pub(crate) use schema::{add as add_schema, alternative_properties};
pub(crate) use steps::LAYOUT;
pub(crate) use template_file::template_file;

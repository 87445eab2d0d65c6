//! Template files: what the server renders messages from, one file for each workflow. `cargo teleflow pull --templates`
//! writes them, and the emulator loads them. The derive does not read them.

// A module imports only from those below it.
mod read;
mod write;
mod lines;
mod template_file;

pub use read::{not_a_template_file, type_error};
pub use template_file::{FOLDER, TemplateFile};

//! The variables that a Teleflow workflow reads, and the check of Rust types against them. Internal to the `teleflow` crate and
//! to `cargo teleflow`; it changes without notice.
//!
//! * [`rules`] is always compiled and `const`: the derive and the constants that it generates share the checks.
//! * [`files`] (feature `files`) reads and writes `.teleflow/<trigger>.json`.
//! * [`templates`] (feature `templates`) reads and writes `.teleflow/templates/<trigger>.json`.
//! * [`server_facts`] lists the names and numbers that the server treats specially.

// A module imports only from those below it.
#[cfg(feature = "templates")]
pub mod templates;
#[cfg(feature = "files")]
pub mod files;
pub mod rules;
pub mod server_facts;
#[cfg(feature = "files")]
pub mod suggest;
mod const_str;

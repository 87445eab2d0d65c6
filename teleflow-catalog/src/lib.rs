//! What a Teleflow workflow wants of its payload. Inner workings of the `teleflow` crate and of `cargo teleflow`;
//! it changes without notice.
//!
//! The rules (always there, `const`, so that the derive and the compiler's evaluation of constants share them):
//! how serde writes a type ([`Form`]), what a workflow wants of a variable ([`Want`]), and the complaint where the one
//! does not fit the other ([`judge`]).
//!
//! The files (feature `files`): `.teleflow/<trigger>.json`, read by the derive and written by `cargo teleflow pull`.

// A module imports only from those below it.
#[cfg(feature = "files")]
pub mod dir;
#[cfg(feature = "files")]
mod manifest;
#[cfg(feature = "files")]
mod read;
#[cfg(feature = "files")]
mod write;
#[cfg(feature = "files")]
mod workflow;
#[cfg(feature = "files")]
mod file_name;
pub mod judge;
pub mod flattened;
pub mod server_facts;
pub mod suggest;
mod want;
mod form;
mod text;

#[cfg(feature = "files")]
pub use file_name::file_name;
pub use form::{Form, Name, Shape, index_of, knows};
#[cfg(feature = "files")]
pub use read::Malformed;
pub use text::Text;
pub use want::{Kind, Node, NodeRow, Place, Question, Want};
#[cfg(feature = "files")]
pub use workflow::{Need, Type, Variable, Workflow, steps_in_words};

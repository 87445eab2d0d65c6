//! The check of a Rust type against a workflow's requirements. Everything here is `const`.

// A module imports only from those below it.
pub mod compat;
pub mod flattened;
mod requirement;
mod shape;
mod const_string;

pub use const_string::ConstString;
pub use requirement::{Kind, Node, NodeRow, Question, Requirement, WorkflowRef};
pub use shape::{FieldInfo, Shape, TypeInfo, index_of, knows};

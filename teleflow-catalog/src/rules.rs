//! The check of a Rust type against a workflow's requirements. Everything here is `const`: the derive calls it for types
//! that it recognizes, and generated constants call it for all others, so both report the same errors.

// A module imports only from those below it.
pub mod flattened;
pub mod compat;
pub mod messages;
mod type_check;
mod requirement;
mod shape;
mod const_string;

pub use const_string::ConstString;
pub use requirement::{Kind, Requirement, WorkflowRef};
pub use shape::{FieldInfo, Shape, TypeInfo, has_field, index_of};
pub use type_check::{Rule, TypeCheck, TypeCheckRow};

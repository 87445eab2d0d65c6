//! `#[derive(TeleflowWorkflow)]`: three stages, each a function of the one before.
//!
//! ```text
//! parse    tokens → `ParsedInput`              (keeps spans, checks single keys)
//! check    `ParsedInput` → `CheckedWorkflow`   (reports all errors at once)
//! expand   `CheckedWorkflow` → tokens          (cannot fail)
//! ```

// A module imports only from those below it.
pub(crate) mod parse;
mod check;
mod expand;
mod catalog_check;
mod sensitive;
pub(crate) mod names;
mod template;
mod model;
mod workflow_file;
mod expected_variable;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

pub(crate) use expand::tracked_variable;

/// Implements the workflow's traits, and checks the struct against its workflow file.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let input = parse::parse(input, &mut errors);
    match check::check(&input, errors) {
        Ok(workflow) => expand::expand(&workflow),
        Err(errors) => expand::expand_after_errors(&input, &errors),
    }
}

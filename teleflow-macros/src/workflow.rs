//! `#[derive(TeleflowWorkflow)]`: three stages, each a function of the one before.
//!
//! ```text
//! parse    tokens → `Written`: what the author wrote      (keeps spans, decides nothing)
//! check    `Written` → `Workflow`: what it means          (reports all errors at once)
//! expand   `Workflow` → tokens                            (cannot fail)
//! ```

// A module imports only from those below it.
pub(crate) mod parse;
mod check;
mod expand;
mod catalog_check;
pub(crate) mod names;
mod template;
mod model;
mod workflow_file;
mod requirement;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// Implements the workflow's traits, and checks the struct against its workflow file.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let written = parse::parse(input, &mut errors);
    match check::check(&written, errors) {
        Ok(workflow) => expand::expand(&workflow),
        Err(errors) => expand::despite(&written, &errors),
    }
}

pub(crate) use expand::watched;

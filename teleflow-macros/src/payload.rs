//! `#[derive(TeleflowPayload)]`, for the types inside a payload.
//!
//! ```text
//! parse    tokens → `Declaration`: the type, its attributes read      (decides nothing)
//! check    `Declaration` → `PayloadType`: how serde serializes it     (reports all errors at once)
//! expand   `PayloadType` → tokens                                     (cannot fail)
//! ```

// A module imports only from those below it.
mod expand;
mod check;
mod variants;
mod fields;
mod parse;
mod shape;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// Implements `TeleflowPayload`.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let declaration = parse::parse(input, &mut errors);
    match check::check(&declaration, errors) {
        Ok(payload) => expand::expand(&payload),
        Err(errors) => expand::expand_after_errors(&declaration, &errors),
    }
}

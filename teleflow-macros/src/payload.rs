//! `#[derive(TeleflowPayload)]`, for the types inside a payload.
//!
//! ```text
//! parse    tokens → `ParsedInput`             (keeps spans, checks single keys)
//! check    `ParsedInput` → `CheckedPayload`   (how serde serializes the type; reports all errors at once)
//! expand   `CheckedPayload` → tokens          (cannot fail)
//! ```

// A module imports only from those below it.
mod expand;
mod check;
mod sensitive;
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
    let input = parse::parse(input, &mut errors);
    match check::check(&input, errors) {
        Ok(payload) => expand::expand(&payload),
        Err(errors) => expand::expand_after_errors(&input, &errors),
    }
}

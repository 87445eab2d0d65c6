//! `#[derive(TeleflowPayload)]`: the same three stages, for the types inside a payload.

mod expand;
mod check;
mod variants;
mod fields;
mod written;
mod meaning;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diag::Errors;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let written = written::parse(input, &mut errors);
    match check::check(&written, errors) {
        Ok(payload) => expand::expand(&payload),
        Err(errors) => expand::despite(&written, &errors),
    }
}

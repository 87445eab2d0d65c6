//! `#[derive(TeleflowPayload)]`: the same three stages, for the types inside a payload.

mod expand;
mod check;
mod variants;
mod fields;
mod parse;
mod shape;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let written = parse::parse(input, &mut errors);
    match check::check(&written, errors) {
        Ok(payload) => expand::expand(&payload),
        Err(errors) => expand::despite(&written, &errors),
    }
}

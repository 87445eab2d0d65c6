//! `#[derive(TeleflowWorkflow)]`: three stages, each a function of the one before.
//!
//! ```text
//! syntax::parse   tokens → what the author wrote     (spans kept, nothing decided)
//! check::check    written → what it means            (every complaint at once)
//! expand::expand  meaning → tokens                   (cannot fail)
//! ```
//!
//! A module imports only modules listed below it.

#[cfg(test)]
mod tests;

mod payload;
mod syntax;
mod check;
mod expand;
mod expand_checks;
mod expand_walks;
mod hold;
mod bounds;
mod names;
mod template;
mod model;
mod catalog;
mod wanted;
mod spelled;
mod keys;
mod known;
mod serde_attrs;
mod item;
mod case;
mod quoted;
mod place;
mod diag;

use proc_macro::TokenStream;
use syn::DeriveInput;

use crate::diag::Errors;

/// Ties a payload to the workflow that it triggers.
///
/// The struct has named fields and derives serde's `Serialize`: what serde writes is the payload, untouched.
///
/// Keys of the struct:
///
/// | key | meaning |
/// | --- | --- |
/// | `trigger = "order-shipped"` | The workflow's trigger identifier. Required. Any text that is not empty and has no control character and no space at its ends. |
/// | `transaction_id = "order-{order_id}"` | What makes two events one: the event's transaction id is derived from the trigger, this text and the recipients. `{field}` is a field of the struct by its Rust name, shown with its `Display`; `{{` and `}}` are braces. A text must stand between any two fields. |
/// | `crate = "path::to::teleflow"` | Where the library is found, if not at `::teleflow`. |
///
/// Keys of a field. It stays a part of the payload unless serde skips it:
///
/// | key | meaning |
/// | --- | --- |
/// | `to` | The field names the recipients, so that the value can be sent as it stands, with `order.send(&client)`. A recipient given to `.to(..)` wins over it. |
/// | `actor` | The field names the actor; in an `Option`, perhaps. `.actor(..)` wins over it. |
/// | `tenant` | The field names the tenant; in an `Option`, perhaps. `.tenant(..)` wins over it. |
/// | `address` | The variable `email`, `phone` or `webhookUrl` is meant as an address: the server sends there *instead of* to the subscriber's own. Without this key, such a variable is an error. |
///
/// A field, a struct or a name that the server would misunderstand is an error where it is written.
///
/// # Examples
///
/// ```ignore
#[doc = include_str!("../docs/every_key.rs")]
/// ```
#[proc_macro_derive(TeleflowWorkflow, attributes(teleflow))]
pub fn derive_workflow(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    derive(&input).into()
}

/// Says how serde writes a type that stands inside payloads, so that it can be held against workflows.
#[proc_macro_derive(TeleflowPayload, attributes(teleflow))]
pub fn derive_payload(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    payload::derive(&input).into()
}

fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let written = syntax::parse(input, &mut errors);
    match check::check(&written, errors) {
        Ok(workflow) => expand::expand(&workflow),
        Err(errors) => expand::despite(&written, &errors),
    }
}

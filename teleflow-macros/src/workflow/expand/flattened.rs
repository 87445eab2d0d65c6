//! The names that flattened fields bring among the struct's own → constants, whose evaluation is the check.
//!
//! Only where a walk asks the flattened types anyway: a type that is not a `TeleflowPayload` must not become an error
//! because of this. What the compiler does not find, sending does.

use std::fmt::Write;

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;

use super::nested::erased;
use crate::tokens::span::{everywhere, placed, written};
use crate::workflow::model::{Checked, Root, Workflow};

pub(crate) fn expand(workflow: &Workflow<'_>, checked: &Checked) -> Option<TokenStream> {
    let (types, walk) = checked.walks.iter().find_map(|walk| match &walk.root {
        Root::Inside { types, .. } => Some((types, walk)),
        _ => None,
    })?;
    let (mut aliases, mut shapes) = (TokenStream::new(), String::new());
    for (index, ty) in types.iter().enumerate() {
        let (alias, ty) = (format_ident!("__TeleflowIn{index}"), erased(ty.to_token_stream(), workflow));
        aliases.extend(quote!(type #alias = #ty;));
        // Writing to a string does not fail.
        let _ = write!(shapes, "<{alias} as __TeleflowPayload>::TYPE_INFO,");
    }
    // At the walk's place, so that the compiler complains once of a type that says nothing.
    let shapes = everywhere(written(&format!("&[{shapes}]")), walk.span.0);
    let holder = workflow.ident.unraw().to_string();
    let (own, meant) = (&workflow.flattened.own, &workflow.meant);
    let questions = types.iter().enumerate().map(|(index, _)| {
        let place = workflow.flattened.places.get(index).copied().unwrap_or(walk.span);
        question(index, place)
    });
    Some(quote! {
        const _: () = {
            use __teleflow::TeleflowPayload as __TeleflowPayload;
            #aliases
            const __TELEFLOW_FLATTENING: &__teleflow::Flattening<'static> = &__teleflow::Flattening {
                type_name: #holder,
                own: &[#(#own),*],
                meant: &[#(#meant),*],
                types: #shapes,
            };
            #(#questions)*
        };
    })
}

/// A constant for one type, with the span of its field, so that the compiler reports the error there.
fn question(index: usize, (first, last): (Span, Span)) -> TokenStream {
    let arguments = written(&format!("__TELEFLOW_FLATTENING, {index}"));
    let mut call = everywhere(written("__teleflow::assert_flattened_names"), first);
    call.extend([placed(Group::new(Delimiter::Parenthesis, arguments).into(), last)]);
    quote!(const _: () = #call;)
}

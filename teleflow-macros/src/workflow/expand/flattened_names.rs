//! The names that flattened types add to the struct's → constants, whose evaluation is the check.
//!
//! Only if a deferred check uses the flattened types anyway: this check must not require that a type is a
//! `TeleflowPayload`. Sending an event checks the names again.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::nested::{TypePath, nameable_in_constant};
use crate::tokens::generated::parse_generated;
use crate::tokens::span::{respan, respan_token};
use crate::workflow::model::{CatalogChecks, CheckedWorkflow, Subject};

pub(super) fn expand(workflow: &CheckedWorkflow<'_>, catalog: &CatalogChecks) -> Option<TokenStream> {
    let (types, span) = catalog.deferred.iter().find_map(|check| match &check.subject {
        Subject::Flattened { types, .. } => Some((types, check.span)),
        _ => None,
    })?;
    let (mut aliases, mut type_infos) = (TokenStream::new(), String::new());
    for (index, ty) in types.iter().enumerate() {
        let (alias, ty) = (format_ident!("__TeleflowIn{index}"), nameable_in_constant(ty, workflow));
        aliases.extend(quote!(type #alias = #ty;));
        type_infos = type_infos + &TypePath::alias(alias.to_string()).type_info() + ",";
    }
    // With the deferred check's span, the compiler reports only once that a type is not a `TeleflowPayload`.
    let type_infos = respan(parse_generated(&format!("&[{type_infos}]")), span.0);
    let type_name = workflow.ident.unraw().to_string();
    let (own_names, allowed_names) = (&workflow.flattened.own_names, &workflow.allowed_names);
    let constants = types.iter().enumerate().map(|(index, _)| {
        let span = workflow.flattened.spans.get(index).copied().unwrap_or(span);
        constant(index, span)
    });
    Some(quote! {
        const _: () = {
            use __teleflow::TeleflowPayload as __TeleflowPayload;
            #aliases
            const __TELEFLOW_FLATTENING: &__teleflow::Flattening<'static> = &__teleflow::Flattening {
                type_name: #type_name,
                own_names: &[#(#own_names),*],
                allowed_names: &[#(#allowed_names),*],
                types: #type_infos,
            };
            #(#constants)*
        };
    })
}

/// The check of one type, with its field's span, so that the compiler reports the error there.
fn constant(index: usize, (first, last): (Span, Span)) -> TokenStream {
    let arguments = parse_generated(&format!("__TELEFLOW_FLATTENING, {index}"));
    let mut call = respan(parse_generated("__teleflow::assert_flattened_names"), first);
    call.extend([respan_token(Group::new(Delimiter::Parenthesis, arguments).into(), last)]);
    quote!(const _: () = #call;)
}

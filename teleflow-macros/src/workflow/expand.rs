//! [`CheckedWorkflow`] → tokens. This cannot fail.
//!
//! The output names the library only once, or twice in the same way, so that a missing library causes one error; it declares
//! only names that begin with `__teleflow` or `Teleflow`. A call whose bound may be unmet has the span that the author must
//! change: the struct's name, or the field's type.

// A module imports only from those below it.
mod catalog;
mod flattened_names;
mod deferred;
mod nested;
mod unmet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Error, WhereClause};

use super::model::{CheckedWorkflow, Member, ParsedInput, Piece, SensitiveFields, Template};
use crate::tokens::bounds::Bounds;
use crate::tokens::generated::{in_library_scope, parse_generated};
use crate::tokens::span::resolve_at_call_site;

pub(crate) use catalog::tracked_variable;

pub(crate) fn expand(workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let CheckedWorkflow { ident, generics, krate, trigger, catalog, .. } = workflow;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let name = resolve_at_call_site(ident);
    let mut bounds = payload_bounds(workflow);
    let where_clause = bounds.where_clause();
    let methods = methods(workflow);
    let self_addressed = workflow.to.as_ref().map(|to| self_addressed(workflow, to, &mut bounds));
    let catalog_items = catalog::expand(workflow, where_clause.as_ref());
    let states = catalog::states(catalog.as_ref());

    // A constant around the impls costs as much build time as one of them.
    let is_short = methods.is_empty() && self_addressed.is_none() && catalog_items.is_none() && where_clause.is_none();
    let library = if is_short { quote!(#krate::__private) } else { quote!(__teleflow) };
    // Text where possible: the compiler parses it faster than an unoptimized macro builds tokens.
    let derived = parse_generated("#[automatically_derived]");
    let trigger_const = parse_generated("const TRIGGER: &'static ::core::primitive::str =");
    let body = body_type(workflow, &library);
    let items = quote! {
        #derived
        impl #impl_generics #library::WorkflowPayload for #name #ty_generics #where_clause {
            #trigger_const #trigger;
            type Body = #body;
            #methods
        }
        #derived
        impl #impl_generics #library::TeleflowWorkflow #states for #name #ty_generics #where_clause {}
        #self_addressed
        #catalog_items
    };
    let items = if is_short { items } else { in_library_scope(krate, &items) };
    // With hundreds of variables, the evaluation would exceed the compiler's limit.
    let allowed = catalog.is_some().then(|| quote!(#[allow(long_running_const_eval)]));
    let errors = workflow.catalog_errors.as_ref().map(Error::to_compile_error);
    quote!(#allowed #items #errors)
}

/// The bounds of `WorkflowPayload` and `TeleflowWorkflow`.
fn payload_bounds<'a>(workflow: &CheckedWorkflow<'a>) -> Bounds<'a> {
    let mut bounds = Bounds::new(workflow.generics);
    bounds.require_of_self(quote!(__teleflow::Serialize));
    for field in workflow.transaction_id.iter().flat_map(Template::fields) {
        bounds.require(field.ty, quote!(::core::fmt::Display));
    }
    if let Some(field) = workflow.actor {
        bounds.require(field.ty, quote!(__teleflow::ActorField));
    }
    if let Some(field) = workflow.tenant {
        bounds.require(field.ty, quote!(__teleflow::TenantField));
    }
    bounds
}

/// The methods of `WorkflowPayload` that the struct overrides.
fn methods(workflow: &CheckedWorkflow<'_>) -> TokenStream {
    let transaction_id = workflow.transaction_id.as_ref().map(|template| {
        let pieces = template.0.iter().map(|piece| match piece {
            Piece::Text(text) => quote!(text(__teleflow_pieces, #text)),
            Piece::Field(field) => {
                let displayed = call("TemplateField", "as_display", field);
                quote!(field(__teleflow_pieces, #displayed))
            }
        });
        quote! {
            fn transaction_id_of_template(&self, __teleflow_pieces: &mut __teleflow::TransactionIdPieces) {
                #(__teleflow::TransactionIdPieces::#pieces;)*
            }
        }
    });
    let names = &workflow.allowed_names;
    let allowed_names = (!names.is_empty()).then(|| {
        quote! {
            fn allowed_names_of_payload(&self) -> &'static [&'static ::core::primitive::str] { &[#(#names),*] }
        }
    });
    let sensitive = workflow.sensitive.as_ref().map(|SensitiveFields { names, all_except }| {
        let variant = if *all_except { quote!(AllExcept) } else { quote!(Only) };
        quote! {
            fn sensitive_fields_of_payload(&self) -> __teleflow::SensitiveFields {
                __teleflow::SensitiveFields::#variant(&[#(#names),*])
            }
        }
    });
    let marked = |bound: &str, method: &str, returned: &str, field: &Member<'_>| {
        let body = call(bound, method, field);
        let (name, returned) = (format_ident!("{method}"), format_ident!("{returned}"));
        quote! {
            fn #name(&self) -> ::core::option::Option<__teleflow::#returned> { #body }
        }
    };
    let actor = workflow.actor.as_ref().map(|field| marked("ActorField", "actor_of_field", "Subscriber", field));
    let tenant = workflow.tenant.as_ref().map(|field| marked("TenantField", "tenant_of_field", "Tenant", field));
    quote!(#transaction_id #allowed_names #sensitive #actor #tenant)
}

fn self_addressed(workflow: &CheckedWorkflow<'_>, to: &Member<'_>, bounds: &mut Bounds<'_>) -> TokenStream {
    bounds.require(to.ty, quote!(__teleflow::RecipientField));
    let where_clause: Option<WhereClause> = bounds.where_clause();
    let (impl_generics, ty_generics, _) = workflow.generics.split_for_impl();
    let (name, recipients) = (resolve_at_call_site(workflow.ident), call("RecipientField", "recipients_of_field", to));
    quote! {
        #[automatically_derived]
        impl #impl_generics __teleflow::HasRecipientField for #name #ty_generics #where_clause {
            fn recipients_of_field(&self) -> &dyn __teleflow::RecipientField { #recipients }
        }
    }
}

/// The type that is serialized: `Self`, with the span for the error that `Serialize` is missing.
fn body_type(workflow: &CheckedWorkflow<'_>, library: &TokenStream) -> TokenStream {
    match workflow.serde_rejects {
        // serde generates no `Serialize`, and reports why.
        true => quote!(#library::NoBody),
        false => Ident::new("Self", workflow.ident.span().resolved_at(Span::call_site())).into_token_stream(),
    }
}

/// The errors, and impls that do nothing, so that uses of the type do not cause further errors.
pub(crate) fn expand_after_errors(input: &ParsedInput<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if !input.has_library() {
        return errors;
    }
    let ParsedInput { ident, generics, .. } = input;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let items = quote! {
        #[automatically_derived]
        impl #impl_generics __teleflow::WorkflowPayload for #ident #ty_generics #where_clause {
            const TRIGGER: &'static ::core::primitive::str = "";
            type Body = __teleflow::NoBody;
        }
        #[automatically_derived]
        impl #impl_generics __teleflow::TeleflowWorkflow for #ident #ty_generics #where_clause {}
        #[automatically_derived]
        impl #impl_generics __teleflow::HasRecipientField for #ident #ty_generics #where_clause {
            fn recipients_of_field(&self) -> &dyn __teleflow::RecipientField {
                ::core::unreachable!()
            }
        }
    };
    let items = in_library_scope(&input.krate(), &items);
    quote!(#errors #items)
}

/// A call with a field, through a trait of its type. If the type does not implement it, the error is at the type.
fn call(bound: &str, method: &str, field: &Member<'_>) -> TokenStream {
    let (name, ty) = (resolve_at_call_site(field.ident), resolve_at_call_site(field.ty));
    let (bound, method) = (format_ident!("{bound}"), format_ident!("{method}"));
    quote!(<#ty as __teleflow::#bound>::#method(&self.#name))
}

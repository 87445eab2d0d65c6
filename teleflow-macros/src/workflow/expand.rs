//! What it means → tokens. This cannot fail.
//!
//! The output names the library in one place, or in two alike, so that a library that is not there is one error; everything else of it
//! begins with `__teleflow`.
//! A call whose bound may be unmet stands where the author can mend it: at the struct's name, or at the field's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Error;

mod catalog;
mod flattened;
mod nested;
mod unmet;

use super::model::{Member, Piece, Template, Workflow, Written};
use crate::tokens::bounds::Bounds;
use crate::tokens::generated::within;
use crate::tokens::span::{here, written};

pub(crate) use catalog::watched;

pub(crate) fn expand(workflow: &Workflow<'_>) -> TokenStream {
    let Workflow {
        ident,
        generics,
        krate,
        trigger,
        transaction_id,
        meant,
        to,
        actor,
        tenant,
        checked,
        serde_refuses,
        faults,
        ..
    } = workflow;
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let name = here(ident);

    let transaction_id_fn = transaction_id.as_ref().map(|template| {
        let pieces = template.0.iter().map(|piece| match piece {
            Piece::Text(text) => quote!(text(__teleflow_pieces, #text)),
            Piece::Field(field) => {
                let shown = call("TemplateField", "as_display", field);
                quote!(field(__teleflow_pieces, #shown))
            }
        });
        quote! {
            fn transaction_id_of_template(&self, __teleflow_pieces: &mut __teleflow::TransactionIdPieces) {
                #(__teleflow::TransactionIdPieces::#pieces;)*
            }
        }
    });
    let meant_fn = (!meant.is_empty()).then(|| {
        quote! {
            fn allowed_names_of_payload(&self) -> &'static [&'static ::core::primitive::str] { &[#(#meant),*] }
        }
    });
    let slot = |bound: &str, method: &str, filled: &str, field: &Member<'_>| {
        let body = call(bound, method, field);
        let (name, filled) = (format_ident!("{method}"), format_ident!("{filled}"));
        quote! {
            fn #name(&self) -> ::core::option::Option<__teleflow::#filled> { #body }
        }
    };
    let actor_fn = actor.as_ref().map(|field| slot("ActorField", "actor_of_field", "Subscriber", field));
    let tenant_fn = tenant.as_ref().map(|field| slot("TenantField", "tenant_of_field", "Tenant", field));

    let mut bounds = Bounds::new(generics);
    bounds.require_of_self(quote!(__teleflow::Serialize));
    for field in transaction_id.iter().flat_map(Template::fields) {
        bounds.require(field.ty, quote!(::core::fmt::Display));
    }
    if let Some(field) = actor {
        bounds.require(field.ty, quote!(__teleflow::ActorField));
    }
    if let Some(field) = tenant {
        bounds.require(field.ty, quote!(__teleflow::TenantField));
    }
    let where_clause = bounds.where_clause();

    let self_addressed = to.as_ref().map(|field| {
        let recipients = call("RecipientField", "recipients_of_field", field);
        bounds.require(field.ty, quote!(__teleflow::RecipientField));
        let where_clause = bounds.where_clause();
        quote! {
            #[automatically_derived]
            impl #impl_generics __teleflow::HasRecipientField for #name #ty_generics #where_clause {
                fn recipients_of_field(&self) -> __teleflow::Recipients { #recipients }
            }
        }
    });

    let faults = faults.as_ref().map(Error::to_compile_error);
    let checks = catalog::expand(workflow, where_clause.as_ref());
    let states = catalog::states(checked.as_ref());

    // What is the same for every struct is text: the compiler reads that faster than an unoptimized macro builds tokens.
    let derived = written("#[automatically_derived]");
    let trigger_const = written("const TRIGGER: &'static ::core::primitive::str =");
    let methods = quote!(#transaction_id_fn #meant_fn #actor_fn #tenant_fn);
    let others = quote!(#self_addressed #checks);
    // A constant around the impls costs as much as one of them.
    let is_short = methods.is_empty() && others.is_empty() && where_clause.is_none();
    let library = if is_short { quote!(#krate::__private) } else { quote!(__teleflow) };

    // Where `Serialize` is missing, the error stands under this.
    let this = Ident::new("Self", ident.span().resolved_at(Span::call_site()));
    let body = match serde_refuses {
        // Then it has no `Serialize`, and serde says why.
        true => quote!(#library::NoBody),
        false => this.into_token_stream(),
    };

    let items = quote! {
        #derived
        impl #impl_generics #library::WorkflowPayload for #name #ty_generics #where_clause {
            #trigger_const #trigger;
            type Body = #body;
            #methods
        }
        #derived
        impl #impl_generics #library::TeleflowWorkflow #states for #name #ty_generics #where_clause {}
        #others
    };
    let items = if is_short { items } else { within(krate, &items) };
    // Where hundreds of variables take long, the compiler would call that an error.
    let allowed = checked.is_some().then(|| quote!(#[allow(long_running_const_eval)]));
    quote!(#allowed #items #faults)
}

/// The errors, and impls that do nothing, so that uses of the type are not errors as well.
pub(crate) fn despite(written: &Written<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if !written.has_library() {
        return errors;
    }
    let Written { ident, generics, .. } = written;
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
            fn recipients_of_field(&self) -> __teleflow::Recipients {
                ::core::unreachable!()
            }
        }
    };
    let items = within(&written.krate(), &items);
    quote!(#errors #items)
}

/// A call on a field, through the bound that its type must meet. If it does not, the error stands under the type.
fn call(bound: &str, method: &str, field: &Member<'_>) -> TokenStream {
    let (name, ty) = (here(field.ident), here(field.ty));
    let (bound, method) = (format_ident!("{bound}"), format_ident!("{method}"));
    quote!(<#ty as __teleflow::#bound>::#method(&self.#name))
}

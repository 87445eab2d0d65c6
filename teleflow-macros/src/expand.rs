//! What it means → tokens. This cannot fail.
//!
//! The output names everything by an absolute path, and its one variable begins with `__teleflow`.
//! A call whose bound may be unmet stands where the author can mend it: at the struct's name, or at the field's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, Path};

use crate::bounds::Bounds;
use crate::expand_checks;
use crate::model::{Member, Workflow, Written};
use crate::place::{here, written};

pub(crate) fn expand(workflow: &Workflow<'_>) -> TokenStream {
    let Workflow { ident, generics, krate, trigger, transaction_id, to, actor, tenant, checked, faults } = workflow;
    let runtime = quote!(#krate::__private);
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let name = here(ident);

    // Where `Serialize` is missing, the error stands under this.
    let this = Ident::new("Self", ident.span().resolved_at(Span::call_site()));
    let transaction_id_fn = transaction_id.as_ref().map(|template| {
        let text = &template.text;
        let fields = template.fields.iter().map(|field| call("TemplateField", "displayed", field, &runtime));
        quote! {
            fn transaction_id(&self) -> ::core::option::Option<#runtime::String> {
                ::core::option::Option::Some(#runtime::format(::core::format_args!(#text #(, #fields)*)))
            }
        }
    });
    let slot = |bound: &str, method: &str, filled: &str, field: &Member<'_>| {
        let body = call(bound, method, field, &runtime);
        let (name, filled) = (format_ident!("{method}"), format_ident!("{filled}"));
        quote! {
            fn #name(&self) -> ::core::option::Option<#runtime::#filled> { #body }
        }
    };
    let actor_fn = actor.as_ref().map(|field| slot("ActorField", "actor", "Subscriber", field));
    let tenant_fn = tenant.as_ref().map(|field| slot("TenantField", "tenant", "Tenant", field));

    let mut bounds = Bounds::new(generics);
    bounds.require_of_self(quote!(#runtime::Serialize));
    for field in transaction_id.iter().flat_map(|template| &template.fields) {
        bounds.require(field.ty, quote!(::core::fmt::Display));
    }
    if let Some(field) = actor {
        bounds.require(field.ty, quote!(#runtime::ActorField));
    }
    if let Some(field) = tenant {
        bounds.require(field.ty, quote!(#runtime::TenantField));
    }
    let where_clause = bounds.where_clause();

    let self_addressed = to.as_ref().map(|field| {
        let recipients = call("RecipientField", "recipients", field, &runtime);
        bounds.require(field.ty, quote!(#runtime::RecipientField));
        let where_clause = bounds.where_clause();
        quote! {
            #[automatically_derived]
            impl #impl_generics #runtime::SelfAddressed for #name #ty_generics #where_clause {
                fn recipients(&self) -> #runtime::Recipients { #recipients }
            }
        }
    });

    let faults = faults.as_ref().map(Error::to_compile_error);
    let checks = expand_checks::expand(workflow, &runtime);
    let states = expand_checks::states(checked.as_ref(), krate);
    let derived = written("#[automatically_derived]");
    let trigger_const = written("const TRIGGER: &'static ::core::primitive::str =");
    let write_fn = write_fn(krate, &runtime);

    quote! {
        #derived
        impl #impl_generics #runtime::Payload for #name #ty_generics #where_clause {
            #trigger_const #trigger;
            #write_fn {
                <#this as #runtime::SerializePayload>::write(self, __teleflow_out)
            }
            #transaction_id_fn
            #actor_fn
            #tenant_fn
        }
        #derived
        impl #impl_generics #krate::TeleflowWorkflow #states for #name #ty_generics #where_clause {}
        #self_addressed
        #checks
        #faults
    }
}

/// The head of the method that every struct has. As text, where the library's path is the usual one: the compiler reads
/// that faster than an unoptimized macro builds tokens.
fn write_fn(krate: &Path, runtime: &TokenStream) -> TokenStream {
    let is_usual = |path: &Path| path.segments.len() == 1 && path.segments.iter().all(|name| name.ident == "teleflow");
    if krate.leading_colon.is_some() && is_usual(krate) {
        return written(
            "#[inline] fn write(&self, __teleflow_out: &mut ::teleflow::__private::PayloadBuffer<'_>) \
             -> ::teleflow::__private::Written",
        );
    }
    quote! {
        #[inline]
        fn write(&self, __teleflow_out: &mut #runtime::PayloadBuffer<'_>) -> #runtime::Written
    }
}

/// The errors, and impls that do nothing, so that uses of the type are not errors as well.
pub(crate) fn despite(written: &Written<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if written.keys.krate.is_none() && written.meant("crate") {
        return errors;
    }
    let Written { ident, generics, .. } = written;
    let krate = written.krate();
    let runtime = quote!(#krate::__private);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #errors
        #[automatically_derived]
        impl #impl_generics #runtime::Payload for #ident #ty_generics #where_clause {
            const TRIGGER: &'static ::core::primitive::str = "";
            fn write(&self, _: &mut #runtime::PayloadBuffer<'_>) -> #runtime::Written {
                ::core::unreachable!()
            }
        }
        #[automatically_derived]
        impl #impl_generics #krate::TeleflowWorkflow for #ident #ty_generics #where_clause {}
        #[automatically_derived]
        impl #impl_generics #runtime::SelfAddressed for #ident #ty_generics #where_clause {
            fn recipients(&self) -> #runtime::Recipients {
                ::core::unreachable!()
            }
        }
    }
}

/// A call on a field, through the bound that its type must meet. If it does not, the error stands under the type.
fn call(bound: &str, method: &str, field: &Member<'_>, runtime: &TokenStream) -> TokenStream {
    let (name, ty) = (here(field.ident), here(field.ty));
    let (bound, method) = (format_ident!("{bound}"), format_ident!("{method}"));
    quote!(<#ty as #runtime::#bound>::#method(&self.#name))
}

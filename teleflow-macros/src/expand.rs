//! What it means → tokens. This cannot fail.
//!
//! The output names everything by an absolute path, and its one variable begins with `__teleflow`.
//! A call whose bound may be unmet stands where the author can mend it: at the struct's name, or at the field's type.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Error, Generics, Type, WhereClause, parse_quote};

use crate::model::{Member, Workflow, Written};

pub(crate) fn expand(workflow: &Workflow<'_>) -> TokenStream {
    let Workflow { ident, generics, krate, trigger, transaction_id, to, actor, tenant } = workflow;
    let runtime = quote!(#krate::__private);
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    // Of the expansion: a struct that is `#[deprecated]` is no warning here.
    let name = located(ident.to_token_stream(), ident.span());

    let write = {
        let function = located(quote!(write), ident.span());
        let this = located(quote!(self), ident.span());
        quote!(#runtime::#function(#this, __teleflow_out))
    };
    let transaction_id_fn = transaction_id.as_ref().map(|template| {
        let text = &template.text;
        let fields = template.fields.iter().map(|field| call("displayed", field, &runtime));
        quote! {
            fn transaction_id(&self) -> ::core::option::Option<#runtime::String> {
                ::core::option::Option::Some(#runtime::format(::core::format_args!(#text #(, #fields)*)))
            }
        }
    });
    let slot = |name: &str, filled: &str, field: &Member<'_>| {
        let body = call(name, field, &runtime);
        let (name, filled) = (word(name), word(filled));
        quote! {
            fn #name(&self) -> ::core::option::Option<#runtime::#filled> { #body }
        }
    };
    let actor_fn = actor.as_ref().map(|field| slot("actor", "Subscriber", field));
    let tenant_fn = tenant.as_ref().map(|field| slot("tenant", "Tenant", field));

    let mut bounds = Bounds { generics, runtime: &runtime, clause: generics.where_clause.clone() };
    bounds.require(&parse_quote!(Self), "SerializePayload");
    for field in transaction_id.iter().flat_map(|template| &template.fields) {
        bounds.require(field.ty, "TemplateField");
    }
    if let Some(field) = actor {
        bounds.require(field.ty, "ActorField");
    }
    if let Some(field) = tenant {
        bounds.require(field.ty, "TenantField");
    }
    let where_clause = bounds.clause.clone();

    let self_addressed = to.as_ref().map(|field| {
        let recipients = call("recipients", field, &runtime);
        bounds.require(field.ty, "RecipientField");
        let where_clause = &bounds.clause;
        quote! {
            #[automatically_derived]
            impl #impl_generics #runtime::SelfAddressed for #name #ty_generics #where_clause {
                fn recipients(&self) -> #runtime::Recipients { #recipients }
            }
        }
    });

    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::Payload for #name #ty_generics #where_clause {
            const TRIGGER: &'static ::core::primitive::str = #trigger;
            fn write(&self, __teleflow_out: &mut #runtime::PayloadBuffer<'_>) -> #runtime::Written { #write }
            #transaction_id_fn
            #actor_fn
            #tenant_fn
        }
        #[automatically_derived]
        impl #impl_generics #krate::TeleflowWorkflow for #name #ty_generics #where_clause {}
        #self_addressed
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
                ::core::unimplemented!()
            }
        }
        #[automatically_derived]
        impl #impl_generics #krate::TeleflowWorkflow for #ident #ty_generics #where_clause {}
        #[automatically_derived]
        impl #impl_generics #runtime::SelfAddressed for #ident #ty_generics #where_clause {
            fn recipients(&self) -> #runtime::Recipients {
                ::core::unimplemented!()
            }
        }
    }
}

fn word(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// `function(&self.field)`: an error in it stands under the field's type, from its first token to its last.
fn call(function: &str, field: &Member<'_>, runtime: &TokenStream) -> TokenStream {
    let mut tokens = field.ty.to_token_stream().into_iter().map(|token| token.span());
    let start = tokens.next().unwrap_or_else(|| field.ident.span());
    let end = tokens.last().unwrap_or(start);

    let function = word(function);
    let function = located(function.to_token_stream(), start);
    let this = located(quote!(&self), start);
    let field = located(field.ident.to_token_stream(), end);
    quote!(#runtime::#function(#this.#field))
}

/// The tokens, to be found at that place in an error, and read as if they stood in the attribute.
fn located(tokens: TokenStream, place: Span) -> TokenStream {
    let at_place = |mut token: TokenTree| {
        token.set_span(place.resolved_at(Span::call_site()));
        token
    };
    tokens.into_iter().map(at_place).collect()
}

/// The bounds of an impl. Those of a type without parameters are not written down: unmet, they are to be
/// errors where the type is declared.
struct Bounds<'a> {
    generics: &'a Generics,
    runtime: &'a TokenStream,
    clause: Option<WhereClause>,
}

impl Bounds<'_> {
    fn require(&mut self, ty: &Type, bound: &str) {
        if !self.is_generic(ty.to_token_stream()) {
            return;
        }
        let (runtime, bound) = (self.runtime, word(bound));
        let clause = self.clause.get_or_insert_with(|| parse_quote!(where));
        clause.predicates.push(parse_quote!(#ty: #runtime::#bound));
    }

    /// Does a type parameter stand in it?
    fn is_generic(&self, ty: TokenStream) -> bool {
        ty.into_iter().any(|token| match token {
            TokenTree::Group(group) => self.is_generic(group.stream()),
            TokenTree::Ident(name) => {
                let mut parameters = self.generics.type_params().map(|parameter| &parameter.ident);
                parameters.any(|parameter| name == *parameter || name == "Self")
            }
            _ => false,
        })
    }
}

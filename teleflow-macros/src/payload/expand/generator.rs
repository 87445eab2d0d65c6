//! The `impl` blocks that all generated items are in.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;
use syn::ext::IdentExt;

use crate::payload::shape::CheckedPayload;
use crate::tokens::span::resolve_at_call_site;

pub(super) struct Generator<'a> {
    pub payload: &'a CheckedPayload<'a>,
    pub type_name: String,
}

impl<'a> Generator<'a> {
    pub(super) fn new(payload: &'a CheckedPayload<'a>) -> Self {
        Self { payload, type_name: payload.ident.unraw().to_string() }
    }

    /// Implements a trait for the type.
    pub(super) fn implement(&self, trait_path: &TokenStream, items: &TokenStream) -> TokenStream {
        self.implement_with(self.payload.generics, trait_path, items)
    }

    /// Implements a trait with `type Type`, even where `ty` is private in a public type.
    ///
    /// Rust forbids to name such a type in an interface, but not a parameter that is equal to it.
    pub(super) fn implement_with_private_type(&self, trait_path: &TokenStream, ty: &TokenStream) -> TokenStream {
        let mut generics = Generics::clone(self.payload.generics);
        generics.params.push(syn::parse_quote!(__TeleflowType: ?::core::marker::Sized));
        let predicate = syn::parse_quote!(#ty: __teleflow::Identity<Type = __TeleflowType>);
        generics.make_where_clause().predicates.push(predicate);
        self.implement_with(
            &generics,
            trait_path,
            &quote!(
                type Type = __TeleflowType;
            ),
        )
    }

    fn implement_with(&self, generics: &Generics, trait_path: &TokenStream, items: &TokenStream) -> TokenStream {
        let name = resolve_at_call_site(self.payload.ident);
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        let (_, ty_generics, _) = self.payload.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #trait_path for #name #ty_generics #where_clause { #items }
        }
    }
}

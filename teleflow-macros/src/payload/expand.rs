//! What it means → tokens. This cannot fail.

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Generics, Path};

use super::meaning::{Form, Held, Meaning, Object, Payload};
use super::written::Written;
use crate::bounds::is_generic;
use crate::place::here;
use crate::spelled::Spelled;

pub(super) fn expand(payload: &Payload<'_>) -> TokenStream {
    let Payload { ident, generics, krate, meaning } = payload;
    let runtime = quote!(#krate::__private);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let name = here(ident);
    let items = match meaning {
        Meaning::Plain(form) => plain(*form, quote!(#runtime::Unknown), &runtime),
        Meaning::Inner(Held::Unknown) => plain(Form::Unknown, quote!(#runtime::Unknown), &runtime),
        Meaning::List(element) => plain(Form::List, held(element, &runtime), &runtime),
        Meaning::Object(object) => fields(&ident.unraw().to_string(), object, generics, &runtime),
        Meaning::Inner(inner) => forwarded(inner, &runtime),
    };
    let types = match meaning {
        Meaning::Object(object) => object.parts.iter().map(|part| &part.held).chain([&Held::Unknown]).collect(),
        _ => Vec::new(),
    };
    let types = types.into_iter().enumerate().map(|(index, ty)| {
        let (index, ty) = (Literal::usize_unsuffixed(index), held(ty, &runtime));
        quote! {
            #[automatically_derived]
            impl #impl_generics #runtime::FieldAt<#index> for #name #ty_generics #where_clause {
                type Type = #ty;
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::TeleflowPayload for #name #ty_generics #where_clause { #items }
        #(#types)*
    }
}

/// The errors, and an impl that says nothing, so that uses of the type are not errors as well.
pub(super) fn despite(written: &Written<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if written.keys.krate.is_none() && written.keys.meant.contains(&"crate") {
        return errors;
    }
    let Written { ident, generics, .. } = written;
    let krate: Path = written.krate();
    let runtime = quote!(#krate::__private);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let items = plain(Form::Unknown, quote!(#runtime::Unknown), &runtime);
    quote! {
        #errors
        #[automatically_derived]
        impl #impl_generics #runtime::TeleflowPayload for #ident #ty_generics #where_clause { #items }
    }
}

fn plain(form: Form, element: TokenStream, runtime: &TokenStream) -> TokenStream {
    let form = format_ident!("{}", form.name());
    quote! {
        const FORM: #runtime::Form = #runtime::Form::#form;
        type Element = #element;
        type Object = #runtime::Unknown;
    }
}

fn fields(holder: &str, object: &Object, generics: &Generics, runtime: &TokenStream) -> TokenStream {
    let form = format_ident!("{}", if object.open { "Map" } else { "Object" });
    let names = object.parts.iter().map(|part| {
        let presence = format_ident!("{}", if part.always { "always" } else { "perhaps" });
        let (name, under) = (part.name.value(), under(&part.held, generics, runtime));
        quote!(#runtime::Name::#presence(#name, #under))
    });
    quote! {
        const FORM: #runtime::Form = #runtime::Form::#form;
        const NAME: &'static ::core::primitive::str = #holder;
        const FIELDS: &'static [#runtime::Name<'static>] = &[#(#names),*];
        type Element = #runtime::Unknown;
        type Object = Self;
    }
}

/// The form of what stands under a name, and whether it may be `null`.
fn under(held: &Held, generics: &Generics, runtime: &TokenStream) -> TokenStream {
    let known = |form: &str, optional: bool| {
        let form = format_ident!("{form}");
        quote!(#runtime::Form::#form, #optional)
    };
    match held {
        Held::Unknown => known("Unknown", false),
        Held::Form { form, optional } => known(form.name(), *optional),
        Held::Type(ty) | Held::Hidden(ty) => {
            let spelled = Spelled::of(ty);
            match spelled.form() {
                Some(form) => known(&format!("{form:?}"), spelled.is_optional()),
                None if is_generic(ty, generics) => known("Unknown", false),
                None => {
                    let place = ty.span();
                    let ty = here(ty);
                    let ty = at(place, quote!(<#ty as #runtime::TeleflowPayload>));
                    quote!(#ty::FORM, #ty::OPTIONAL)
                }
            }
        }
    }
}

/// All that is known of the type inside.
fn forwarded(inner: &Held, runtime: &TokenStream) -> TokenStream {
    let ty = match inner {
        Held::Hidden(ty) => here(ty),
        inner => held(inner, runtime),
    };
    // Of a type that is no `TeleflowPayload`, every part of this complains at the same place, and so only once.
    let span = ty.span();
    let ty = at(span, quote!(<#ty as #runtime::TeleflowPayload>));
    let (element, object) = match inner {
        Held::Hidden(_) => (quote!(#runtime::Unknown), quote!(#runtime::Unknown)),
        _ => (at(span, quote!(#ty::Element)), at(span, quote!(#ty::Object))),
    };
    quote! {
        const FORM: #runtime::Form = #ty::FORM;
        const OPTIONAL: ::core::primitive::bool = #ty::OPTIONAL;
        const NAME: &'static ::core::primitive::str = #ty::NAME;
        const FIELDS: &'static [#runtime::Name<'static>] = #ty::FIELDS;
        type Element = #element;
        type Object = #object;
    }
}

/// The type of which the form, and all that stands inside, is that of what is held.
fn held(held: &Held, runtime: &TokenStream) -> TokenStream {
    match held {
        Held::Type(ty) => here(ty),
        Held::Form { form, optional } => {
            let form = format_ident!("{}", form.name());
            let ty = quote!(#runtime::kind::#form);
            if *optional { quote!(::core::option::Option<#ty>) } else { ty }
        }
        Held::Unknown | Held::Hidden(_) => quote!(#runtime::Unknown),
    }
}

/// The tokens, all at one place.
fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), at(span, group.stream())).into();
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(moved).collect()
}

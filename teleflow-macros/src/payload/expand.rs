//! What it means → tokens. This cannot fail.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Generics, Type};
use teleflow_catalog::rules::Shape;

use super::parse::Written;
use super::shape::{Held, Object, Optional, Payload, SerializedShape, kind_type};
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;
use crate::tokens::generated::{probed, within};
use crate::tokens::span::here;

pub(super) fn expand(payload: &Payload<'_>) -> TokenStream {
    let expand = Expand { payload, holder: payload.ident.unraw().to_string() };
    within(&payload.krate, &expand.all())
}

/// The errors, and an impl that says nothing, so that uses of the type are not errors as well.
pub(super) fn despite(written: &Written<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if !written.has_library() {
        return errors;
    }
    let Written { ident, generics, .. } = written;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let items = plain(Shape::Unknown);
    let items = within(
        &written.krate(),
        &quote! {
            #[automatically_derived]
            impl #impl_generics __teleflow::TeleflowPayload for #ident #ty_generics #where_clause { #items }
        },
    );
    quote!(#errors #items)
}

struct Expand<'a> {
    payload: &'a Payload<'a>,
    /// The name of the type.
    holder: String,
}

impl Expand<'_> {
    fn all(&self) -> TokenStream {
        let (items, types) = match &self.payload.meaning {
            SerializedShape::Plain(form) => (self.named(plain(*form)), TokenStream::new()),
            SerializedShape::Inner(Held::Unknown) => (plain(Shape::Unknown), TokenStream::new()),
            SerializedShape::Names(names) => {
                let plain = self.named(plain(Shape::String));
                let values = quote!(const VALUES: &'static [&'static ::core::primitive::str] = &[#(#names),*];);
                (quote!(#plain #values), TokenStream::new())
            }
            SerializedShape::List(Held::Unknown) => (plain(Shape::Array), TokenStream::new()),
            SerializedShape::List(element) => {
                let items = quote! {
                    const SHAPE: __teleflow::Shape = __teleflow::Shape::Array;
                    type Element = <Self as __teleflow::FieldAt<0>>::Type;
                    type Object = __teleflow::Unknown;
                };
                (items, self.typed(0, 0, element, &self.element(element)))
            }
            SerializedShape::Object(object) => {
                let (fields, types) = self.object(0, object);
                let items = quote!(#fields type Element = __teleflow::Unknown; type Object = Self;);
                (items, types)
            }
            SerializedShape::Inner(inner) => self.forwarded(inner),
        };
        let payload = self.implement(&quote!(__teleflow::TeleflowPayload), &items);
        let is_workflow = self.payload.is_workflow.then(|| self.is_workflow());
        quote!(#payload #types #is_workflow)
    }

    /// What has a trigger derives `TeleflowWorkflow`.
    fn is_workflow(&self) -> Option<TokenStream> {
        let Payload { ident, generics, .. } = self.payload;
        let is_plain = generics.type_params().next().is_none() && generics.const_params().next().is_none();
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        // Where the derive is missing, the error stands under this.
        let this = Ident::new("Self", ident.span().resolved_at(Span::call_site()));
        is_plain.then(|| {
            quote! {
                const _: () = {
                    trait Workflow { const TRIGGER: &'static ::core::primitive::str; }
                    impl #impl_generics Workflow for #ident #ty_generics #where_clause {
                        const TRIGGER: &'static ::core::primitive::str = <#this as __teleflow::WorkflowPayload>::TRIGGER;
                    }
                };
            }
        })
    }

    /// The type's name, too.
    fn named(&self, items: TokenStream) -> TokenStream {
        let name = &self.holder;
        quote!(#items const NAME: &'static ::core::primitive::str = #name;)
    }

    fn implement(&self, of: &TokenStream, items: &TokenStream) -> TokenStream {
        let name = here(self.payload.ident);
        let (impl_generics, ty_generics, where_clause) = self.payload.generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #of for #name #ty_generics #where_clause { #items }
        }
    }

    /// The constants of an object, and what has the types of its fields.
    fn object(&self, part: usize, object: &Object) -> (TokenStream, TokenStream) {
        let form = format_ident!("{}", if object.open { "Map" } else { "Object" });
        let holder = match &object.variant {
            Some(variant) => format!("{}::{variant}", self.holder),
            None => self.holder.clone(),
        };
        let mut types = TokenStream::new();
        // The number of the last variant that is inside.
        let mut parts = part;
        for (index, field) in object.parts.iter().enumerate() {
            if let Held::Object(variant) = &field.held {
                parts += 1;
                types.extend(self.part(index, parts, variant));
            } else {
                types.extend(self.field_type(part, index, &field.held));
            }
        }
        types.extend(self.field_type(part, object.parts.len(), &Held::Unknown));
        let names = object.parts.iter().map(|field| {
            let name = field.name.value();
            let (is_said, under) = self.under(&field.held);
            let call = match (field.always, is_said) {
                (true, false) => "always",
                (false, false) => "skippable",
                (true, true) => "always_declared",
                (false, true) => "skippable_declared",
            };
            let call = format_ident!("{call}");
            quote!(__teleflow::FieldInfo::#call(#name, #under))
        });
        let constants = quote! {
            const SHAPE: __teleflow::Shape = __teleflow::Shape::#form;
            const NAME: &'static ::core::primitive::str = #holder;
            const FIELDS: &'static [__teleflow::FieldInfo<'static>] = &[#(#names),*];
        };
        (constants, types)
    }

    /// The fields of a variant, and the type that has them, at this index.
    fn part(&self, index: usize, part: usize, variant: &Object) -> TokenStream {
        let (constants, types) = self.object(part, variant);
        let number = Literal::usize_unsuffixed(part);
        let fields = self.implement(&quote!(__teleflow::Variant<#number>), &constants);
        let index = Literal::usize_unsuffixed(index);
        let ty = quote!(type Type = __teleflow::VariantOf<Self, #number>;);
        let at = self.implement(&quote!(__teleflow::FieldAt<#index>), &ty);
        quote!(#fields #types #at)
    }

    /// The type of a field, or of what else the type has inside.
    ///
    /// It may be private in a public type, and then an interface cannot name it, but a parameter that is it can be.
    fn field_type(&self, part: usize, index: usize, held: &Held) -> TokenStream {
        self.typed(part, index, held, &self.held(held))
    }

    fn typed(&self, part: usize, index: usize, held: &Held, ty: &TokenStream) -> TokenStream {
        let index = Literal::usize_unsuffixed(index);
        let part = (part > 0).then(|| Literal::usize_unsuffixed(part)).into_iter();
        let of = quote!(__teleflow::FieldAt<#index #(, #part)*>);
        if !may_be_private(held) {
            return self.implement(&of, &quote!(type Type = #ty;));
        }
        let name = here(self.payload.ident);
        let mut generics = Generics::clone(self.payload.generics);
        generics.params.push(syn::parse_quote!(__TeleflowType: ?::core::marker::Sized));
        let (_, ty_generics, _) = self.payload.generics.split_for_impl();
        let predicate = syn::parse_quote!(#ty: __teleflow::Identity<Type = __TeleflowType>);
        generics.make_where_clause().predicates.push(predicate);
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #of for #name #ty_generics #where_clause { type Type = __TeleflowType; }
        }
    }

    /// The form of what stands under a name, and whether it may be `null`. Does the type say it?
    fn under(&self, held: &Held) -> (bool, TokenStream) {
        let known = |form: &str, optional: bool| {
            let form = format_ident!("{form}");
            (false, quote!(__teleflow::Shape::#form, #optional))
        };
        match held {
            Held::Unknown => known("Unknown", false),
            Held::Object(object) => known(if object.open { "Map" } else { "Object" }, false),
            Held::List(_) => known("Array", false),
            Held::Shape { form, optional } => match optional {
                Optional::No => known(form.as_str(), false),
                Optional::Yes => known(form.as_str(), true),
                Optional::As(ty) => {
                    let (form, optional) = (format_ident!("{}", form.as_str()), probed(&here(ty)));
                    (false, quote!(__teleflow::Shape::#form, #optional))
                }
            },
            Held::Type(ty) => {
                let spelled = SyntacticType::of(ty);
                match spelled.form() {
                    Some(form) => known(form.as_str(), spelled.is_optional()),
                    None if is_generic(ty, self.payload.generics) => known("Unknown", false),
                    None => {
                        let ty = as_payload(ty);
                        (true, quote!(#ty::SHAPE, #ty::OPTIONAL))
                    }
                }
            }
        }
    }

    /// All that is known of the type inside.
    fn forwarded(&self, inner: &Held) -> (TokenStream, TokenStream) {
        let ty = match inner {
            Held::Type(ty) => as_payload(ty),
            inner => {
                let ty = self.held(inner);
                quote!(<#ty as __teleflow::TeleflowPayload>)
            }
        };
        // Of a type that is no `TeleflowPayload`, every part of this complains at the same place, and so only once.
        let span = ty.span();
        let held = quote!(<<Self as __teleflow::FieldAt<0>>::Type as __teleflow::TeleflowPayload>);
        let (element, object) = (at(span, quote!(#held::Element)), at(span, quote!(#held::Object)));
        let items = quote! {
            const SHAPE: __teleflow::Shape = #ty::SHAPE;
            const OPTIONAL: ::core::primitive::bool = #ty::OPTIONAL;
            const NAME: &'static ::core::primitive::str = #ty::NAME;
            const FIELDS: &'static [__teleflow::FieldInfo<'static>] = #ty::FIELDS;
            const VALUES: &'static [&'static ::core::primitive::str] = #ty::VALUES;
            type Element = #element;
            type Object = #object;
        };
        (items, self.field_type(0, 0, inner))
    }

    /// The type of which the form, and all that stands inside, is that of what is held.
    fn held(&self, held: &Held) -> TokenStream {
        match held {
            Held::Type(ty) => here(ty),
            Held::Shape { form, optional } => {
                let kind = format_ident!("{}", kind_type(*form));
                let ty = quote!(__teleflow::kind::#kind);
                match optional {
                    Optional::Yes => quote!(::core::option::Option<#ty>),
                    Optional::No | Optional::As(_) => ty,
                }
            }
            Held::List(element) => {
                let element = self.element(element);
                quote!(__teleflow::kind::ArrayOf<#element>)
            }
            Held::Unknown | Held::Object(_) => quote!(__teleflow::Unknown),
        }
    }
}

impl Expand<'_> {
    /// The same for the elements of a list, of which nothing but their type says whether they may be `null`.
    fn element(&self, held: &Held) -> TokenStream {
        let ty = self.held(held);
        match held {
            // A constant among the arguments of a type may not name parameters.
            Held::Shape { optional: Optional::As(other), .. } if self.payload.generics.params.is_empty() => {
                let optional = probed(&here(other));
                quote!(__teleflow::Nullable<#ty, #optional>)
            }
            _ => ty,
        }
    }
}

/// Is there a type of the author's in it, other than a primitive?
fn may_be_private(held: &Held) -> bool {
    const PRIMITIVES: [&str; 17] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64",
    ];
    match held {
        Held::Type(Type::Path(ty)) => !PRIMITIVES.iter().any(|primitive| ty.path.is_ident(primitive)),
        Held::Type(_) | Held::Shape { optional: Optional::As(_), .. } => true,
        Held::List(element) => may_be_private(element),
        Held::Shape { .. } | Held::Unknown | Held::Object(_) => false,
    }
}

fn plain(form: Shape) -> TokenStream {
    let form = format_ident!("{}", form.as_str());
    quote! {
        const SHAPE: __teleflow::Shape = __teleflow::Shape::#form;
        type Element = __teleflow::Unknown;
        type Object = __teleflow::Unknown;
    }
}

/// The type as one that says how it is written, all at its own place.
fn as_payload(ty: &Type) -> TokenStream {
    let place = ty.span();
    let ty = here(ty);
    at(place, quote!(<#ty as __teleflow::TeleflowPayload>))
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

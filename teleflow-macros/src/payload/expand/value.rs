//! Values: the shape of a field, an element or an inner value, and the type that represents it.

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Type;
use syn::spanned::Spanned;
use teleflow_catalog::rules::Shape;

use super::generator::Generator;
use crate::payload::shape::{Nullable, ValueShape};
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;
use crate::tokens::generated::nullability_of;
use crate::tokens::span::resolve_at_call_site;

/// The items for a value of this shape, whose content is unknown.
pub(super) fn plain_items(shape: Shape) -> TokenStream {
    let shape = format_ident!("{}", shape.as_str());
    quote! {
        const SHAPE: __teleflow::Shape = __teleflow::Shape::#shape;
        type Element = __teleflow::Unknown;
        type Object = __teleflow::Unknown;
    }
}

/// The items that take everything from the inner value.
pub(super) fn inner_items(generator: &Generator<'_>, inner: &ValueShape) -> TokenStream {
    let ty = match inner {
        ValueShape::Type(ty) => as_payload(ty),
        inner => {
            let ty = type_of(generator, inner);
            quote!(<#ty as __teleflow::TeleflowPayload>)
        }
    };
    // All items have one span, so that a type that is not a `TeleflowPayload` is one error.
    let span = ty.span();
    let inner = quote!(<<Self as __teleflow::FieldAt<0>>::Type as __teleflow::TeleflowPayload>);
    let (element, object) = (locate_at(span, quote!(#inner::Element)), locate_at(span, quote!(#inner::Object)));
    quote! {
        const SHAPE: __teleflow::Shape = #ty::SHAPE;
        const OPTIONAL: ::core::primitive::bool = #ty::OPTIONAL;
        const NAME: &'static ::core::primitive::str = #ty::NAME;
        const FIELDS: &'static [__teleflow::FieldInfo<'static>] = #ty::FIELDS;
        const VALUES: &'static [&'static ::core::primitive::str] = #ty::VALUES;
        type Element = #element;
        type Object = #object;
    }
}

/// Implements `FieldAt` for the field at this index.
pub(super) fn field_impl(generator: &Generator<'_>, part: usize, index: usize, value: &ValueShape) -> TokenStream {
    field_impl_with(generator, part, index, value, &type_of(generator, value))
}

/// Implements `FieldAt<0>` for the elements of an array.
pub(super) fn element_impl(generator: &Generator<'_>, element: &ValueShape) -> TokenStream {
    field_impl_with(generator, 0, 0, element, &element_type(generator, element))
}

fn field_impl_with(
    generator: &Generator<'_>,
    part: usize,
    index: usize,
    value: &ValueShape,
    ty: &TokenStream,
) -> TokenStream {
    let index = Literal::usize_unsuffixed(index);
    let part = (part > 0).then(|| Literal::usize_unsuffixed(part)).into_iter();
    let trait_path = quote!(__teleflow::FieldAt<#index #(, #part)*>);
    if may_be_private(value) {
        generator.implement_with_private_type(&trait_path, ty)
    } else {
        generator.implement(&trait_path, &quote!(type Type = #ty;))
    }
}

/// Whether the type declares the value's shape, and the arguments of `FieldInfo`: the shape, and whether it may be `null`.
pub(super) fn shape_and_nullable(generator: &Generator<'_>, value: &ValueShape) -> (bool, TokenStream) {
    let known = |shape: Shape, nullable: bool| {
        let shape = format_ident!("{}", shape.as_str());
        (false, quote!(__teleflow::Shape::#shape, #nullable))
    };
    match value {
        ValueShape::Unknown => known(Shape::Unknown, false),
        ValueShape::Object(object) => known(object.shape(), false),
        ValueShape::Array(_) => known(Shape::Array, false),
        ValueShape::Known { shape, nullable } => match nullable {
            Nullable::No => known(*shape, false),
            Nullable::Yes => known(*shape, true),
            Nullable::IfOption(ty) => {
                let (shape, nullable) =
                    (format_ident!("{}", shape.as_str()), nullability_of(&resolve_at_call_site(ty)));
                (false, quote!(__teleflow::Shape::#shape, #nullable))
            }
        },
        ValueShape::Type(ty) => {
            let syntactic = SyntacticType::of(ty);
            match syntactic.shape() {
                Some(shape) => known(shape, syntactic.is_optional()),
                None if is_generic(ty, generator.payload.generics) => known(Shape::Unknown, false),
                None => {
                    let ty = as_payload(ty);
                    (true, quote!(#ty::SHAPE, #ty::OPTIONAL))
                }
            }
        }
    }
}

/// The type that represents the value in checks.
fn type_of(generator: &Generator<'_>, value: &ValueShape) -> TokenStream {
    match value {
        ValueShape::Type(ty) => resolve_at_call_site(ty),
        ValueShape::Known { shape, nullable } => {
            let kind = format_ident!("{}", kind_type(*shape));
            let ty = quote!(__teleflow::kind::#kind);
            match nullable {
                Nullable::Yes => quote!(::core::option::Option<#ty>),
                Nullable::No | Nullable::IfOption(_) => ty,
            }
        }
        ValueShape::Array(element) => {
            let element = element_type(generator, element);
            quote!(__teleflow::kind::ArrayOf<#element>)
        }
        ValueShape::Unknown | ValueShape::Object(_) => quote!(__teleflow::Unknown),
    }
}

/// The type that represents an element. Only this type shows whether an element may be `null`.
fn element_type(generator: &Generator<'_>, element: &ValueShape) -> TokenStream {
    let ty = type_of(generator, element);
    match element {
        // A constant among the arguments of a type must not name type parameters.
        ValueShape::Known { nullable: Nullable::IfOption(other), .. }
            if generator.payload.generics.params.is_empty() =>
        {
            let nullable = nullability_of(&resolve_at_call_site(other));
            quote!(__teleflow::Nullable<#ty, #nullable>)
        }
        _ => ty,
    }
}

/// The name of the type in `__private::kind` that has this shape.
fn kind_type(shape: Shape) -> &'static str {
    match shape {
        Shape::Map => "Object",
        shape => shape.as_str(),
    }
}

/// Whether the value's type names a type of the author.
fn may_be_private(value: &ValueShape) -> bool {
    const PRIMITIVES: [&str; 17] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64",
    ];
    match value {
        ValueShape::Type(Type::Path(ty)) => !PRIMITIVES.iter().any(|primitive| ty.path.is_ident(primitive)),
        ValueShape::Type(_) | ValueShape::Known { nullable: Nullable::IfOption(_), .. } => true,
        ValueShape::Array(element) => may_be_private(element),
        ValueShape::Known { .. } | ValueShape::Unknown | ValueShape::Object(_) => false,
    }
}

/// `<Type as TeleflowPayload>`, with the span of the type.
fn as_payload(ty: &Type) -> TokenStream {
    let span = ty.span();
    let ty = resolve_at_call_site(ty);
    locate_at(span, quote!(<#ty as __teleflow::TeleflowPayload>))
}

/// Moves all tokens to one position, and keeps what their names resolve to.
fn locate_at(span: Span, tokens: TokenStream) -> TokenStream {
    let located = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), locate_at(span, group.stream())).into();
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(located).collect()
}

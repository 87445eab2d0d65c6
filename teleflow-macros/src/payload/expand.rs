//! How serde serializes the type → the impl of `TeleflowPayload`. This cannot fail.

// A module imports only from those below it.
mod object;
mod value;
mod generator;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Error;
use teleflow_catalog::rules::Shape;

use self::generator::Generator;
use super::parse::ParsedInput;
use super::shape::{CheckedPayload, SerializedShape, ValueShape};
use crate::tokens::generated::in_library_scope;

pub(super) fn expand(payload: &CheckedPayload<'_>) -> TokenStream {
    let generator = Generator::new(payload);
    let (items, field_types) = payload_items(&generator);
    let payload_impl = generator.implement(&quote!(__teleflow::TeleflowPayload), &items);
    let workflow_check = payload.is_workflow.then(|| assert_workflow(payload));
    in_library_scope(&payload.krate, &quote!(#payload_impl #field_types #workflow_check))
}

/// The errors, and an impl with an unknown shape, so that uses of the type are not errors as well.
pub(super) fn expand_after_errors(input: &ParsedInput<'_>, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if !input.has_library() {
        return errors;
    }
    let ParsedInput { ident, generics, .. } = input;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let items = value::plain_items(Shape::Unknown);
    let items = in_library_scope(
        &input.krate(),
        &quote! {
            #[automatically_derived]
            impl #impl_generics __teleflow::TeleflowPayload for #ident #ty_generics #where_clause { #items }
        },
    );
    quote!(#errors #items)
}

/// The items of the impl, and the impls that name the types of the fields.
fn payload_items(generator: &Generator<'_>) -> (TokenStream, TokenStream) {
    match &generator.payload.shape {
        SerializedShape::Plain(shape) => (with_name(generator, value::plain_items(*shape)), TokenStream::new()),
        SerializedShape::UnitVariants(names) => {
            let items = with_name(generator, value::plain_items(Shape::String));
            let values = quote!(const VALUES: &'static [&'static ::core::primitive::str] = &[#(#names),*];);
            (quote!(#items #values), TokenStream::new())
        }
        SerializedShape::Array(ValueShape::Unknown) => (value::plain_items(Shape::Array), TokenStream::new()),
        SerializedShape::Array(element) => {
            let items = quote! {
                const SHAPE: __teleflow::Shape = __teleflow::Shape::Array;
                type Element = <Self as __teleflow::FieldAt<0>>::Type;
                type Object = __teleflow::Unknown;
            };
            (items, value::element_impl(generator, element))
        }
        SerializedShape::Object(object) => {
            let (constants, types) = object::expand(generator, 0, object);
            let items = quote!(#constants type Element = __teleflow::Unknown; type Object = Self;);
            (items, types)
        }
        SerializedShape::Inner(ValueShape::Unknown) => (value::plain_items(Shape::Unknown), TokenStream::new()),
        SerializedShape::Inner(inner) => {
            (value::inner_items(generator, inner), value::field_impl(generator, 0, 0, inner))
        }
    }
}

fn with_name(generator: &Generator<'_>, items: TokenStream) -> TokenStream {
    let name = &generator.type_name;
    quote!(#items const NAME: &'static ::core::primitive::str = #name;)
}

/// Requires the trait that `TeleflowWorkflow` implements, since the type has a trigger.
fn assert_workflow(payload: &CheckedPayload<'_>) -> Option<TokenStream> {
    let CheckedPayload { ident, generics, .. } = payload;
    let is_generic = generics.type_params().next().is_some() || generics.const_params().next().is_some();
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    // If the derive is missing, the compiler shows the error at this span.
    let this = Ident::new("Self", ident.span().resolved_at(Span::call_site()));
    (!is_generic).then(|| {
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

//! Objects: the constants that list the fields, and an impl of `FieldAt` for each.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::generator::Generator;
use super::value::{field_impl, shape_and_nullable};
use crate::payload::shape::{FieldShape, ObjectShape, ValueShape};

/// The constants of the object, and the impls that name the types of its fields.
///
/// `part`: 0 for the type itself, else the number of the variant's content among its objects.
pub(super) fn expand(generator: &Generator<'_>, part: usize, object: &ObjectShape) -> (TokenStream, TokenStream) {
    let shape = format_ident!("{}", object.shape().as_str());
    let type_name = match &object.variant {
        Some(variant) => format!("{}::{variant}", generator.type_name),
        None => generator.type_name.clone(),
    };
    let mut types = TokenStream::new();
    let mut last_part = part;
    for (index, field) in object.fields.iter().enumerate() {
        if let ValueShape::Object(variant) = &field.value {
            last_part += 1;
            types.extend(variant_content(generator, index, last_part, variant));
        } else {
            types.extend(field_impl(generator, part, index, &field.value));
        }
    }
    // The index of a field that is not found.
    types.extend(field_impl(generator, part, object.fields.len(), &ValueShape::Unknown));
    let fields = object.fields.iter().map(|field| field_info(generator, field));
    let constants = quote! {
        const SHAPE: __teleflow::Shape = __teleflow::Shape::#shape;
        const NAME: &'static ::core::primitive::str = #type_name;
        const FIELDS: &'static [__teleflow::FieldInfo<'static>] = &[#(#fields),*];
    };
    (constants, types)
}

fn field_info(generator: &Generator<'_>, field: &FieldShape) -> TokenStream {
    let name = &field.name;
    let (is_declared, shape) = shape_and_nullable(generator, &field.value);
    let constructor = format_ident!(
        "{}",
        match (field.skippable, is_declared) {
            (false, false) => "always",
            (true, false) => "skippable",
            (false, true) => "always_declared",
            (true, true) => "skippable_declared",
        }
    );
    quote!(__teleflow::FieldInfo::#constructor(#name, #shape))
}

/// The content of a variant: an object of its own, which is the type of the field at this index.
fn variant_content(generator: &Generator<'_>, index: usize, part: usize, content: &ObjectShape) -> TokenStream {
    let (constants, types) = expand(generator, part, content);
    let (index, part) = (Literal::usize_unsuffixed(index), Literal::usize_unsuffixed(part));
    let fields = generator.implement(&quote!(__teleflow::Variant<#part>), &constants);
    let ty = quote!(type Type = __teleflow::VariantOf<Self, #part>;);
    let at = generator.implement(&quote!(__teleflow::FieldAt<#index>), &ty);
    quote!(#fields #types #at)
}

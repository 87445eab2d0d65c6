//! Tokens → what the author wrote: attributes read, nothing decided.

use proc_macro2::Ident;
use syn::{Data, DeriveInput, Fields, Generics, LitStr, Path, Token, Type, Visibility};

use crate::diag::Errors;
use crate::{keys, serde_attrs};

/// What stands under `#[derive(TeleflowPayload)]`.
pub(super) struct Written<'a> {
    pub ident: &'a Ident,
    pub visibility: &'a Visibility,
    pub generics: &'a Generics,
    pub keys: keys::OnType,
    pub serde: serde_attrs::OnStruct,
    pub shape: Shape<'a>,
}

pub(super) enum Shape<'a> {
    Struct(Parts<'a>),
    Enum(Vec<Variant<'a>>),
    Union(Token![union]),
}

/// The fields of a struct or of a variant.
pub(super) enum Parts<'a> {
    Named(Vec<Field<'a>>),
    /// One field without a name, which serde passes over.
    Newtype(Field<'a>),
    Tuple(Vec<Field<'a>>),
    Unit,
}

pub(super) struct Variant<'a> {
    pub ident: &'a Ident,
    pub serde: serde_attrs::OnVariant,
    pub parts: Parts<'a>,
}

pub(super) struct Field<'a> {
    pub ident: Option<&'a Ident>,
    pub visibility: &'a Visibility,
    pub ty: &'a Type,
    /// How it is sent, whatever its type.
    pub kind: Option<LitStr>,
    pub serde: serde_attrs::OnField,
}

pub(super) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Written<'a> {
    Written {
        ident: &input.ident,
        visibility: &input.vis,
        generics: &input.generics,
        keys: keys::on_type(&input.attrs, errors),
        serde: serde_attrs::on_struct(&input.attrs),
        shape: match &input.data {
            Data::Struct(data) => Shape::Struct(parts(&data.fields, None, errors)),
            Data::Enum(data) => {
                let variants = data.variants.iter().map(|variant| {
                    keys::on_variant(&variant.attrs, errors);
                    Variant {
                        ident: &variant.ident,
                        serde: serde_attrs::on_variant(&variant.attrs),
                        parts: parts(&variant.fields, Some(&input.vis), errors),
                    }
                });
                Shape::Enum(variants.collect())
            }
            Data::Union(data) => Shape::Union(data.union_token),
        },
    }
}

/// `all`: how public all fields are, if they do not say it themselves.
fn parts<'a>(fields: &'a Fields, all: Option<&'a Visibility>, errors: &mut Errors) -> Parts<'a> {
    let mut read = fields.iter().map(|field| Field {
        ident: field.ident.as_ref(),
        visibility: all.unwrap_or(&field.vis),
        ty: &field.ty,
        kind: keys::on_part(&field.attrs, errors),
        serde: serde_attrs::on_field(&field.attrs),
    });
    match fields {
        Fields::Named(_) => Parts::Named(read.collect()),
        Fields::Unnamed(_) => match (read.next(), read.next()) {
            (Some(only), None) => Parts::Newtype(only),
            (first, second) => Parts::Tuple(first.into_iter().chain(second).chain(read).collect()),
        },
        Fields::Unit => Parts::Unit,
    }
}

impl<'a> Written<'a> {
    /// Where the library is found.
    pub(super) fn krate(&self) -> Path {
        self.keys.krate.clone().unwrap_or_else(|| syn::parse_quote!(::teleflow))
    }

    /// All fields, those of variants too.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let (own, variants) = match &self.shape {
            Shape::Struct(parts) => (Some(parts), &[][..]),
            Shape::Enum(variants) => (None, &variants[..]),
            Shape::Union(_) => (None, &[][..]),
        };
        own.into_iter().chain(variants.iter().map(|variant| &variant.parts)).flat_map(Parts::fields)
    }
}

impl<'a> Parts<'a> {
    pub(super) fn fields(&self) -> &[Field<'a>] {
        match self {
            Self::Named(fields) | Self::Tuple(fields) => fields,
            Self::Newtype(field) => std::slice::from_ref(field),
            Self::Unit => &[],
        }
    }
}

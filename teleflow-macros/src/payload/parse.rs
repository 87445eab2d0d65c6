//! Tokens → what the author wrote: attributes read, nothing decided.

use proc_macro2::Ident;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, LitStr, Path, Token, Type};

use crate::attr::meta_item::items;
use crate::attr::{serde_attrs, teleflow_attrs};
use crate::errors::Errors;
use crate::library;

/// What stands under `#[derive(TeleflowPayload)]`.
pub(super) struct Written<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub keys: teleflow_attrs::OnType,
    pub serde: serde_attrs::OnStruct,
    pub body: Body<'a>,
    /// It has a `trigger`: it derives `TeleflowWorkflow` too, whose keys are read there.
    pub is_workflow: bool,
    /// It has a `repr` of integers, and no attribute of serde's derive.
    pub is_numbered: bool,
}

pub(super) enum Body<'a> {
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
    pub ty: &'a Type,
    /// How it is sent, whatever its type.
    pub kind: Option<LitStr>,
    pub serde: serde_attrs::OnField,
}

pub(super) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Written<'a> {
    let is_workflow = items(&input.attrs, "teleflow").iter().any(|item| item.is("trigger"));
    let parts = |fields, errors: &mut Errors| parts(fields, is_workflow, errors);
    Written {
        ident: &input.ident,
        generics: &input.generics,
        keys: match is_workflow {
            true => {
                let keys = teleflow_attrs::on_struct(&input.attrs, &mut elsewhere());
                teleflow_attrs::OnType { krate: keys.krate, kind: None, attempted_keys: keys.attempted_keys }
            }
            false => teleflow_attrs::on_type(&input.attrs, errors),
        },
        serde: serde_attrs::on_struct(&input.attrs),
        body: match &input.data {
            Data::Struct(data) => Body::Struct(parts(&data.fields, errors)),
            Data::Enum(data) => {
                let variants = data.variants.iter().map(|variant| {
                    teleflow_attrs::on_variant(&variant.attrs, errors);
                    Variant {
                        ident: &variant.ident,
                        serde: serde_attrs::on_variant(&variant.attrs),
                        parts: parts(&variant.fields, errors),
                    }
                });
                Body::Enum(variants.collect())
            }
            Data::Union(data) => Body::Union(data.union_token),
        },
        is_workflow,
        is_numbered: is_numbered(input),
    }
}

/// Errors of keys that the other derive reads, and complains of.
fn elsewhere() -> Errors {
    Errors::default()
}

fn is_numbered(input: &DeriveInput) -> bool {
    let Data::Enum(data) = &input.data else { return false };
    let is_number = |attribute: &Attribute| {
        let ty: Option<Ident> = attribute.parse_args().ok();
        attribute.path().is_ident("repr") && ty.is_some_and(|ty| ty.to_string().starts_with(['u', 'i']))
    };
    let attributes = || input.attrs.iter().chain(data.variants.iter().flat_map(|variant| &variant.attrs));
    attributes().any(is_number) && !attributes().any(|attribute| attribute.path().is_ident("serde"))
}

/// `is_workflow`: the other derive reads the keys of the fields, too.
fn parts<'a>(fields: &'a Fields, is_workflow: bool, errors: &mut Errors) -> Parts<'a> {
    let mut read = fields.iter().map(|field| Field {
        ident: field.ident.as_ref(),
        ty: &field.ty,
        kind: match is_workflow {
            true => teleflow_attrs::on_field(&field.attrs, &mut elsewhere()).kind,
            false => teleflow_attrs::on_type_field(&field.attrs, errors),
        },
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

    /// What is generated can name the library.
    pub(super) fn has_library(&self) -> bool {
        self.keys.krate.is_some() || !(self.meant("crate") || library::is_missing())
    }

    pub(super) fn meant(&self, key: &str) -> bool {
        self.keys.attempted_keys.contains(&key)
    }

    /// serde refuses one of its attributes, and says so itself.
    pub(super) fn serde_refuses(&self) -> bool {
        let variants = match &self.body {
            Body::Enum(variants) => &variants[..],
            Body::Struct(_) | Body::Union(_) => &[],
        };
        self.serde.refused
            || variants.iter().any(|variant| variant.serde.refused)
            || self.fields().any(|field| field.serde.refused)
    }

    /// All fields, those of variants too.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let (own, variants) = match &self.body {
            Body::Struct(parts) => (Some(parts), &[][..]),
            Body::Enum(variants) => (None, &variants[..]),
            Body::Union(_) => (None, &[][..]),
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

//! Tokens → the type as declared, with its attributes read. Errors of a single key are found here.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Data, DeriveInput, Generics, LitStr, Path, Token, Type};

use crate::attr::meta_item::items;
use crate::attr::serde_attrs::{ContainerAttrs, FieldAttrs, VariantAttrs};
use crate::attr::teleflow_attrs;
use crate::attr::wire_names::SerdeField;
use crate::errors::Errors;
use crate::library;

/// A type with `#[derive(TeleflowPayload)]`.
pub(super) struct ParsedInput<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub keys: teleflow_attrs::TypeKeys,
    pub serde: ContainerAttrs,
    pub body: Body<'a>,
    /// It has a `trigger`: it derives `TeleflowWorkflow` too, which reads the other keys.
    pub is_workflow: bool,
    /// It has an integer `repr`, and no `#[serde(…)]`.
    pub has_integer_repr: bool,
}

pub(super) enum Body<'a> {
    Struct(Fields<'a>),
    Enum(Vec<Variant<'a>>),
    Union(Token![union]),
}

/// The fields of a struct or of a variant.
pub(super) enum Fields<'a> {
    Named(Vec<Field<'a>>),
    /// A single unnamed field: serde serializes its value alone.
    Newtype(Field<'a>),
    Tuple(Vec<Field<'a>>),
    Unit,
}

pub(super) struct Variant<'a> {
    pub ident: &'a Ident,
    pub serde: VariantAttrs,
    pub fields: Fields<'a>,
}

pub(super) struct Field<'a> {
    pub ident: Option<&'a Ident>,
    pub ty: &'a Type,
    /// How the field is serialized, whatever its type.
    pub kind: Option<LitStr>,
    /// The key `sensitive`.
    pub sensitive: Option<Span>,
    pub serde: FieldAttrs,
}

pub(super) fn parse<'a>(input: &'a DeriveInput, errors: &mut Errors) -> ParsedInput<'a> {
    let is_workflow = items(&input.attrs, "teleflow").iter().any(|item| item.is("trigger"));
    let fields = |fields, errors: &mut Errors| parse_fields(fields, is_workflow, errors);
    ParsedInput {
        ident: &input.ident,
        generics: &input.generics,
        keys: match is_workflow {
            true => {
                let keys = teleflow_attrs::on_struct(&input.attrs, &mut errors_of_the_other_derive());
                teleflow_attrs::TypeKeys { krate: keys.krate, kind: None, attempted_keys: keys.attempted_keys }
            }
            false => teleflow_attrs::on_type(&input.attrs, errors),
        },
        serde: ContainerAttrs::from_attributes(&input.attrs),
        body: match &input.data {
            Data::Struct(data) => Body::Struct(fields(&data.fields, errors)),
            Data::Enum(data) => {
                let variants = data.variants.iter().map(|variant| {
                    teleflow_attrs::on_variant(&variant.attrs, errors);
                    Variant {
                        ident: &variant.ident,
                        serde: VariantAttrs::from_attributes(&variant.attrs),
                        fields: fields(&variant.fields, errors),
                    }
                });
                Body::Enum(variants.collect())
            }
            Data::Union(data) => Body::Union(data.union_token),
        },
        is_workflow,
        has_integer_repr: has_integer_repr(input),
    }
}

/// A sink for the errors that `TeleflowWorkflow` reports.
fn errors_of_the_other_derive() -> Errors {
    Errors::default()
}

fn has_integer_repr(input: &DeriveInput) -> bool {
    let Data::Enum(data) = &input.data else { return false };
    let is_integer = |attribute: &Attribute| {
        let ty: Option<Ident> = attribute.parse_args().ok();
        attribute.path().is_ident("repr") && ty.is_some_and(|ty| ty.to_string().starts_with(['u', 'i']))
    };
    let attributes = || input.attrs.iter().chain(data.variants.iter().flat_map(|variant| &variant.attrs));
    attributes().any(is_integer) && !attributes().any(|attribute| attribute.path().is_ident("serde"))
}

/// `is_workflow`: `TeleflowWorkflow` reads the keys of the fields too, and reports their errors.
fn parse_fields<'a>(fields: &'a syn::Fields, is_workflow: bool, errors: &mut Errors) -> Fields<'a> {
    let mut parsed = fields.iter().map(|field| {
        let keys = match is_workflow {
            true => teleflow_attrs::on_field(&field.attrs, &mut errors_of_the_other_derive()),
            false => teleflow_attrs::on_type_field(&field.attrs, errors),
        };
        Field {
            ident: field.ident.as_ref(),
            ty: &field.ty,
            kind: keys.kind,
            sensitive: keys.sensitive,
            serde: FieldAttrs::from_attributes(&field.attrs),
        }
    });
    match fields {
        syn::Fields::Named(_) => Fields::Named(parsed.collect()),
        syn::Fields::Unnamed(_) => match (parsed.next(), parsed.next()) {
            (Some(only), None) => Fields::Newtype(only),
            (first, second) => Fields::Tuple(first.into_iter().chain(second).chain(parsed).collect()),
        },
        syn::Fields::Unit => Fields::Unit,
    }
}

impl<'a> ParsedInput<'a> {
    /// The path of the library.
    pub(super) fn krate(&self) -> Path {
        library::path(self.keys.krate.as_ref())
    }

    /// Whether generated code can name the library.
    pub(super) fn has_library(&self) -> bool {
        self.keys.krate.is_some() || !(self.has_attempted("crate") || library::is_missing())
    }

    /// Whether the author attempted to write this key, which is an error already.
    pub(super) fn has_attempted(&self, key: &str) -> bool {
        self.keys.attempted_keys.contains(&key)
    }

    /// Whether serde rejects an attribute; it reports the error itself.
    pub(super) fn serde_rejects(&self) -> bool {
        let variants = match &self.body {
            Body::Enum(variants) => &variants[..],
            Body::Struct(_) | Body::Union(_) => &[],
        };
        self.serde.rejected
            || variants.iter().any(|variant| variant.serde.rejected)
            || self.fields().any(|field| field.serde.rejected)
    }

    /// All fields, including those of variants.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let (own, variants) = match &self.body {
            Body::Struct(fields) => (Some(fields), &[][..]),
            Body::Enum(variants) => (None, &variants[..]),
            Body::Union(_) => (None, &[][..]),
        };
        own.into_iter().chain(variants.iter().map(|variant| &variant.fields)).flat_map(Fields::as_slice)
    }
}

impl<'a> Fields<'a> {
    pub(super) fn as_slice(&self) -> &[Field<'a>] {
        match self {
            Self::Named(fields) | Self::Tuple(fields) => fields,
            Self::Newtype(field) => std::slice::from_ref(field),
            Self::Unit => &[],
        }
    }
}

impl SerdeField for Field<'_> {
    fn ident(&self) -> Option<&Ident> {
        self.ident
    }

    fn serde(&self) -> &FieldAttrs {
        &self.serde
    }
}

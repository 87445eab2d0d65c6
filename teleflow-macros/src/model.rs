//! The two forms of a struct: as it was written, and as what it means.

use proc_macro2::Ident;
use syn::{Fields, Generics, LitStr, Path, Token, Type};

use crate::{keys, serde_attrs};

/// What stands under `#[derive(TeleflowWorkflow)]`, its attributes read and nothing decided.
pub(crate) struct Written<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub keys: keys::OnStruct,
    pub serde: serde_attrs::OnStruct,
    pub shape: Shape<'a>,
}

pub(crate) enum Shape<'a> {
    Named(Vec<Field<'a>>),
    Tuple(&'a Fields),
    Unit,
    Enum(Token![enum]),
    Union(Token![union]),
}

pub(crate) struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub keys: keys::OnField,
    pub serde: serde_attrs::OnField,
}

/// A payload that holds together: generated code needs to know no more.
pub(crate) struct Workflow<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// Where the library is found.
    pub krate: Path,
    pub trigger: LitStr,
    pub transaction_id: Option<Template<'a>>,
    pub to: Option<Member<'a>>,
    pub actor: Option<Member<'a>>,
    pub tenant: Option<Member<'a>>,
}

/// A field that generated code reads.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
}

/// A text with fields in it.
pub(crate) struct Template<'a> {
    /// In the language of `format!`, with `{}` for each field.
    pub text: String,
    pub fields: Vec<Member<'a>>,
}

impl<'a> Written<'a> {
    /// The fields, if they have names.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match &self.shape {
            Shape::Named(fields) => fields,
            _ => &[],
        }
    }

    /// Was this key tried somewhere, in a way that is an error already?
    pub(crate) fn meant(&self, key: &str) -> bool {
        let keys = self.fields().iter().map(|field| &field.keys.meant);
        keys.chain([&self.keys.meant]).flatten().any(|meant| *meant == key)
    }

    /// Where the library is found.
    pub(crate) fn krate(&self) -> Path {
        self.keys.krate.clone().unwrap_or_else(|| syn::parse_quote!(::teleflow))
    }
}

impl<'a> Field<'a> {
    pub(crate) fn member(&self) -> Member<'a> {
        Member { ident: self.ident, ty: self.ty }
    }
}

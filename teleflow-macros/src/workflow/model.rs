//! The two forms of a struct: as it was written, and as what it means.

use proc_macro2::{Ident, Span};
use syn::{Error, Fields, Generics, LitStr, Path, Token, Type};

use teleflow_catalog::rules::Shape;

use super::requirement::Node;
use super::workflow_file::WorkflowFile;
use crate::attr::serde_attrs::{ContainerAttrs, FieldAttrs};
use crate::attr::teleflow_attrs;
use crate::attr::wire_names::SerdeField;
use crate::library;

/// What stands under `#[derive(TeleflowWorkflow)]`, its attributes read and nothing decided.
pub(crate) struct Written<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub keys: teleflow_attrs::OnStruct,
    pub serde: ContainerAttrs,
    pub body: Body<'a>,
}

pub(crate) enum Body<'a> {
    Named(Vec<Field<'a>>),
    Tuple(&'a Fields),
    Unit,
    Enum(Token![enum]),
    Union(Token![union]),
}

pub(crate) struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub keys: teleflow_attrs::OnField,
    pub serde: FieldAttrs,
}

/// A payload that holds together: generated code needs to know no more.
pub(crate) struct Workflow<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// Where the library is found.
    pub krate: Path,
    pub trigger: LitStr,
    pub transaction_id: Option<Template<'a>>,
    /// The names that are meant although they mean something to the server.
    pub meant: Vec<String>,
    pub flattened: Flattened,
    pub to: Option<Member<'a>>,
    pub actor: Option<Member<'a>>,
    pub tenant: Option<Member<'a>>,
    /// What the catalog says, where there is one.
    pub checked: Option<Checked>,
    /// serde refuses an attribute, and so writes nothing.
    pub serde_refuses: bool,
    /// What does not fit the catalog. The struct is a workflow all the same.
    pub faults: Option<Error>,
}

/// A struct that was checked against its workflow file.
pub(crate) struct Checked {
    pub filed: WorkflowFile,
    /// The steps that read an actor which no field gives: in words, and whether the server asks for it.
    pub actor: Option<Unmet>,
    pub tenant: Option<Unmet>,
    /// What only the compiler can see.
    pub walks: Vec<Walk>,
}

/// An actor or a tenant must be given when the event is built.
pub(crate) struct Unmet {
    pub required: bool,
    pub steps: String,
    /// Unless a field of this type always has it.
    pub field: Option<Box<Type>>,
    /// The field that is marked, but whose type is an `Option`.
    pub optional: Option<String>,
}

/// A walk through types, to hold them against what the workflow wants.
pub(crate) struct Walk {
    pub root: Root,
    pub nodes: Vec<Node>,
    /// Where its complaint stands: from the first token to the last.
    pub span: (Span, Span),
}

pub(crate) enum Root {
    /// The variable has a field of this type.
    Field(Box<Type>),
    /// The variable has a field of this type, and a `kind` that says the name of its `Shape`.
    Kind { ty: Box<Type>, shape: Shape },
    /// The variable is in one of these types, whose fields are written among those of `holder`, or in its place.
    /// `always`: what to do where one of them may be `null`.
    Inside { types: Vec<Type>, holder: String, always: &'static str },
    /// These types, whose fields are written among the struct's own, may have no other names.
    Closed { types: Vec<Type>, names: Vec<String> },
}

/// The flattened fields, and the names of the struct's other fields.
#[derive(Default)]
pub(crate) struct Flattened {
    /// The names that the struct always writes itself.
    pub own: Vec<String>,
    /// Where the types of the flattened fields are written: from the first token to the last.
    pub places: Vec<(Span, Span)>,
}

/// A field that generated code reads.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
}

/// A text with fields in it.
pub(crate) struct Template<'a>(pub Vec<Piece<'a>>);

pub(crate) enum Piece<'a> {
    Text(String),
    Field(Member<'a>),
}

impl<'a> Written<'a> {
    /// The fields, if they have names.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match &self.body {
            Body::Named(fields) => fields,
            _ => &[],
        }
    }

    /// Was this key tried somewhere, in a way that is an error already?
    pub(crate) fn meant(&self, key: &str) -> bool {
        let keys = self.fields().iter().map(|field| &field.keys.meant);
        keys.chain([&self.keys.meant]).flatten().any(|meant| *meant == key)
    }

    /// What is generated can name the library.
    pub(crate) fn has_library(&self) -> bool {
        self.keys.krate.is_some() || !(self.meant("crate") || library::is_missing())
    }

    /// serde refuses one of its attributes, and says so itself.
    pub(crate) fn serde_refuses(&self) -> bool {
        self.serde.rejected || self.fields().iter().any(|field| field.serde.rejected)
    }

    /// Where the library is found.
    pub(crate) fn krate(&self) -> Path {
        self.keys.krate.clone().unwrap_or_else(|| syn::parse_quote!(::teleflow))
    }
}

impl<'a> Template<'a> {
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Member<'a>> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Field(field) => Some(field),
        })
    }
}

impl SerdeField for Field<'_> {
    fn ident(&self) -> Option<&Ident> {
        Some(self.ident)
    }

    fn serde(&self) -> &FieldAttrs {
        &self.serde
    }
}

impl<'a> Field<'a> {
    pub(crate) fn member(&self) -> Member<'a> {
        Member { ident: self.ident, ty: self.ty }
    }
}

//! The struct under `#[derive(TeleflowWorkflow)]`: as parsed, and as checked.

use proc_macro2::{Ident, Span};
use syn::{Error, Fields, Generics, LitStr, Path, Token, Type};

use teleflow_catalog::rules::Shape;

use super::expected_variable::ExpectedVariable;
use super::workflow_file::WorkflowFile;
use crate::attr::serde_attrs::{ContainerAttrs, FieldAttrs};
use crate::attr::teleflow_attrs;
use crate::attr::wire_names::SerdeField;
use crate::library;

/// The item under the derive, with its attributes parsed and nothing checked.
pub(crate) struct ParsedInput<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub keys: teleflow_attrs::StructKeys,
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
    pub keys: teleflow_attrs::FieldKeys,
    pub serde: FieldAttrs,
}

/// A struct that passed all checks of the derive: all that generated code depends on.
pub(crate) struct CheckedWorkflow<'a> {
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    /// The path of the library.
    pub krate: Path,
    pub trigger: LitStr,
    pub transaction_id: Option<Template<'a>>,
    /// Names that are special to the server, and that the author allows with `address` or `shadowed`.
    pub allowed_names: Vec<String>,
    pub flattened: Flattened,
    /// `None` if no field is sensitive.
    pub sensitive: Option<SensitiveFields>,
    pub to: Option<Member<'a>>,
    pub actor: Option<Member<'a>>,
    pub tenant: Option<Member<'a>>,
    /// `None` without a catalog.
    pub catalog: Option<CatalogChecks>,
    /// serde rejects an attribute, so the struct has no `Serialize`.
    pub serde_rejects: bool,
    /// The struct does not match its workflow file. Its impls are generated nevertheless.
    pub catalog_errors: Option<Error>,
}

/// The workflow file, and the checks that are left to generated code.
pub(crate) struct CatalogChecks {
    pub file: WorkflowFile,
    pub actor: Option<UnmetNeed>,
    pub tenant: Option<UnmetNeed>,
    pub deferred: Vec<DeferredCheck>,
}

/// An actor or a tenant that steps read, and that the event's builder must set.
pub(crate) struct UnmetNeed {
    /// The server rejects events without it.
    pub required: bool,
    /// "step `email`"; empty if the catalog names none.
    pub steps: String,
    /// The type of the marked field, which decides whether the field always has a value.
    pub field_type: Option<Box<Type>>,
    /// The name of the marked field, if it is an `Option`.
    pub optional_field: Option<String>,
}

/// A check that the compiler makes, because the derive cannot resolve the types.
pub(crate) struct DeferredCheck {
    pub subject: Subject,
    /// The first and the last token that the error underlines.
    pub span: (Span, Span),
}

/// The subject of a deferred check.
pub(crate) enum Subject {
    /// The variable with its field's type.
    Field { variable: ExpectedVariable, ty: Box<Type> },
    /// The variable with a field that has a `kind`, and whose type may be an alias of an `Option`.
    Kind { variable: ExpectedVariable, ty: Box<Type>, shape: Shape },
    /// The variable with the fields of these types, which serde adds to those of `type_name`, or serializes instead of
    /// them. `if_optional`: what to do if one of the types may be `null`.
    Flattened { variable: ExpectedVariable, types: Vec<Type>, type_name: String, if_optional: &'static str },
    /// The fields of these types with the only names that the schema allows.
    AllowedFields { types: Vec<Type>, names: Vec<String> },
}

/// The flattened fields, and the names of the struct's other fields.
#[derive(Default)]
pub(crate) struct Flattened {
    /// The names of the other fields that the struct always serializes.
    pub own_names: Vec<String>,
    /// The first and the last token of each flattened field's type.
    pub spans: Vec<(Span, Span)>,
}

/// The sensitive fields of a struct.
pub(crate) struct SensitiveFields {
    pub names: Vec<String>,
    /// All fields are sensitive but these.
    pub all_except: bool,
}

/// A field that generated code reads.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
}

/// A template with its fields resolved.
pub(crate) struct Template<'a>(pub Vec<Piece<'a>>);

pub(crate) enum Piece<'a> {
    Text(String),
    Field(Member<'a>),
}

impl<'a> ParsedInput<'a> {
    /// The named fields.
    pub(crate) fn fields(&self) -> &[Field<'a>] {
        match &self.body {
            Body::Named(fields) => fields,
            _ => &[],
        }
    }

    /// Whether the author attempted to write this key somewhere, which is an error already.
    pub(crate) fn has_attempted(&self, key: &str) -> bool {
        let keys = self.fields().iter().map(|field| &field.keys.attempted_keys);
        keys.chain([&self.keys.attempted_keys]).flatten().any(|attempted| *attempted == key)
    }

    /// Whether generated code can name the library.
    pub(crate) fn has_library(&self) -> bool {
        self.keys.krate.is_some() || !(self.has_attempted("crate") || library::is_missing())
    }

    /// Whether serde rejects one of its attributes, and reports that itself.
    pub(crate) fn serde_rejects(&self) -> bool {
        self.serde.rejected || self.fields().iter().any(|field| field.serde.rejected)
    }

    /// The path of the library.
    pub(crate) fn krate(&self) -> Path {
        library::path(self.keys.krate.as_ref())
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

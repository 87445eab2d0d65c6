//! Each variable of the workflow: its field, or the types whose fields serde adds to the struct's.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Error, Type, parse_quote};
use teleflow_catalog::rules::{Requirement, WorkflowRef, messages};
use teleflow_catalog::suggest::nearest;

use super::{field, omissions};
use crate::errors::Errors;
use crate::workflow::model::{DeferredCheck, Field, ParsedInput, Subject};
use crate::workflow::names;
use crate::workflow::requirement::ExpectedVariable;
use crate::workflow::workflow_file::WorkflowFile;

/// Checks the struct's variables. Returns the checks that the compiler must make.
pub(super) fn check(
    input: &ParsedInput<'_>,
    file: &WorkflowFile,
    omitted: &[String],
    errors: &mut Errors,
) -> Vec<DeferredCheck> {
    if input.serde_rejects() {
        return Vec::new();
    }
    let sent = match names::variables(input) {
        Some(sent) => sent,
        // The type in `into` has all the fields.
        None if input.serde.into.is_some() => Vec::new(),
        None => return Vec::new(),
    };
    let check = VariablesCheck { input, file, workflow: file.workflow_ref(), sent };
    let mut deferred = Vec::new();
    if file.workflow.closed {
        deferred.extend(check.allowed_fields(errors));
    }
    for (name, variable) in &file.workflow.variables {
        match ExpectedVariable::new(name, variable, omitted) {
            Some(variable) => deferred.extend(check.variable(variable, errors)),
            None => omissions::check_not_sent(name, input, &file.workflow, &check.sent, errors),
        }
    }
    deferred
}

struct VariablesCheck<'a> {
    input: &'a ParsedInput<'a>,
    file: &'a WorkflowFile,
    workflow: WorkflowRef<'a>,
    /// The variables that the struct's own fields send.
    sent: Vec<names::Variable<'a>>,
}

/// The types whose fields serde adds to the struct's, or serializes instead of them.
enum FlattenedTypes {
    None,
    Types(Vec<Type>),
    /// At least one of them cannot be checked.
    Unknown,
}

impl VariablesCheck<'_> {
    fn variable(&self, variable: ExpectedVariable, errors: &mut Errors) -> Option<DeferredCheck> {
        let root = variable.root();
        if let Some(found) = self.sent.iter().find(|sent| sent.name == root.name) {
            return field::check(found, variable, self.input, &self.workflow, errors);
        }
        match self.flattened_types() {
            FlattenedTypes::Unknown => None,
            FlattenedTypes::None => {
                self.missing_field(&root.requirement(), errors);
                None
            }
            FlattenedTypes::Types(types) => {
                let (type_name, span) = self.serialized_type();
                let if_optional = match self.input.serde.into {
                    Some(_) => "name a type in `into` that is never `null`",
                    None => "the flattened field must not be optional",
                };
                let subject = Subject::Flattened { variable, types, type_name, if_optional };
                Some(DeferredCheck { subject, span: (span, span) })
            }
        }
    }

    fn missing_field(&self, requirement: &Requirement<'_>, errors: &mut Errors) {
        let type_name = self.struct_name();
        let (span, text) = match (self.skipped_field(requirement.name), self.similar_field(requirement)) {
            (Some(skipped), _) => (skipped, messages::never_sent_field(requirement, &self.workflow, &type_name)),
            (None, similar) => {
                let span = similar.map_or(self.input.ident.span(), |similar| similar.span);
                let similar = similar.map(|similar| similar.name.as_str());
                (span, messages::missing_field(requirement, &self.workflow, &type_name, similar))
            }
        };
        errors.push(Error::new(span, text.as_str()));
    }

    /// Checks that the schema allows each field. Returns the check of the flattened types.
    fn allowed_fields(&self, errors: &mut Errors) -> Option<DeferredCheck> {
        let names: Vec<String> = self.file.workflow.variables.keys().cloned().collect();
        let allowed: Vec<&str> = names.iter().map(String::as_str).collect();
        for variable in self.sent.iter().filter(|variable| !names.contains(&variable.name)) {
            let type_name = self.struct_name();
            let text = messages::unexpected_field("", &self.workflow, &allowed, &type_name, &variable.name);
            errors.push(Error::new(variable.span, text.as_str()));
        }
        let FlattenedTypes::Types(types) = self.flattened_types() else {
            return None;
        };
        let (_, span) = self.serialized_type();
        Some(DeferredCheck { subject: Subject::AllowedFields { types, names }, span: (span, span) })
    }

    fn struct_name(&self) -> String {
        self.input.ident.unraw().to_string()
    }

    /// The name and the span of the type that serde serializes: the struct, or the type in `into`.
    fn serialized_type(&self) -> (String, Span) {
        match &self.input.serde.into {
            Some(into) => (into.value(), into.span()),
            None => (self.struct_name(), self.input.ident.span()),
        }
    }

    /// The field that serde would send under this name if it did not skip it.
    fn skipped_field(&self, name: &str) -> Option<Span> {
        let has_name = |field: &&Field<'_>| names::has_wire_name(field, self.input, name);
        let mut skipped = self.input.fields().iter().filter(|field| field.serde.skipped);
        skipped.find(has_name).map(|field| field.ident.span())
    }

    /// A field with a similar name and an accepted type, among those that the workflow does not read.
    fn similar_field(&self, requirement: &Requirement<'_>) -> Option<&names::Variable<'_>> {
        let variables = &self.file.workflow.variables;
        let unread = || self.sent.iter().filter(|sent| !variables.contains_key(&sent.name));
        let similar = nearest(requirement.name, unread().map(|sent| sent.name.as_str()))?;
        let similar = unread().find(|sent| sent.name == similar)?;
        requirement.accepts(field::shape(similar.field?, self.input)).then_some(similar)
    }

    fn flattened_types(&self) -> FlattenedTypes {
        if let Some(into) = &self.input.serde.into {
            return into.parse().map_or(FlattenedTypes::Unknown, |into| FlattenedTypes::Types(vec![into]));
        }
        let flattened = self.input.fields().iter().filter(|field| field.serde.flatten && !field.serde.skipped);
        let types = flattened.map(|field| {
            let ty = field.ty;
            (!field::has_unknown_type(field, self.input)).then(|| match field.serde.skip_serializing_if {
                // serde may skip all of its fields, as it does for a `None`.
                Some(_) => parse_quote!(::core::option::Option<#ty>),
                None => ty.clone(),
            })
        });
        match types.collect::<Option<Vec<Type>>>() {
            None => FlattenedTypes::Unknown,
            Some(types) if types.is_empty() => FlattenedTypes::None,
            Some(types) => FlattenedTypes::Types(types),
        }
    }
}

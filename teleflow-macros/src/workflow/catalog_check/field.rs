//! A field and the variable that it is sent as.

use quote::ToTokens;
use syn::{Error, LitStr};
use teleflow_catalog::rules::{Kind, Requirement, Shape, WorkflowRef, compat, messages};

use crate::errors::Errors;
use crate::syntactic_type::SyntacticType;
use crate::tokens::bounds::is_generic;
use crate::tokens::span::first_and_last_span;
use crate::workflow::model::{DeferredCheck, Field, ParsedInput, Subject};
use crate::workflow::names;
use crate::workflow::requirement::{ExpectedVariable, Node, Position};

/// Checks the field. Returns the check that the compiler must make, if the derive does not recognize the type.
pub(super) fn check(
    sent: &names::Variable<'_>,
    mut variable: ExpectedVariable,
    input: &ParsedInput<'_>,
    workflow: &WorkflowRef<'_>,
    errors: &mut Errors,
) -> Option<DeferredCheck> {
    let Some(field) = sent.field else {
        // serde's `tag` is a string.
        if let Some(text) = compat::check_value(&variable.root().requirement(), workflow, Shape::String, false) {
            errors.push(Error::new(sent.span, text.as_str()));
        }
        return None;
    };
    if field.serde.skip_serializing_if.is_some() {
        variable.accept_null();
    }
    let check = FieldCheck { field, input, workflow, syntactic: SyntacticType::of(field.ty) };
    let result = check.run(&variable.root());
    match result {
        Outcome::Compatible => None,
        Outcome::Error(error) => {
            errors.push(error);
            None
        }
        Outcome::Deferred => {
            let ty = Box::new(field.ty.clone());
            let subject = match &field.keys.kind {
                Some(kind) => Subject::Kind { variable, ty, shape: Kind::shape_of_name(&kind.value()) },
                None => Subject::Field { variable, ty },
            };
            Some(DeferredCheck { subject, span: first_and_last_span(field.ty) })
        }
    }
}

/// The field's shape, as far as its attributes and the syntax of its type tell.
pub(super) fn shape(field: &Field<'_>, input: &ParsedInput<'_>) -> Shape {
    if let Some(kind) = &field.keys.kind {
        return Kind::shape_of_name(&kind.value());
    }
    let syntactic = SyntacticType::of(field.ty);
    let shape = match () {
        () if field.serde.as_string => syntactic.as_string().shape(),
        () if has_unknown_type(field, input) => None,
        () => syntactic.shape(),
    };
    shape.unwrap_or(Shape::Unknown)
}

/// Whether the field's type does not determine how it is serialized, or names a type parameter.
pub(super) fn has_unknown_type(field: &Field<'_>, input: &ParsedInput<'_>) -> bool {
    field.serde.custom_serializer || field.keys.kind.is_some() || is_generic(field.ty, input.generics)
}

struct FieldCheck<'a> {
    field: &'a Field<'a>,
    input: &'a ParsedInput<'a>,
    workflow: &'a WorkflowRef<'a>,
    syntactic: SyntacticType,
}

enum Outcome {
    Compatible,
    Error(Error),
    /// The derive does not recognize a type.
    Deferred,
}

impl Outcome {
    fn error(at: &dyn ToTokens, text: &str) -> Self {
        Self::Error(Error::new_spanned(at.to_token_stream(), text))
    }
}

impl FieldCheck<'_> {
    fn run(&self, root: &Node<'_>) -> Outcome {
        let requirement = root.requirement();
        let serde = &self.field.serde;
        match (&serde.skip_serializing_if, &self.field.keys.kind) {
            (Some(skip_if), _) if requirement.required => {
                Outcome::error(skip_if, messages::skipped_field(&requirement, self.workflow).as_str())
            }
            (_, Some(kind)) => self.check_kind(kind, &requirement),
            _ if serde.as_string => match self.check_syntactic(root, &self.syntactic.as_string()) {
                // `as_string` accepts types that the derive does not recognize.
                Outcome::Deferred => Outcome::Compatible,
                outcome => outcome,
            },
            _ if has_unknown_type(self.field, self.input) => self.check_outer_type(&requirement),
            _ => self.check_syntactic(root, &self.syntactic),
        }
    }

    fn check_kind(&self, kind: &LitStr, requirement: &Requirement<'_>) -> Outcome {
        let shape = Kind::shape_of_name(&kind.value());
        let has_custom_serializer = self.field.serde.custom_serializer;
        // A custom serializer may serialize `None` as something else.
        let optional = self.syntactic.is_optional() && !has_custom_serializer;
        if let Some(text) = compat::check_value(requirement, self.workflow, shape, optional) {
            let at: &dyn ToTokens = if requirement.accepts(shape) { self.field.ty } else { kind };
            return Outcome::error(at, text.as_str());
        }
        let is_recognized = self.syntactic.shape().is_some();
        let may_be_alias = !(is_recognized || has_custom_serializer || is_generic(self.field.ty, self.input.generics));
        let rejects_null = compat::check_value(requirement, self.workflow, shape, true).is_some();
        // Only the compiler sees whether the type is an alias of an `Option`.
        if may_be_alias && rejects_null { Outcome::Deferred } else { Outcome::Compatible }
    }

    /// Checks what is around a type parameter: `Option<T>`, `Vec<T>`.
    fn check_outer_type(&self, requirement: &Requirement<'_>) -> Outcome {
        if self.field.serde.custom_serializer {
            return Outcome::Compatible;
        }
        let shape = if self.syntactic.element().is_some() { Shape::Array } else { Shape::Unknown };
        match compat::check_value(requirement, self.workflow, shape, self.syntactic.is_optional()) {
            Some(text) => Outcome::error(self.field.ty, text.as_str()),
            None => Outcome::Compatible,
        }
    }

    /// Checks a type by its syntax. If a part of it is not recognized, the deferred check reports all errors.
    fn check_syntactic(&self, root: &Node<'_>, ty: &SyntacticType) -> Outcome {
        let mut errors = Vec::new();
        match self.add_errors(root, ty, &mut errors) {
            Recognized::No => Outcome::Deferred,
            Recognized::Yes if errors.is_empty() => Outcome::Compatible,
            Recognized::Yes => Outcome::error(self.field.ty, &errors.join("\n")),
        }
    }

    fn add_errors(&self, node: &Node<'_>, ty: &SyntacticType, errors: &mut Vec<String>) -> Recognized {
        let children = node.children();
        let Some(shape) = ty.shape() else {
            let is_compatible = node.accepts_anything() && children.is_empty();
            return if is_compatible { Recognized::Yes } else { Recognized::No };
        };
        let error = compat::check_value(&node.requirement(), self.workflow, shape, ty.is_optional());
        errors.extend(error.map(|text| text.as_str().to_owned()));
        // A recognized type has no fields.
        let elements = children.iter().filter(|child| child.position == Position::Element);
        for (element, ty) in elements.filter_map(|element| Some((element, ty.element()?))) {
            if let Recognized::No = self.add_errors(element, ty, errors) {
                return Recognized::No;
            }
        }
        Recognized::Yes
    }
}

/// Whether the derive recognizes a type and the types inside it.
enum Recognized {
    Yes,
    No,
}

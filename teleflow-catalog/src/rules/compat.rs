//! Whether a type is compatible with a workflow's requirements. `None` means that it is; otherwise the error's message.

use super::const_string::ConstString;
use super::messages;
use super::requirement::{Requirement, WorkflowRef};
use super::shape::{FieldInfo, Shape, TypeInfo, find_field};
use super::type_check::{Rule, TypeCheck, TypeCheckRow};
use crate::const_str::contains;

/// Checks a value of this shape. `optional`: it may be `null`.
#[must_use]
pub const fn check_value(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    shape: Shape,
    optional: bool,
) -> Option<ConstString> {
    check_declared(requirement, workflow, &FieldInfo::always("", shape, optional), "")
}

/// Checks the value of `field`. `type_name`: the type that has the field, unless that is the workflow's own struct.
const fn check_declared(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    field: &FieldInfo<'_>,
    type_name: &str,
) -> Option<ConstString> {
    let shape = field.shape;
    if !requirement.accepts(shape) {
        return Some(messages::wrong_kind(requirement, workflow, shape, type_name, field.declared));
    }
    // serde skips the field instead of serializing `null`.
    let optional = field.optional && !field.skippable;
    if (optional || matches!(shape, Shape::Null)) && !requirement.accepts_null() {
        return Some(messages::null(requirement, workflow, shape));
    }
    None
}

/// Checks that the type has the required field, and the field's value.
#[must_use]
pub const fn check_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    ty: &TypeInfo<'_>,
) -> Option<ConstString> {
    match find_field(ty.fields, requirement.name) {
        Some(field) => check_found(requirement, workflow, field, ty.type_name),
        None if matches!(ty.shape, Shape::Object) => {
            Some(messages::missing_field_of(requirement, workflow, ty.type_name, ty.fields))
        }
        // Types of other shapes may have fields that they do not declare.
        None => None,
    }
}

const fn check_found(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    field: &FieldInfo<'_>,
    type_name: &str,
) -> Option<ConstString> {
    if field.skippable && requirement.required {
        return Some(messages::may_be_missing(requirement, workflow, "make its type serialize it always"));
    }
    check_declared(requirement, workflow, field, type_name)
}

/// Makes each check of a table. The message has one line for each error.
///
/// # Panics
///
/// If a check refers to a type that is not in the table: the derive has generated wrong code.
#[must_use]
pub const fn check_all(
    workflow: &WorkflowRef<'_>,
    checks: &[TypeCheckRow<'_>],
    types: &[TypeInfo<'_>],
) -> Option<ConstString> {
    let mut rest = checks;
    let mut errors: Option<ConstString> = None;
    while let [row, others @ ..] = rest {
        let check = TypeCheck::from_row(*row);
        if let Some(error) = check_rule(&check.rule, workflow, type_at(types, check.type_index)) {
            errors = match errors {
                None => Some(error),
                Some(before) => Some(before.add("\n").add(error.as_str())),
            };
        }
        rest = others;
    }
    errors
}

const fn check_rule(rule: &Rule<'_>, workflow: &WorkflowRef<'_>, ty: &TypeInfo<'_>) -> Option<ConstString> {
    match rule {
        Rule::Value(requirement) => {
            let value = FieldInfo::always("", ty.shape, ty.optional);
            let value = FieldInfo { declared: !ty.type_name.is_empty(), ..value };
            check_declared(requirement, workflow, &value, "")
        }
        Rule::Field(requirement) => check_field(requirement, workflow, ty),
        Rule::AllowedValues { path, values } => check_values(path, workflow, values, ty),
        Rule::AllowedFields { path, names } => check_names(path, workflow, names, ty),
    }
}

/// The type with this index.
#[expect(clippy::panic, reason = "it runs while constants are evaluated, where it stops the build")]
pub(crate) const fn type_at<'t, 'a>(types: &'t [TypeInfo<'a>], index: usize) -> &'t TypeInfo<'a> {
    match types.split_at_checked(index) {
        Some((_, [ty, ..])) => ty,
        _ => panic!("the index of a type is out of range; this is a bug in `teleflow-macros`"),
    }
}

/// Checks a variable that must be a field of one of these types: the types of flattened fields, or of serde's `into`.
///
/// `type_name`: the type that the fields are serialized in. `if_optional`: what to do if the type with the variable may
/// be `null`, and so may lack the variable.
#[must_use]
pub const fn check_flattened(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
    if_optional: &str,
    types: &[TypeInfo<'_>],
) -> Option<ConstString> {
    let mut rest = types;
    let mut has_undeclared_fields = false;
    while let [ty, others @ ..] = rest {
        if let Some(field) = find_field(ty.fields, requirement.name) {
            if ty.optional && requirement.required {
                return Some(messages::may_be_missing(requirement, workflow, if_optional));
            }
            return check_found(requirement, workflow, field, ty.type_name);
        }
        has_undeclared_fields = has_undeclared_fields || !matches!(ty.shape, Shape::Object);
        rest = others;
    }
    if has_undeclared_fields { None } else { Some(messages::missing_field(requirement, workflow, type_name, None)) }
}

/// Checks that the schema allows each string that the type can be.
const fn check_values(
    path: &str,
    workflow: &WorkflowRef<'_>,
    allowed: &[&str],
    ty: &TypeInfo<'_>,
) -> Option<ConstString> {
    let mut rest = ty.values;
    while let [value, others @ ..] = rest {
        if !contains(allowed, value) {
            return Some(messages::unexpected_value(path, workflow, allowed, ty.type_name, value));
        }
        rest = others;
    }
    None
}

/// Checks that the schema allows each field of the type.
const fn check_names(
    path: &str,
    workflow: &WorkflowRef<'_>,
    allowed: &[&str],
    ty: &TypeInfo<'_>,
) -> Option<ConstString> {
    let mut rest = ty.fields;
    while let [field, others @ ..] = rest {
        if !contains(allowed, field.name) {
            return Some(messages::unexpected_field(path, workflow, allowed, ty.type_name, field.name));
        }
        rest = others;
    }
    None
}

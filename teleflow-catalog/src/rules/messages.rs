//! The messages of the errors that [`compat`](super::compat) and the derive report.

use super::const_string::ConstString;
use super::requirement::{Kind, Requirement, WorkflowRef};
use super::shape::{FieldInfo, Shape};
use crate::const_str::is_same;

const QUOTE: &str = "\"";

/// A field that the schema forbids. `path`: where the field is, if not in the payload itself.
#[must_use]
pub const fn unexpected_field(
    path: &str,
    workflow: &WorkflowRef<'_>,
    allowed: &[&str],
    type_name: &str,
    name: &str,
) -> ConstString {
    let text = ConstString::new().add("`").add(type_name).add("` has a field `").add(name).add("`, but ");
    let text = add_schema(text, workflow).add(" forbids it");
    let text = if path.is_empty() { text } else { text.add(" in `").add(path).add("`") };
    let text = match allowed {
        [] => text.add("; remove it"),
        allowed => text.add(" and allows only ").add_names(allowed).add("; rename or remove it"),
    };
    add_file(text, workflow)
}

/// A string that the schema does not list.
pub(crate) const fn unexpected_value(
    path: &str,
    workflow: &WorkflowRef<'_>,
    allowed: &[&str],
    type_name: &str,
    value: &str,
) -> ConstString {
    let text = ConstString::new().add("`").add(path).add("` may be ").add(QUOTE).add(value).add(QUOTE);
    let text = add_schema(text.add(", but "), workflow).add(" allows only ").add_names(allowed);
    let text = text.add("; rename or remove the variant of `").add(type_name).add("`");
    add_file(text, workflow)
}

/// A required variable whose field has serde's `skip_serializing_if`.
#[must_use]
pub const fn skipped_field(requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>) -> ConstString {
    may_be_missing(requirement, workflow, "remove `skip_serializing_if`")
}

/// A required variable that may be missing. `advice`: what to do.
pub(crate) const fn may_be_missing(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    advice: &str,
) -> ConstString {
    let text = ConstString::new().add("`").add(requirement.path).add("` may be missing, but ");
    let text = add_workflow(text, workflow).add(" requires it");
    add_file(add_steps(text, requirement).add("; ").add(advice), workflow)
}

/// A variable without a field. `similar`: a field with a similar name and an accepted type.
#[must_use]
pub const fn missing_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
    similar: Option<&str>,
) -> ConstString {
    let text = add_missing(ConstString::new(), requirement, type_name);
    let text = add_use(text.add(", but "), requirement, workflow);
    let text = match similar {
        Some(similar) => {
            let text = text.add("; if `").add(similar).add("` is this field, write `#[serde(rename = ").add(QUOTE);
            text.add(requirement.name).add(QUOTE).add(")]` above it; otherwise add the field")
        }
        None => text.add("; add the field"),
    };
    add_file(add_type_and_omission(text, requirement), workflow)
}

/// A variable without a field, of a type with these fields.
pub(crate) const fn missing_field_of(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
    fields: &[FieldInfo<'_>],
) -> ConstString {
    let text = add_missing(ConstString::new(), requirement, type_name);
    let text = match fields {
        [] => text,
        fields => add_field_names(text.add(" (it has "), fields).add(")"),
    };
    let text = add_use(text.add(", but "), requirement, workflow).add("; add the field");
    add_file(add_type_and_omission(text, requirement), workflow)
}

/// A variable whose field serde skips always.
#[must_use]
pub const fn never_sent_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
) -> ConstString {
    let text = ConstString::new().add("serde skips the field `").add(requirement.name).add("` of `").add(type_name);
    let text = add_use(text.add("`, but "), requirement, workflow).add("; remove `skip`");
    add_file(add_omission(text, requirement), workflow)
}

/// A value of another kind. `type_name`: the type that has the field, unless that is the workflow's own struct.
/// `declared`: the shape is declared by a type whose `Serialize` may be handwritten.
pub(crate) const fn wrong_kind(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    shape: Shape,
    type_name: &str,
    declared: bool,
) -> ConstString {
    let text = ConstString::new().add("`").add(requirement.path).add("` is ").add(shape.words());
    // Both are numbers.
    let text = match (shape, requirement.kind) {
        (Shape::Number, Kind::Integer) => text.add(" that may have a fraction"),
        _ => text,
    };
    let text = add_workflow(text.add(", but "), workflow).add(" expects ").add(requirement.kind.words());
    let text = add_steps(text, requirement);
    let text = if requirement.name.is_empty() {
        text.add("; change the type of the elements to ")
    } else if type_name.is_empty() {
        text.add("; change the type of the field to ")
    } else {
        text.add("; change the type of field `").add(requirement.name).add("` of `").add(type_name).add("` to ")
    };
    let text = text.add(requirement.kind.suggested_type());
    let text = match declared && !matches!(shape, Shape::Array) {
        true => text.add(", or, if its `Serialize` is handwritten, add `#[teleflow(kind = \"…\")]`"),
        false => text,
    };
    add_file(text, workflow)
}

/// A value that is `null`, or may be.
pub(crate) const fn null(requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>, shape: Shape) -> ConstString {
    let is_always_null = matches!(shape, Shape::Null);
    let text = ConstString::new().add("`").add(requirement.path);
    let text = text.add(if is_always_null { "` is `null`, but " } else { "` may be `null`, but " });
    let text = match requirement.required {
        true => add_workflow(text, workflow).add(" requires a value"),
        false => add_schema(text, workflow).add(" does not allow `null`"),
    };
    let text = add_steps(text, requirement);
    let text = if is_always_null {
        match requirement.kind {
            Kind::Any => text.add("; change the type of the field"),
            kind => text.add("; change the type of the field to ").add(kind.suggested_type()),
        }
    } else if requirement.name.is_empty() {
        text.add("; remove the `Option` around the elements")
    } else if requirement.required {
        text.add("; send it always, without the `Option`")
    } else {
        text.add("; add `#[serde(skip_serializing_if = \"Option::is_none\")]`")
    };
    add_file(text, workflow)
}

/// "`Item` has no field `sku`"
const fn add_missing(text: ConstString, requirement: &Requirement<'_>, type_name: &str) -> ConstString {
    text.add("`").add(type_name).add("` has no field `").add(requirement.name).add("`")
}

const fn add_field_names(text: ConstString, fields: &[FieldInfo<'_>]) -> ConstString {
    const MOST: usize = 12;
    let mut text = text;
    let mut rest = fields;
    let mut count = 0;
    while let [field, others @ ..] = rest {
        if count == MOST {
            return text.add(", …");
        }
        text = text.add(if count == 0 { "`" } else { ", `" }).add(field.name).add("`");
        count += 1;
        rest = others;
    }
    text
}

/// "workflow `w` reads `items[].sku` (step `email`)"
const fn add_use(text: ConstString, requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>) -> ConstString {
    let text = add_workflow(text, workflow).add(if requirement.required { " requires " } else { " reads " });
    let text = match is_same(requirement.name, requirement.path) {
        true => text.add("it"),
        false => text.add("`").add(requirement.path).add("`"),
    };
    add_steps(text, requirement)
}

/// ", for example as a `String`, or omit it …"
const fn add_type_and_omission(text: ConstString, requirement: &Requirement<'_>) -> ConstString {
    add_omission(text.add(", for example as ").add(requirement.kind.suggested_type()), requirement)
}

const fn add_omission(text: ConstString, requirement: &Requirement<'_>) -> ConstString {
    match requirement.required {
        true => text,
        false => text.add(", or omit it with `#[teleflow(omit(\"").add(requirement.path).add("\"))]`"),
    }
}

const fn add_workflow(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add("workflow `").add(workflow.trigger).add("`")
}

const fn add_schema(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add("the schema of workflow `").add(workflow.trigger).add("`")
}

const fn add_steps(text: ConstString, requirement: &Requirement<'_>) -> ConstString {
    if requirement.steps.is_empty() { text } else { text.add(" (").add(requirement.steps).add(")") }
}

const fn add_file(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add(" [").add(workflow.file).add("]")
}

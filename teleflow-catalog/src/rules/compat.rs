//! The complaint where a type does not fit what a workflow wants.
//!
//! All of it is `const`: the derive calls it for types that it knows by their spelling, and generated constants for
//! all others, so that both say the same.

use super::const_string::ConstString;
use super::requirement::{Kind, Node, NodeRow, Question, Requirement, WorkflowRef};
use super::shape::{FieldInfo, Shape, TypeInfo};
use crate::const_str::{contains, is_same};

/// A value in this shape, for this variable. `optional`: it may be `null`.
#[must_use]
pub const fn check_value(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    shape: Shape,
    optional: bool,
) -> Option<ConstString> {
    check_declared(requirement, workflow, shape, optional, "", false)
}

/// `type_name`: the type whose field it is, if that is not the workflow's struct. `declared`: a type of the application's
/// says the shape.
const fn check_declared(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    shape: Shape,
    optional: bool,
    type_name: &str,
    declared: bool,
) -> Option<ConstString> {
    if !requirement.accepts(shape) {
        return Some(wrong_kind(requirement, workflow, shape, type_name, declared));
    }
    if (optional || matches!(shape, Shape::Null)) && !requirement.accepts_null() {
        return Some(null(requirement, workflow, shape));
    }
    None
}

/// The field that is sent under the variable's name, for a type of this shape.
#[must_use]
pub const fn check_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    of: &TypeInfo<'_>,
) -> Option<ConstString> {
    match find(of.fields, requirement.name) {
        Some(name) => check_found(requirement, workflow, name, of.type_name),
        None if matches!(of.shape, Shape::Object) => Some(missing_field(requirement, workflow, of.type_name, None)),
        // Other forms have names that the type does not know.
        None => None,
    }
}

const fn check_found(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    name: &FieldInfo<'_>,
    type_name: &str,
) -> Option<ConstString> {
    if name.skippable {
        if requirement.required {
            return Some(may_be_missing(requirement, workflow, "make its type serialize it always"));
        }
        // What may be left out is left out where it would be `null`.
        return check_declared(requirement, workflow, name.shape, false, type_name, name.declared);
    }
    check_declared(requirement, workflow, name.shape, name.optional, type_name, name.declared)
}

/// The places of a walk, with the types of its types: every complaint, each in a line.
#[must_use]
pub const fn check_all(
    workflow: &WorkflowRef<'_>,
    nodes: &[NodeRow<'_>],
    types: &[TypeInfo<'_>],
) -> Option<ConstString> {
    let mut rest = nodes;
    let mut complaints: Option<ConstString> = None;
    while let [row, others @ ..] = rest {
        let node = Node::from_row(*row);
        if let Some((_, [ty, ..])) = types.split_at_checked(node.type_index) {
            let complaint = match node.question {
                Question::Value => {
                    check_declared(&node.requirement, workflow, ty.shape, ty.optional, "", !ty.type_name.is_empty())
                }
                Question::Field => check_field(&node.requirement, workflow, ty),
                Question::Allowed(values) => allowed(node.requirement.path, workflow, values, ty),
                Question::Closed(names) => closed(node.requirement.path, workflow, names, ty),
            };
            if let Some(complaint) = complaint {
                complaints = match complaints {
                    None => Some(complaint),
                    Some(before) => Some(before.add("\n").add(complaint.as_str())),
                };
            }
        }
        rest = others;
    }
    complaints
}

const fn find<'n, 'a>(names: &'n [FieldInfo<'a>], name: &str) -> Option<&'n FieldInfo<'a>> {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first.name, name) {
            return Some(first);
        }
        rest = others;
    }
    None
}

/// A variable that is in one of these types, whose fields are written among those of `type_name`, or in its workflow.
/// `always`: what to do where the type with the variable may be `null`, and so lack it.
#[must_use]
pub const fn check_flattened(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
    always: &str,
    types: &[TypeInfo<'_>],
) -> Option<ConstString> {
    let mut rest = types;
    let mut open = false;
    while let [ty, others @ ..] = rest {
        if let Some(name) = find(ty.fields, requirement.name) {
            if ty.optional && requirement.required {
                return Some(may_be_missing(requirement, workflow, always));
            }
            return check_found(requirement, workflow, name, ty.type_name);
        }
        open = open || !matches!(ty.shape, Shape::Object);
        rest = others;
    }
    if open { None } else { Some(missing_field(requirement, workflow, type_name, None)) }
}

/// A string that the type can be, and that the workflow does not allow.
const fn allowed(path: &str, workflow: &WorkflowRef<'_>, values: &[&str], ty: &TypeInfo<'_>) -> Option<ConstString> {
    let mut rest = ty.values;
    while let [value, others @ ..] = rest {
        if !contains(values, value) {
            let text = ConstString::new().add("`").add(path).add("` may be ").add(QUOTE).add(value).add(QUOTE);
            let text = of_schema(text.add(", but "), workflow).add(" allows only ");
            let text = listed(text, values).add("; rename or remove the variant of `").add(ty.type_name).add("`");
            return Some(end(text, workflow));
        }
        rest = others;
    }
    None
}

const QUOTE: &str = "\"";

/// A name that the type writes, and that the workflow does not allow.
#[must_use]
pub const fn closed(path: &str, workflow: &WorkflowRef<'_>, names: &[&str], ty: &TypeInfo<'_>) -> Option<ConstString> {
    let mut rest = ty.fields;
    while let [name, others @ ..] = rest {
        if !contains(names, name.name) {
            return Some(unexpected_field(path, workflow, names, ty.type_name, name.name));
        }
        rest = others;
    }
    None
}

/// `name` is a field that the schema forbids.
#[must_use]
pub const fn unexpected_field(
    path: &str,
    workflow: &WorkflowRef<'_>,
    names: &[&str],
    type_name: &str,
    name: &str,
) -> ConstString {
    let text = ConstString::new().add("`").add(type_name).add("` has a field `").add(name).add("`, but ");
    let text = of_schema(text, workflow).add(" forbids it");
    let text = if path.is_empty() { text } else { text.add(" in `").add(path).add("`") };
    let text = match names {
        [] => text.add("; remove it"),
        names => listed(text.add(" and allows only "), names).add("; rename or remove it"),
    };
    end(text, workflow)
}

const fn of_schema(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add("the schema of workflow `").add(workflow.trigger).add("`")
}

/// The first few of them.
const fn listed(text: ConstString, words: &[&str]) -> ConstString {
    const MOST: usize = 12;
    let mut text = text;
    let mut rest = words;
    let mut count = 0;
    while let [word, others @ ..] = rest {
        if count == MOST {
            return text.add(", …");
        }
        text = text.add(if count == 0 { "`" } else { ", `" }).add(word).add("`");
        count += 1;
        rest = others;
    }
    text
}

/// The field is there, and serde may skip it, which the workflow forbids.
#[must_use]
pub const fn skipped_field(requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>) -> ConstString {
    may_be_missing(requirement, workflow, "remove `skip_serializing_if`")
}

/// There is no field for the variable. `near`: the wire name of a field that may be meant, and that would fit.
#[must_use]
pub const fn missing_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
    near: Option<&str>,
) -> ConstString {
    let text = ConstString::new().add("`").add(type_name).add("` has no field `").add(requirement.name).add("`, but ");
    let text = uses(text, requirement, workflow);
    let text = match near {
        Some(near) => {
            let text = text.add("; if `").add(near).add("` is this field, write `#[serde(rename = ").add(QUOTE);
            text.add(requirement.name).add(QUOTE).add(")]` above it; otherwise add the field")
        }
        None => text.add("; add the field"),
    };
    let text = text.add(", for example as ").add(requirement.kind.advised());
    let text = match requirement.required {
        true => text,
        false => text.add(", or omit it with `#[teleflow(omit(\"").add(requirement.path).add("\"))]`"),
    };
    end(text, workflow)
}

/// serde skips the field of the variable.
#[must_use]
pub const fn never_sent_field(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    type_name: &str,
) -> ConstString {
    let text = ConstString::new()
        .add("serde skips the field `")
        .add(requirement.name)
        .add("` of `")
        .add(type_name)
        .add("`, but ");
    let text = uses(text, requirement, workflow).add("; remove `skip`");
    let text = match requirement.required {
        true => text,
        false => text.add(", or omit the variable with `#[teleflow(omit(\"").add(requirement.path).add("\"))]`"),
    };
    end(text, workflow)
}

/// "workflow `w` reads `items[].sku` (step `email`)"
const fn uses(text: ConstString, requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>) -> ConstString {
    let text = of_workflow(text, workflow).add(if requirement.required { " requires " } else { " reads " });
    let text = match is_same(requirement.name, requirement.path) {
        true => text.add("it"),
        false => text.add("`").add(requirement.path).add("`"),
    };
    steps(text, requirement)
}

const fn wrong_kind(
    requirement: &Requirement<'_>,
    workflow: &WorkflowRef<'_>,
    shape: Shape,
    type_name: &str,
    declared: bool,
) -> ConstString {
    let text = ConstString::new().add("`").add(requirement.path).add("` is ").add(shape.words());
    // Both are numbers.
    let text = if matches!(shape, Shape::Number) && matches!(requirement.kind, Kind::Integer) {
        text.add(" that may have a fraction")
    } else {
        text
    };
    let text = of_workflow(text.add(", but "), workflow).add(" expects ").add(requirement.kind.words());
    let text = steps(text, requirement);
    let text = if requirement.name.is_empty() {
        text.add("; change the type of the elements to ")
    } else if type_name.is_empty() {
        text.add("; change the type of the field to ")
    } else {
        text.add("; change the type of field `").add(requirement.name).add("` of `").add(type_name).add("` to ")
    };
    let text = text.add(requirement.kind.advised());
    let text = match declared && !matches!(shape, Shape::Array) {
        true => text.add(", or, if its `Serialize` is handwritten, add `#[teleflow(kind = \"…\")]`"),
        false => text,
    };
    end(text, workflow)
}

const fn null(requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>, shape: Shape) -> ConstString {
    let text = ConstString::new().add("`").add(requirement.path);
    let is_always = matches!(shape, Shape::Null);
    let text = text.add(if is_always { "` is `null`, but " } else { "` may be `null`, but " });
    let text = match requirement.required {
        true => of_workflow(text, workflow).add(" requires a value"),
        false => of_schema(text, workflow).add(" does not allow `null`"),
    };
    let text = steps(text, requirement);
    let text = if is_always {
        match requirement.kind {
            Kind::Any => text.add("; change the type of the field"),
            kind => text.add("; change the type of the field to ").add(kind.advised()),
        }
    } else if requirement.name.is_empty() {
        text.add("; remove the `Option` around the elements")
    } else if requirement.required {
        text.add("; send it always, without the `Option`")
    } else {
        text.add("; add `#[serde(skip_serializing_if = \"Option::is_none\")]`")
    };
    end(text, workflow)
}

const fn may_be_missing(requirement: &Requirement<'_>, workflow: &WorkflowRef<'_>, advice: &str) -> ConstString {
    let text = ConstString::new().add("`").add(requirement.path).add("` may be missing, but ");
    let text = of_workflow(text, workflow).add(" requires it");
    end(steps(text, requirement).add("; ").add(advice), workflow)
}

const fn of_workflow(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add("workflow `").add(workflow.trigger).add("`")
}

const fn steps(text: ConstString, requirement: &Requirement<'_>) -> ConstString {
    if requirement.steps.is_empty() { text } else { text.add(" (").add(requirement.steps).add(")") }
}

const fn end(text: ConstString, workflow: &WorkflowRef<'_>) -> ConstString {
    text.add(" [").add(workflow.file).add("]")
}

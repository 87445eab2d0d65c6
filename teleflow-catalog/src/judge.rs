//! The complaint where a type does not fit what a workflow wants.
//!
//! All of it is `const`: the derive calls it for types that it knows by their spelling, and generated constants for
//! all others, so that both say the same.

use crate::form::{Form, Name, Shape, is_same};
use crate::suggest;
use crate::text::Text;
use crate::want::{Node, Place, Want};

/// A value in this form, for this variable. `optional`: it may be `null`.
#[must_use]
pub const fn value(want: &Want<'_>, place: &Place<'_>, form: Form, optional: bool) -> Option<Text> {
    if !want.takes(form) {
        return Some(wrong_kind(want, place, form));
    }
    if optional && want.required {
        let advice = "send it always, without the `Option`";
        return Some(may_be_missing(want, place, advice));
    }
    None
}

/// The field that is sent under the variable's name, for a type of this shape.
#[must_use]
pub const fn field(want: &Want<'_>, place: &Place<'_>, of: &Shape<'_>) -> Option<Text> {
    match find(of.names, want.name) {
        Some(name) => found(want, place, name, false),
        None if matches!(of.form, Form::Object) => {
            Some(absent(want, place, of.holder, suggest::nearest_name(want.name, of.names)))
        }
        // Other forms have names that the type does not know.
        None => None,
    }
}

const fn found(want: &Want<'_>, place: &Place<'_>, name: &Name<'_>, optional_holder: bool) -> Option<Text> {
    if want.required && name.skippable {
        return Some(may_be_missing(want, place, "its type must always send it"));
    }
    if want.required && optional_holder {
        let advice = "what it is flattened from must always be there, without `Option` or `skip_serializing_if`";
        return Some(may_be_missing(want, place, advice));
    }
    value(want, place, name.form, name.optional)
}

/// The places of a walk, with the shapes of its types: the first complaint.
#[must_use]
pub const fn walk(place: &Place<'_>, nodes: &[Node<'_>], shapes: &[Shape<'_>]) -> Option<Text> {
    let mut rest = nodes;
    while let [node, others @ ..] = rest {
        if let Some((_, [shape, ..])) = shapes.split_at_checked(node.shape) {
            let complaint = match node.is_field {
                true => field(&node.want, place, shape),
                false => value(&node.want, place, shape.form, shape.optional),
            };
            if complaint.is_some() {
                return complaint;
            }
        }
        rest = others;
    }
    None
}

const fn find<'n, 'a>(names: &'n [Name<'a>], name: &str) -> Option<&'n Name<'a>> {
    let mut rest = names;
    while let [first, others @ ..] = rest {
        if is_same(first.name, name) {
            return Some(first);
        }
        rest = others;
    }
    None
}

/// A variable that stands in one of these types, whose fields are written among those of `holder`.
#[must_use]
pub const fn among(want: &Want<'_>, place: &Place<'_>, holder: &str, types: &[Shape<'_>]) -> Option<Text> {
    let mut rest = types;
    let mut open = false;
    while let [ty, others @ ..] = rest {
        if let Some(name) = find(ty.names, want.name) {
            return found(want, place, name, ty.optional);
        }
        open = open || !matches!(ty.form, Form::Object);
        rest = others;
    }
    if open { None } else { Some(absent(want, place, holder, None)) }
}

/// The field is there, and serde may skip it, which the workflow forbids.
#[must_use]
pub const fn skipped(want: &Want<'_>, place: &Place<'_>) -> Text {
    may_be_missing(want, place, "send it always, without `skip_serializing_if`")
}

/// There is no field for the variable. `near`: the wire name of one that was perhaps meant.
#[must_use]
pub const fn absent(want: &Want<'_>, place: &Place<'_>, holder: &str, near: Option<&str>) -> Text {
    let text = Text::new().add("no field of `").add(holder).add("` is sent as `").add(want.name).add("`, which ");
    let text = says(text, place, if want.required { "requires" } else { "reads" });
    let text = if is_same(want.name, want.path) { text } else { text.add(" as `").add(want.path).add("`") };
    let text = steps(text, want).add(": ");
    let text = match near {
        Some(near) => {
            let text = text.add("did you mean it by `").add(near);
            text.add("`? Then write `#[serde(rename = \"").add(want.name).add("\")]` there")
        }
        None => text.add("add a field for it, ").add(want.kind.advised()),
    };
    let text = match want.required {
        true => text,
        false => text.add("; or leave it out on purpose, with `#[teleflow(omit(\"").add(want.path).add("\"))]`"),
    };
    end(text, place)
}

const fn wrong_kind(want: &Want<'_>, place: &Place<'_>, form: Form) -> Text {
    let text = Text::new().add("`").add(want.path).add("` is sent as ").add(form.words()).add(", and ");
    let text = says(text, place, if want.required { "requires " } else { "reads " }).add(want.kind.words());
    end(steps(text, want).add(": send ").add(want.kind.advised()), place)
}

const fn may_be_missing(want: &Want<'_>, place: &Place<'_>, advice: &str) -> Text {
    let text = Text::new().add("`").add(want.path).add("` may be missing, and ");
    let text = says(text, place, "requires it");
    end(steps(text, want).add(": ").add(advice), place)
}

const fn says(text: Text, place: &Place<'_>, verb: &str) -> Text {
    text.add("workflow `").add(place.workflow).add("` ").add(verb)
}

const fn steps(text: Text, want: &Want<'_>) -> Text {
    if want.steps.is_empty() { text } else { text.add(" (").add(want.steps).add(")") }
}

const fn end(text: Text, place: &Place<'_>) -> Text {
    text.add(" [").add(place.file).add("]")
}

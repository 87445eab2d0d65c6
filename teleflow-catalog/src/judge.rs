//! The complaint where a type does not fit what a workflow wants.
//!
//! All of it is `const`: the derive calls it for types that it knows by their spelling, and generated constants for
//! all others, so that both say the same.

use crate::form::{Form, Name, Shape, contains, is_same};
use crate::suggest;
use crate::text::Text;
use crate::want::{Kind, Node, NodeRow, Place, Question, Want};

/// A value in this form, for this variable. `optional`: it may be `null`.
#[must_use]
pub const fn value(want: &Want<'_>, place: &Place<'_>, form: Form, optional: bool) -> Option<Text> {
    judge_value(want, place, form, optional, "", false)
}

/// `holder`: the type whose field it is, if that is not the workflow's struct. `said`: a type of the application's
/// says the form.
const fn judge_value(
    want: &Want<'_>,
    place: &Place<'_>,
    form: Form,
    optional: bool,
    holder: &str,
    said: bool,
) -> Option<Text> {
    if !want.takes(form) {
        return Some(wrong_kind(want, place, form, holder, said));
    }
    if (optional || matches!(form, Form::Null)) && !want.takes_null() {
        return Some(null(want, place, form));
    }
    None
}

/// The field that is sent under the variable's name, for a type of this shape.
#[must_use]
pub const fn field(want: &Want<'_>, place: &Place<'_>, of: &Shape<'_>) -> Option<Text> {
    match find(of.names, want.name) {
        Some(name) => found(want, place, name, of.holder),
        None if matches!(of.form, Form::Object) => {
            let near = match suggest::nearest_name(want.name, of.names) {
                Some(near) => find(of.names, near),
                None => None,
            };
            let near = match near {
                // Renamed, another would not fit.
                Some(near) if want.takes(near.form) => Some(near.name),
                _ => None,
            };
            Some(absent(want, place, of.holder, near))
        }
        // Other forms have names that the type does not know.
        None => None,
    }
}

const fn found(want: &Want<'_>, place: &Place<'_>, name: &Name<'_>, holder: &str) -> Option<Text> {
    if name.skippable {
        if want.required {
            return Some(may_be_missing(want, place, "make its type serialize it always"));
        }
        // What may be left out is left out where it would be `null`.
        return judge_value(want, place, name.form, false, holder, name.said);
    }
    judge_value(want, place, name.form, name.optional, holder, name.said)
}

/// The places of a walk, with the shapes of its types: every complaint, each in a line.
#[must_use]
pub const fn walk(place: &Place<'_>, nodes: &[NodeRow<'_>], shapes: &[Shape<'_>]) -> Option<Text> {
    let mut rest = nodes;
    let mut complaints: Option<Text> = None;
    while let [row, others @ ..] = rest {
        let node = Node::from_row(*row);
        if let Some((_, [shape, ..])) = shapes.split_at_checked(node.shape) {
            let complaint = match node.question {
                Question::Value => {
                    judge_value(&node.want, place, shape.form, shape.optional, "", !shape.holder.is_empty())
                }
                Question::Field => field(&node.want, place, shape),
                Question::Allowed(values) => allowed(node.want.path, place, values, shape),
                Question::Closed(names) => closed(node.want.path, place, names, shape),
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

/// A variable that is in one of these types, whose fields are written among those of `holder`, or in its place.
/// `always`: what to do where the type with the variable may be `null`, and so lack it.
#[must_use]
pub const fn among(
    want: &Want<'_>,
    place: &Place<'_>,
    holder: &str,
    always: &str,
    types: &[Shape<'_>],
) -> Option<Text> {
    let mut rest = types;
    let mut open = false;
    while let [ty, others @ ..] = rest {
        if let Some(name) = find(ty.names, want.name) {
            if ty.optional && want.required {
                return Some(may_be_missing(want, place, always));
            }
            return found(want, place, name, ty.holder);
        }
        open = open || !matches!(ty.form, Form::Object);
        rest = others;
    }
    if open { None } else { Some(absent(want, place, holder, None)) }
}

/// A string that the type can be, and that the workflow does not allow.
const fn allowed(path: &str, place: &Place<'_>, values: &[&str], shape: &Shape<'_>) -> Option<Text> {
    let mut rest = shape.values;
    while let [value, others @ ..] = rest {
        if !contains(values, value) {
            let text = Text::new().add("`").add(path).add("` may be ").add(QUOTE).add(value).add(QUOTE);
            let text = of_schema(text.add(", but "), place).add(" allows only ");
            let text = listed(text, values).add("; rename or remove the variant of `").add(shape.holder).add("`");
            return Some(end(text, place));
        }
        rest = others;
    }
    None
}

const QUOTE: &str = "\"";

/// A name that the type writes, and that the workflow does not allow.
#[must_use]
pub const fn closed(path: &str, place: &Place<'_>, names: &[&str], shape: &Shape<'_>) -> Option<Text> {
    let mut rest = shape.names;
    while let [name, others @ ..] = rest {
        if !contains(names, name.name) {
            return Some(beyond(path, place, names, shape.holder, name.name));
        }
        rest = others;
    }
    None
}

/// `name` is a field that the schema forbids.
#[must_use]
pub const fn beyond(path: &str, place: &Place<'_>, names: &[&str], holder: &str, name: &str) -> Text {
    let text = Text::new().add("`").add(holder).add("` has a field `").add(name).add("`, but ");
    let text = of_schema(text, place).add(" forbids it");
    let text = if path.is_empty() { text } else { text.add(" in `").add(path).add("`") };
    let text = match names {
        [] => text.add("; remove it"),
        names => listed(text.add(" and allows only "), names).add("; rename or remove it"),
    };
    end(text, place)
}

const fn of_schema(text: Text, place: &Place<'_>) -> Text {
    text.add("the schema of workflow `").add(place.workflow).add("`")
}

/// The first few of them.
const fn listed(text: Text, words: &[&str]) -> Text {
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
pub const fn skipped(want: &Want<'_>, place: &Place<'_>) -> Text {
    may_be_missing(want, place, "remove `skip_serializing_if`")
}

/// There is no field for the variable. `near`: the wire name of a field that may be meant, and that would fit.
#[must_use]
pub const fn absent(want: &Want<'_>, place: &Place<'_>, holder: &str, near: Option<&str>) -> Text {
    let text = Text::new().add("`").add(holder).add("` has no field `").add(want.name).add("`, but ");
    let text = uses(text, want, place);
    let text = match near {
        Some(near) => {
            let text = text.add("; if `").add(near).add("` is this field, write `#[serde(rename = ").add(QUOTE);
            text.add(want.name).add(QUOTE).add(")]` above it; otherwise add the field")
        }
        None => text.add("; add the field"),
    };
    let text = text.add(", for example as ").add(want.kind.advised());
    let text = match want.required {
        true => text,
        false => text.add(", or omit it with `#[teleflow(omit(\"").add(want.path).add("\"))]`"),
    };
    end(text, place)
}

/// serde skips the field of the variable.
#[must_use]
pub const fn never_sent(want: &Want<'_>, place: &Place<'_>, holder: &str) -> Text {
    let text = Text::new().add("serde skips the field `").add(want.name).add("` of `").add(holder).add("`, but ");
    let text = uses(text, want, place).add("; remove `skip`");
    let text = match want.required {
        true => text,
        false => text.add(", or omit the variable with `#[teleflow(omit(\"").add(want.path).add("\"))]`"),
    };
    end(text, place)
}

/// "workflow `w` reads `items[].sku` (step `email`)"
const fn uses(text: Text, want: &Want<'_>, place: &Place<'_>) -> Text {
    let text = of_workflow(text, place).add(if want.required { " requires " } else { " reads " });
    let text = match is_same(want.name, want.path) {
        true => text.add("it"),
        false => text.add("`").add(want.path).add("`"),
    };
    steps(text, want)
}

const fn wrong_kind(want: &Want<'_>, place: &Place<'_>, form: Form, holder: &str, said: bool) -> Text {
    let text = Text::new().add("`").add(want.path).add("` is ").add(form.words());
    // Both are numbers.
    let text = if matches!(form, Form::Number) && matches!(want.kind, Kind::Integer) {
        text.add(" that may have a fraction")
    } else {
        text
    };
    let text = of_workflow(text.add(", but "), place).add(" expects ").add(want.kind.words());
    let text = steps(text, want);
    let text = if want.name.is_empty() {
        text.add("; change the type of the elements to ")
    } else if holder.is_empty() {
        text.add("; change the type of the field to ")
    } else {
        text.add("; change the type of field `").add(want.name).add("` of `").add(holder).add("` to ")
    };
    let text = text.add(want.kind.advised());
    let text = match said && !matches!(form, Form::List) {
        true => text.add(", or, if its `Serialize` is handwritten, add `#[teleflow(kind = \"…\")]`"),
        false => text,
    };
    end(text, place)
}

const fn null(want: &Want<'_>, place: &Place<'_>, form: Form) -> Text {
    let text = Text::new().add("`").add(want.path);
    let is_always = matches!(form, Form::Null);
    let text = text.add(if is_always { "` is `null`, but " } else { "` may be `null`, but " });
    let text = match want.required {
        true => of_workflow(text, place).add(" requires a value"),
        false => of_schema(text, place).add(" does not allow `null`"),
    };
    let text = steps(text, want);
    let text = if is_always {
        match want.kind {
            Kind::Any => text.add("; change the type of the field"),
            kind => text.add("; change the type of the field to ").add(kind.advised()),
        }
    } else if want.name.is_empty() {
        text.add("; remove the `Option` around the elements")
    } else if want.required {
        text.add("; send it always, without the `Option`")
    } else {
        text.add("; add `#[serde(skip_serializing_if = \"Option::is_none\")]`")
    };
    end(text, place)
}

const fn may_be_missing(want: &Want<'_>, place: &Place<'_>, advice: &str) -> Text {
    let text = Text::new().add("`").add(want.path).add("` may be missing, but ");
    let text = of_workflow(text, place).add(" requires it");
    end(steps(text, want).add("; ").add(advice), place)
}

const fn of_workflow(text: Text, place: &Place<'_>) -> Text {
    text.add("workflow `").add(place.workflow).add("`")
}

const fn steps(text: Text, want: &Want<'_>) -> Text {
    if want.steps.is_empty() { text } else { text.add(" (").add(want.steps).add(")") }
}

const fn end(text: Text, place: &Place<'_>) -> Text {
    text.add(" [").add(place.file).add("]")
}

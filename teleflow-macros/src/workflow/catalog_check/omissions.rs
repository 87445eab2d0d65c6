//! `omit("nickname", "items[].note")`: each path is a variable that may be omitted, and is not sent.

use syn::Error;
use teleflow_catalog::files::{Need, Workflow};
use teleflow_catalog::suggest::nearest;

use crate::errors::Errors;
use crate::workflow::model::ParsedInput;
use crate::workflow::names;
use crate::workflow::requirement::paths;

/// Checks that the workflow reads each omitted variable, and does not require it.
pub(super) fn check(input: &ParsedInput<'_>, workflow: &Workflow, errors: &mut Errors) {
    for omitted in &input.keys.omitted {
        let path = omitted.value();
        let message = match is_required(&path, workflow) {
            Some(false) => continue,
            Some(true) => {
                format!("`{path}` cannot be omitted: the server rejects events without it; remove it from `omit`")
            }
            None => {
                let hint = match similar_path(&path, workflow) {
                    Some(similar) => format!("did you mean `{similar}`?"),
                    None => "remove it from `omit`".to_owned(),
                };
                format!("workflow `{}` does not read `{path}`; {hint}", workflow.trigger)
            }
        };
        errors.push(Error::new(omitted.span(), message));
    }
}

/// `None` if the workflow does not read the variable.
fn is_required(path: &str, workflow: &Workflow) -> Option<bool> {
    let is_required = |need: &Option<Need>| need.as_ref().map(|need| need.required);
    let variable = workflow.variable(path).map(|variable| variable.required);
    variable.or_else(|| match path {
        "actor" => is_required(&workflow.actor),
        "tenant" => is_required(&workflow.tenant),
        _ => None,
    })
}

/// `items[].sku` for `items.sku`, or else the path with the most similar name.
fn similar_path(path: &str, workflow: &Workflow) -> Option<String> {
    let paths = paths(&workflow.variables);
    let without_brackets = |path: &str| path.replace("[]", "");
    let same = paths.iter().find(|other| without_brackets(other) == without_brackets(path));
    same.map(String::as_str).or_else(|| nearest(path, paths.iter().map(String::as_str))).map(str::to_owned)
}

/// Rejects an omitted variable that has a field.
pub(super) fn check_not_sent(
    name: &str,
    input: &ParsedInput<'_>,
    workflow: &Workflow,
    sent: &[names::Variable<'_>],
    errors: &mut Errors,
) {
    // `check` rejects the omission of a required variable.
    if workflow.variables.get(name).is_some_and(|variable| variable.required) {
        return;
    }
    let omitted = input.keys.omitted.iter().find(|omitted| omitted.value() == name);
    if let (Some(omitted), true) = (omitted, sent.iter().any(|sent| sent.name == name)) {
        let message = format!("`{name}` is not omitted: a field is sent under this name; remove it from `omit`");
        errors.push(Error::new(omitted.span(), message));
    }
}

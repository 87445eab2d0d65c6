//! The sentences in the comments of generated code.

use serde_json::Value;
use teleflow_catalog::server_facts::{
    ADDRESS_VARIABLES, ReservedKey, TriggerFault, is_address_variable, is_reserved_variable,
};
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow, files::steps_in_words};

use super::idents::{comment, escaped};
use crate::documents::hidden_properties;

/// The most values that a comment lists.
const MOST_VALUES: usize = 8;

/// What the workflow needs besides its payload.
pub(super) fn advice(need: &Need, call: &str, who: &str) -> String {
    let steps = steps(&need.steps).map(|steps| format!(", for {steps}")).unwrap_or_default();
    match need.required {
        true => format!("The server refuses it without {who}{steps}: call `{call}`."),
        false => format!("Its templates read {who}{steps}: call `{call}`."),
    }
}

/// What a variable is for.
pub(super) fn purpose(variable: &Variable, is_optional: bool) -> String {
    let steps = steps(&variable.steps);
    let purpose = match (&variable.ty, variable.required, steps) {
        (Type::Date, _, Some(steps)) => format!("The moment at which a delay ends: {steps}."),
        (Type::Date, _, None) => "The moment at which a delay ends.".to_owned(),
        (_, true, Some(steps)) => format!("Required, for {steps}."),
        (_, true, None) => "Required.".to_owned(),
        (_, false, Some(steps)) if is_optional => format!("Optional, read by {steps}."),
        (_, false, None) if is_optional => "Optional.".to_owned(),
        (_, false, Some(steps)) => format!("Read by {steps}."),
        (_, false, None) => "Read by no step that is known.".to_owned(),
    };
    purpose + &allowed(variable)
}

/// The values that are allowed, where the type does not say them.
fn allowed(variable: &Variable) -> String {
    if variable.allowed.is_empty() || super::is_enum(variable) {
        return String::new();
    }
    let shown = |value: &Value| match value {
        Value::String(text) => format!("`{}`", comment(text)),
        other => format!("`{}`", comment(&other.to_string())),
    };
    let shown: Vec<String> = variable.allowed.iter().take(MOST_VALUES).map(shown).collect();
    let rest = if variable.allowed.len() > MOST_VALUES { ", ..." } else { "" };
    format!(" One of: {}{rest}.", shown.join(", "))
}

/// Why a variable has no field, one line of a comment each; `None` if it has one.
pub(super) fn left_out(name: &str, ty: &str, is_top: bool) -> Option<Vec<String>> {
    if let Some(reserved) = ReservedKey::of(name) {
        return Some(vec![format!("`{}` is left out: {}.", comment(name), reserved.consequence())]);
    }
    if !is_top {
        return None;
    }
    if is_address_variable(name) {
        let mut lines = vec![
            format!("`{name}` is left out: the server sends to the address in it instead of the subscriber's."),
            "If that is meant, remove it from `omit` and add this field:".to_owned(),
        ];
        let field = if name == "webhookUrl" {
            lines.push("    #[serde(rename = \"webhookUrl\")]".to_owned());
            "webhook_url"
        } else {
            name
        };
        lines.extend(["    #[teleflow(address)]".to_owned(), format!("    pub {field}: {ty},")]);
        return Some(lines);
    }
    if is_reserved_variable(name) {
        let instead = match name {
            "actor" | "tenant" => format!("; call `.{name}(..)`"),
            _ => String::new(),
        };
        return Some(vec![format!("`{name}` is left out: templates read the server's own `{name}` instead{instead}.")]);
    }
    None
}

/// What the struct of a workflow lacks because only some alternatives of the schema have it; `None` if it lacks nothing.
pub(super) fn alternatives(workflow: &Workflow) -> Option<String> {
    let hidden = workflow.schema.as_ref().map(hidden_properties)?;
    let names: Vec<String> = hidden
        .iter()
        .filter(|name| !workflow.variables.contains_key(*name))
        .take(MOST_VALUES)
        .map(|name| format!("`{}`", comment(name)))
        .collect();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        format!("The schema has alternatives: some of them have {names}. Add the fields of the one that you send.")
    })
}

/// Why there can be no struct for a workflow; `None` if there can.
pub(super) fn impossible(workflow: &Workflow) -> Option<String> {
    if let Some(fault) = TriggerFault::of(&workflow.trigger) {
        return Some(fault.words().to_owned());
    }
    let mut found = None;
    required(None, &workflow.variables, &mut |path, name| {
        if let (None, Some(reserved)) = (&found, ReservedKey::of(name)) {
            let consequence = reserved.consequence();
            found = Some(format!("it requires `{}`, a reserved key: {consequence}", comment(path)));
        }
    });
    found
}

/// What a person has to decide before there can be a struct; `None` if there is nothing.
pub(super) fn undecided(workflow: &Workflow) -> Option<String> {
    let is_required = |name: &&str| workflow.variables.get(*name).is_some_and(|variable| variable.required);
    if let Some(name) = ADDRESS_VARIABLES.iter().copied().find(is_required) {
        return Some(format!(
            "it requires `{name}`, and the server sends to the address in it instead of the subscriber's.\n\
             If that is meant, uncomment this:"
        ));
    }
    let mut names = workflow.variables.iter().filter(|(_, variable)| variable.required).map(|(name, _)| name);
    let name = names.find(|name| is_reserved_variable(name))?;
    Some(format!(
        "it requires `{name}`, and templates read the server's own `{name}` instead.\n\
         If the payload's is meant for conditions or the in-app feed, uncomment this:"
    ))
}

/// The variables that the server requires, by path and name.
fn required(
    before: Option<&str>,
    variables: &std::collections::BTreeMap<String, Variable>,
    found: &mut impl FnMut(&str, &str),
) {
    for (name, variable) in variables {
        let path = before.map_or_else(|| name.clone(), |before| format!("{before}.{name}"));
        if variable.required {
            found(&path, name);
        }
        // What is left out needs nothing inside it.
        if variable.required || ReservedKey::of(name).is_none() {
            inside(&path, &variable.ty, found);
        }
    }
}

fn inside(path: &str, ty: &Type, found: &mut impl FnMut(&str, &str)) {
    match ty {
        Type::Object(fields) => required(Some(path), fields, found),
        Type::Array(Some(element)) => inside(&format!("{path}[]"), &element.ty, found),
        _ => {}
    }
}

fn steps(steps: &[String]) -> Option<String> {
    let harmless: Vec<String> = steps.iter().map(|step| comment(step)).collect();
    (!harmless.is_empty()).then(|| steps_in_words(&harmless))
}

/// What a type inside another is: "`items` of [`Order`]."
pub(super) fn part(wire: &str, of: &str) -> String {
    format!("`{}` of [`{of}`].", escaped(wire))
}

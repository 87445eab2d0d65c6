//! The doc comments and comments of the generated code.

use serde_json::Value;
use teleflow_catalog::server_facts::{
    ADDRESS_VARIABLES, ReservedKey, is_address_variable, is_reserved_variable, validate_trigger_id,
};
use teleflow_catalog::{files::Need, files::Type, files::Variable, files::Workflow, files::steps_in_words};

use super::idents::{comment, escaped};
use crate::documents::hidden_properties;

/// The most values that a comment lists.
const MAX_VALUES: usize = 8;

/// Returns whether a variable becomes an enum: the schema lists strings only.
pub(super) fn is_enum(variable: &Variable) -> bool {
    variable.ty == Type::String && !variable.allowed.is_empty() && variable.allowed.iter().all(Value::is_string)
}

/// Documents that a workflow uses the actor or the tenant.
pub(super) fn need_doc(need: &Need, method: &str, who: &str) -> String {
    let steps = steps(&need.steps).map(|steps| format!(" ({steps})")).unwrap_or_default();
    match need.required {
        true => format!("The workflow requires {who}{steps}: call `{method}`."),
        false => format!("Templates use {who}{steps}: call `{method}`."),
    }
}

/// Documents a field.
pub(super) fn field_doc(variable: &Variable, is_optional: bool) -> String {
    let steps = steps(&variable.steps);
    let purpose = match (&variable.ty, variable.required, steps) {
        (Type::Date, _, Some(steps)) => format!("The date at which a delay ends ({steps})."),
        (Type::Date, _, None) => "The date at which a delay ends.".to_owned(),
        (_, true, Some(steps)) => format!("Required by {steps}."),
        (_, true, None) => "Required.".to_owned(),
        (_, false, Some(steps)) if is_optional => format!("Optional, read by {steps}."),
        (_, false, None) if is_optional => "Optional.".to_owned(),
        (_, false, Some(steps)) => format!("Read by {steps}."),
        (_, false, None) => "Not read by any known step.".to_owned(),
    };
    purpose + &allowed(variable)
}

/// Documents the allowed values, unless the type is an enum of them.
fn allowed(variable: &Variable) -> String {
    if variable.allowed.is_empty() || is_enum(variable) {
        return String::new();
    }
    let shown = |value: &Value| match value {
        Value::String(text) => format!("`{}`", comment(text)),
        other => format!("`{}`", comment(&other.to_string())),
    };
    let shown: Vec<String> = variable.allowed.iter().take(MAX_VALUES).map(shown).collect();
    let rest = if variable.allowed.len() > MAX_VALUES { ", ..." } else { "" };
    format!(" One of: {}{rest}.", shown.join(", "))
}

/// The lines of the comment on a variable without a field; `None` if the variable has a field.
pub(super) fn omission_comment(name: &str, ty: &str, is_top: bool) -> Option<Vec<String>> {
    if let Some(reserved) = ReservedKey::of(name) {
        return Some(vec![format!("No field for `{}`: {}.", comment(name), reserved.consequence())]);
    }
    if !is_top {
        return None;
    }
    if is_address_variable(name) {
        let mut lines = vec![
            format!("No field for `{name}`: the server would use it as the address instead of the subscriber's."),
            "If you intend that, remove it from `omit` and add this field:".to_owned(),
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
        return Some(vec![format!("No field for `{name}`: templates read the server's own `{name}`{instead}.")]);
    }
    None
}

/// The comment on properties that only some alternatives of the schema have; `None` if there are none.
pub(super) fn alternatives_comment(workflow: &Workflow) -> Option<String> {
    let hidden = workflow.schema.as_ref().map(hidden_properties)?;
    let names: Vec<String> = hidden
        .iter()
        .filter(|name| !workflow.variables.contains_key(*name))
        .take(MAX_VALUES)
        .map(|name| format!("`{}`", comment(name)))
        .collect();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        format!("Only some alternatives of the schema have {names}. Add the fields of the alternative that you send.")
    })
}

/// Why no struct can be generated for a workflow; `None` if one can.
pub(super) fn no_struct_reason(workflow: &Workflow) -> Option<String> {
    if let Err(invalid) = validate_trigger_id(&workflow.trigger) {
        return Some(invalid.to_string());
    }
    let mut found = None;
    for_each_required(None, &workflow.variables, &mut |path, name| {
        if let (None, Some(reserved)) = (&found, ReservedKey::of(name)) {
            let consequence = reserved.consequence();
            found = Some(format!("it requires `{}`, a reserved key: {consequence}", comment(path)));
        }
    });
    found
}

/// Why the user must review the struct before it is used; `None` if there is no reason.
pub(super) fn review_reason(workflow: &Workflow) -> Option<String> {
    let is_required = |name: &&str| workflow.variables.get(*name).is_some_and(|variable| variable.required);
    if let Some(name) = ADDRESS_VARIABLES.iter().copied().find(is_required) {
        return Some(format!(
            "it requires `{name}`, which the server uses as the address instead of the subscriber's.\n\
             If you intend that, uncomment the code:"
        ));
    }
    let mut names = workflow.variables.iter().filter(|(_, variable)| variable.required).map(|(name, _)| name);
    let name = names.find(|name| is_reserved_variable(name))?;
    Some(format!(
        "it requires `{name}`, but templates read the server's own `{name}`.\n\
         If you need it for conditions or the in-app feed, uncomment the code:"
    ))
}

/// Calls `found` with the path and the name of each variable that the server requires.
fn for_each_required(
    before: Option<&str>,
    variables: &std::collections::BTreeMap<String, Variable>,
    found: &mut impl FnMut(&str, &str),
) {
    for (name, variable) in variables {
        let path = before.map_or_else(|| name.clone(), |before| format!("{before}.{name}"));
        if variable.required {
            found(&path, name);
        }
        // A variable without a field has no fields inside.
        if variable.required || ReservedKey::of(name).is_none() {
            inside(&path, &variable.ty, found);
        }
    }
}

fn inside(path: &str, ty: &Type, found: &mut impl FnMut(&str, &str)) {
    match ty {
        Type::Object(fields) => for_each_required(Some(path), fields, found),
        Type::Array(Some(element)) => inside(&format!("{path}[]"), &element.ty, found),
        _ => {}
    }
}

fn steps(steps: &[String]) -> Option<String> {
    let harmless: Vec<String> = steps.iter().map(|step| comment(step)).collect();
    (!harmless.is_empty()).then(|| steps_in_words(&harmless))
}

/// Documents a type inside another: "`items` of [`Order`]."
pub(super) fn inner_type_doc(wire: &str, of: &str) -> String {
    format!("`{}` of [`{of}`].", escaped(wire))
}

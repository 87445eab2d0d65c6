//! Compares the templates in the catalog with those on the server.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use teleflow_catalog::templates::TemplateFile;

use super::change::Change;
use crate::json::string;
use crate::output::sanitize;

/// The changes from `old` to `new`.
pub(crate) fn compare(old: &TemplateFile, new: &TemplateFile) -> Vec<Change> {
    let mut messages = Vec::new();
    for (name, is_same) in [
        ("name", old.name == new.name),
        ("active", old.active == new.active),
        ("critical", old.critical == new.critical),
        ("preferenceSettings", old.preference_settings == new.preference_settings),
        ("reservedVariables", old.reserved_variables == new.reserved_variables),
    ] {
        if !is_same {
            messages.push(format!("`{name}` changed"));
        }
    }
    if old.steps.len() != new.steps.len() {
        messages.push(format!("the number of steps changed from {} to {}", old.steps.len(), new.steps.len()));
    }
    for (index, (old, new)) in old.steps.iter().zip(&new.steps).enumerate().filter(|(_, (old, new))| old != new) {
        messages.push(format!("step {} ({}) changed: {}", index + 1, step_name(new), changed_keys(old, new)));
    }
    for identifier in old.layouts.keys().chain(new.layouts.keys()).collect::<BTreeSet<_>>() {
        let layout = format!("layout `{}`", sanitize(identifier));
        match (old.layouts.get(identifier), new.layouts.get(identifier)) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => messages.push(format!("{layout} changed: {}", changed_keys(old, new))),
            (Some(_), None) => messages.push(format!("{layout} is no longer used")),
            (None, _) => messages.push(format!("{layout} was added")),
        }
    }
    let change = |message| Change { what: "templates", is_drift: true, variable: None, message };
    messages.into_iter().map(change).collect()
}

/// "`email`": the name that the dashboard shows, or the kind of the step.
fn step_name(step: &Map<String, Value>) -> String {
    let template = step.get("template").unwrap_or(&Value::Null);
    let name = step.get("name").and_then(Value::as_str).or(string(template, "type")).unwrap_or("without a template");
    format!("`{}`", sanitize(name))
}

/// The keys whose values differ: "`filters`, `template.subject`".
fn changed_keys(old: &Map<String, Value>, new: &Map<String, Value>) -> String {
    let mut changed = Vec::new();
    for key in keys(old, new) {
        match (old.get(key), new.get(key)) {
            (Some(Value::Object(old)), Some(Value::Object(new))) if key == "template" => {
                let inner = keys(old, new).into_iter().filter(|inner| old.get(*inner) != new.get(*inner));
                changed.extend(inner.map(|inner| format!("`template.{}`", sanitize(inner))));
            }
            (old, new) if old != new => changed.push(format!("`{}`", sanitize(key))),
            _ => {}
        }
    }
    changed.join(", ")
}

fn keys<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> BTreeSet<&'a String> {
    old.keys().chain(new.keys()).collect()
}

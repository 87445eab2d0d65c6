//! Reduces a workflow's document to what the server's worker reads.

use reqwest::Url;
use serde_json::{Map, Value, json};
use teleflow_catalog::templates::{TemplateFile, type_error};

use super::steps::LAYOUT;
use crate::json::{array, string};

/// The keys that are kept of a step and of a variant.
const STEP: [&str; 7] = ["active", "filters", "metadata", "name", "replyCallback", "shouldStopOnFail", "uuid"];
/// The keys that are kept of a template.
const TEMPLATE: [&str; 10] =
    ["actor", "content", "contentType", "cta", "preheader", "senderName", "subject", "title", "type", "variables"];
/// The keys that are kept of a layout.
const OF_LAYOUT: [&str; 3] = ["content", "isDefault", "variables"];

/// Returns the template file of a workflow. The templates of the document have their layouts under [`LAYOUT`].
pub(crate) fn template_file(trigger: &str, document: &Value) -> TemplateFile {
    let is = |name: &str| document.get(name) == Some(&Value::Bool(true));
    let first = array(document, "triggers").first();
    let mut file = TemplateFile {
        trigger: trigger.to_owned(),
        name: string(document, "name").unwrap_or_default().to_owned(),
        active: is("active"),
        critical: is("critical"),
        preference_settings: document
            .get("preferenceSettings")
            .and_then(Value::as_object)
            .map(fields)
            .unwrap_or_default(),
        reserved_variables: first.map(|first| values(array(first, "reservedVariables"))).unwrap_or_default(),
        steps: Vec::new(),
        layouts: Default::default(),
    };
    for document in array(document, "steps") {
        let mut step = conditional(document, &mut file);
        let variants: Vec<Value> =
            array(document, "variants").iter().map(|variant| Value::Object(conditional(variant, &mut file))).collect();
        if !variants.is_empty() {
            step.insert("variants".to_owned(), variants.into());
        }
        file.steps.push(step);
    }
    file
}

/// Reads the parts that a step and a variant have in common: conditions, and a template.
fn conditional(document: &Value, file: &mut TemplateFile) -> Map<String, Value> {
    let mut step = kept(document, &STEP);
    // The server's database adds it to steps that have no metadata.
    if step.get("metadata") == Some(&json!({ "timed": { "monthDays": [], "weekDays": [] } })) {
        step.remove("metadata");
    }
    without_url_paths(&mut step);
    if let Some(template) = document.get("template").filter(|template| template.is_object()) {
        let mut kept = kept(template, &TEMPLATE);
        if let Some(identifier) = add_layout(template, file) {
            kept.insert("layout".to_owned(), identifier.into());
        }
        step.insert("template".to_owned(), Value::Object(kept));
    }
    step
}

/// Adds the layout of a template, and returns its identifier. A layout that the server does not have is named by its id.
fn add_layout(template: &Value, file: &mut TemplateFile) -> Option<String> {
    // Only e-mails have one.
    let layout = template.get(LAYOUT)?;
    let identifier = string(layout, "identifier").or(string(template, "_layoutId"))?.to_owned();
    if string(layout, "content").is_some() {
        file.layouts.entry(identifier.clone()).or_insert_with(|| kept(layout, &OF_LAYOUT));
    }
    Some(identifier)
}

/// The fields with these keys, except for those that mean the same as a missing one, and those that no server has.
fn kept(document: &Value, keys: &[&str]) -> Map<String, Value> {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    // An e-mail may have no blocks.
    let is_always_kept = |key: &str| matches!(key, "active" | "content");
    let read = |key: &&str| {
        let mut value = without_ids(document.get(*key)?);
        match (*key, &mut value) {
            ("content", Value::Array(blocks)) => blocks.retain(Value::is_object),
            ("variables", Value::Array(variables)) => variables.retain(|variable| string(variable, "name").is_some()),
            _ => {}
        }
        let is_kept = type_error(key, &value).is_none() && (is_always_kept(key) || !is_empty(&value));
        is_kept.then(|| ((*key).to_owned(), value))
    };
    keys.iter().filter_map(read).collect()
}

/// A value without ids: the server's database adds `_id` to each object in an array, and `id` with the same value.
fn without_ids(value: &Value) -> Value {
    match value {
        Value::Array(items) => values(items).into(),
        Value::Object(object) => Value::Object(fields(object)),
        scalar => scalar.clone(),
    }
}

fn values(items: &[Value]) -> Vec<Value> {
    items.iter().map(without_ids).collect()
}

fn fields(object: &Map<String, Value>) -> Map<String, Value> {
    let is_id = |key: &str, value: &Value| key.starts_with('_') || key == "id" && object.get("_id") == Some(value);
    let kept = object.iter().filter(|(key, value)| !is_id(key, value));
    // A default value may be any JSON, whose keys have no meaning here.
    let read = |key: &str, value: &Value| if key == "defaultValue" { value.clone() } else { without_ids(value) };
    kept.map(|(key, value)| (key.clone(), read(key, value))).collect()
}

/// Reduces the URLs that the server requests to scheme and host. The rest may contain a secret.
fn without_url_paths(step: &mut Map<String, Value>) {
    let reduce = |url: &mut Value| {
        if let Value::String(url) = url {
            *url = Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        }
    };
    step.get_mut("replyCallback").and_then(|callback| callback.get_mut("url")).into_iter().for_each(reduce);
    let groups = step.get_mut("filters").and_then(Value::as_array_mut).into_iter().flatten();
    let children = groups.filter_map(|group| group.get_mut("children")?.as_array_mut()).flatten();
    children.filter_map(|child| child.get_mut("webhookUrl")).for_each(reduce);
}

//! Template files: the workflows and layouts that `cargo teleflow pull --templates` has written.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};
use teleflow_catalog::templates::{TemplateFile, not_a_template_file};

use super::catalog_folder::{self, Format, LoadError};
use super::definition::Definition;
use super::environment::Environment;
use super::layout::Layout;
use super::workflow::merged;

/// The template files of a folder.
#[derive(Debug)]
pub(crate) struct TemplateFiles(Vec<TemplateFile>);

const FORMAT: Format<TemplateFile> = Format {
    parse: TemplateFile::from_json,
    trigger: |file| &file.trigger,
    error: not_a_template_file,
    no_files: "has no template files; run `cargo teleflow pull --templates`",
};

impl TemplateFiles {
    /// Reads all `.json` files of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, LoadError> {
        let files = catalog_folder::read(folder, &FORMAT)?;
        // By identifier: the file that has the layout, and the layout.
        let mut layouts: BTreeMap<&str, (&str, &Map<String, Value>)> = BTreeMap::new();
        for (path, file) in &files {
            for (identifier, layout) in &file.layouts {
                let (other, stored) = layouts.entry(identifier).or_insert((path, layout));
                if *stored != layout {
                    return Err(LoadError::new(format!(
                        "layout `{identifier}` differs between `{other}` and `{path}`; run `cargo teleflow pull --templates` again"
                    )));
                }
            }
            // In an empty environment, which is then dropped: only the documents show whether the emulator can read them.
            add(file, &mut Environment::default(), "", "").map_err(|error| FORMAT.malformed(path, error))?;
        }
        Ok(Self(files.into_iter().map(|(_, file)| file).collect()))
    }

    /// Adds the workflows and layouts, or replaces those with the same trigger identifier or layout identifier.
    pub(crate) fn add_to(&self, environment: &mut Environment, organization_id: &str, now: &str) {
        for file in &self.0 {
            // `read` has returned the error.
            let _ = add(file, environment, organization_id, now);
        }
    }
}

fn add(
    file: &TemplateFile,
    environment: &mut Environment,
    organization_id: &str,
    now: &str,
) -> Result<(), serde_json::Error> {
    let owner = json!({
        "_environmentId": environment.id, "_organizationId": organization_id,
        "deleted": false, "createdAt": now, "updatedAt": now, "__v": 0,
    });
    let mut ids = BTreeMap::new();
    for (identifier, layout) in &file.layouts {
        let same = environment.layouts.iter().find(|stored| stored.identifier.as_deref() == Some(identifier));
        let id = same.map(|stored| stored.id.clone()).unwrap_or_else(|| environment.next_id());
        let document = json!({
            "_id": id, "name": identifier, "identifier": identifier, "channel": "email", "contentType": "customHtml",
            "isDefault": false, "variables": [],
        });
        environment.put_layout(Layout::try_from(merged(merged(document, &Value::Object(layout.clone())), &owner))?);
        ids.insert(identifier.as_str(), id);
    }
    let mut steps = Vec::new();
    for step in &file.steps {
        let variants = step.get("variants").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let variants: Vec<Value> =
            variants.iter().map(|variant| conditional(variant, environment, &ids, &owner)).collect();
        let more = json!({ "type": "REGULAR", "shouldStopOnFail": false, "metadata": {} });
        let step = Value::Object(step.clone());
        let mut step = merged(more, &conditional(&step, environment, &ids, &owner));
        if let Value::Object(step) = &mut step {
            step.insert("variants".to_owned(), variants.into());
        }
        steps.push(step);
    }
    let (trigger, id) = (environment.next_id(), environment.next_id());
    let document = json!({
        "_id": id, "id": id, "name": file.name, "description": "", "active": file.active, "type": "REGULAR",
        "draft": false, "critical": file.critical, "isBlueprint": false, "tags": [],
        "preferenceSettings": file.preference_settings,
        "triggers": [{
            "_id": trigger, "id": trigger, "type": "event", "identifier": file.trigger, "variables": [],
            "reservedVariables": file.reserved_variables, "subscriberVariables": [],
        }],
        "steps": steps,
    });
    environment.put_workflow(Definition::new(merged(document, &owner))?);
    Ok(())
}

/// The document of a step or a variant, whose template has an id in place of the identifier of its layout.
fn conditional(file: &Value, environment: &mut Environment, layouts: &BTreeMap<&str, String>, owner: &Value) -> Value {
    let (template_id, id) = (environment.next_id(), environment.next_id());
    let more = json!({ "_id": id, "id": id, "_templateId": template_id, "active": false, "filters": [] });
    let mut document = merged(more, file);
    if let Some(template) = document.get_mut("template") {
        let more = json!({ "_id": template_id, "id": template_id, "active": true, "variables": [], "_layoutId": null });
        let mut filled = merged(merged(more, template), owner);
        if let Value::Object(filled) = &mut filled
            && let Some(Value::String(identifier)) = filled.remove("layout")
        {
            // The server does not have a layout that is not in the file.
            let layout_id = layouts.get(identifier.as_str()).cloned().unwrap_or(identifier);
            filled.insert("_layoutId".to_owned(), layout_id.into());
        }
        *template = filled;
    }
    document
}

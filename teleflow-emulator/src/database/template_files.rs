//! Template files: the workflows and layouts that `cargo teleflow pull --templates` has written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use serde_json::{Map, Value, json};
use teleflow_catalog::files::{file_name, location};
use teleflow_catalog::templates::{TemplateFile, not_a_template_file};

use super::definition::Definition;
use super::environment::Environment;
use super::layout::Layout;
use super::workflow::merged;

/// The error of [`Emulator::load_templates`](crate::Emulator::load_templates). It names the file and what is wrong with
/// it.
///
/// ```
/// let error = teleflow_emulator::Emulator::new().load_templates("does/not/exist").unwrap_err();
/// assert!(error.to_string().starts_with("failed to read `does/not/exist`: "));
/// ```
#[derive(Debug)]
pub struct TemplatesError {
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl fmt::Display for TemplatesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for TemplatesError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}

/// The template files of a folder.
#[derive(Debug)]
pub(crate) struct TemplateFiles(Vec<TemplateFile>);

impl TemplateFiles {
    /// Reads all `.json` files of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, TemplatesError> {
        let mut files = Vec::new();
        // By identifier: the file that has the layout, and the layout.
        let mut layouts: BTreeMap<String, (String, Map<String, Value>)> = BTreeMap::new();
        for path in paths(folder).map_err(|error| unreadable(folder, error))? {
            let display = path.display().to_string();
            let bytes = location::read(&path).map_err(|error| unreadable(&path, error))?;
            let file = TemplateFile::from_json(&bytes).map_err(|error| malformed(&display, error))?;
            let expected = file_name(&file.trigger);
            if path.file_name().is_none_or(|name| name != expected.as_str()) {
                let trigger = &file.trigger;
                return Err(failed(format!(
                    "`{display}` is the file of workflow `{trigger}`; rename it to `{expected}`"
                )));
            }
            for (identifier, layout) in &file.layouts {
                let (other, stored) =
                    layouts.entry(identifier.clone()).or_insert_with(|| (display.clone(), layout.clone()));
                if stored != layout {
                    return Err(failed(format!(
                        "layout `{identifier}` differs between `{other}` and `{display}`; run `cargo teleflow pull --templates` again"
                    )));
                }
            }
            // In an empty environment, which is then dropped: only the documents show whether the emulator can read them.
            add(&file, &mut Environment::default(), "", "").map_err(|error| malformed(&display, error))?;
            files.push(file);
        }
        if files.is_empty() {
            let folder = folder.display();
            return Err(failed(format!("`{folder}` has no template files; run `cargo teleflow pull --templates`")));
        }
        Ok(Self(files))
    }

    /// Adds the workflows and layouts, or replaces those with the same trigger identifier or layout identifier.
    pub(crate) fn add_to(&self, environment: &mut Environment, organization_id: &str, now: &str) {
        for file in &self.0 {
            // `read` has returned the error.
            let _ = add(file, environment, organization_id, now);
        }
    }
}

/// The paths of the files, in the order of their names.
fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
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

fn unreadable(path: &Path, error: io::Error) -> TemplatesError {
    TemplatesError { message: format!("failed to read `{}`: {error}", path.display()), source: Some(error.into()) }
}

fn malformed(file: &str, error: impl error::Error + Send + Sync + 'static) -> TemplatesError {
    TemplatesError { message: not_a_template_file(file, &error.to_string()), source: Some(error.into()) }
}

fn failed(message: String) -> TemplatesError {
    TemplatesError { message, source: None }
}

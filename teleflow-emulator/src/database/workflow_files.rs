//! Workflow files: the workflows that `cargo teleflow pull` has written, without their templates.

use std::collections::BTreeMap;
use std::path::Path;

use teleflow_catalog::files::{Need, Type, Variable, Workflow as WorkflowFile, not_a_workflow_file};

use super::catalog_folder::{self, Format, LoadError};
use super::environment::Environment;
use super::workflow::Workflow;

/// The workflow files of a catalog.
#[derive(Debug)]
pub(crate) struct WorkflowFiles(Vec<WorkflowFile>);

const FORMAT: Format<WorkflowFile> = Format {
    parse: WorkflowFile::from_json,
    trigger: |file| &file.trigger,
    error: not_a_workflow_file,
    no_files: "has no workflow files; run `cargo teleflow pull`",
};

impl WorkflowFiles {
    /// Reads all `.json` files of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, LoadError> {
        let files = catalog_folder::read(folder, &FORMAT)?;
        Ok(Self(files.into_iter().map(|(_, file)| file).collect()))
    }

    /// Adds the workflows that the environment does not have: those that it has may have templates.
    pub(crate) fn add_to(&self, environment: &mut Environment, organization_id: &str, now: &str) {
        for file in &self.0 {
            if environment.workflow(&file.trigger).is_none() {
                workflow(file).add_to(environment, organization_id, now);
            }
        }
    }
}

fn workflow(file: &WorkflowFile) -> Workflow {
    let mut workflow = Workflow::new(&*file.trigger).name(&file.name);
    if !file.active {
        workflow = workflow.inactive();
    }
    let is_required = |need: &Option<Need>| need.as_ref().is_some_and(|need| need.required);
    if is_required(&file.actor) {
        workflow = workflow.requires_actor();
    }
    if is_required(&file.tenant) {
        workflow = workflow.requires_tenant();
    }
    required(workflow, "", &file.variables, file.schema.is_some())
}

/// Adds the required variables. Those of an object are named by their path: `order.id`.
fn required(
    mut workflow: Workflow,
    prefix: &str,
    variables: &BTreeMap<String, Variable>,
    has_schema: bool,
) -> Workflow {
    for (name, variable) in variables.iter().filter(|(_, variable)| variable.required) {
        // A schema may accept `null`, and allows names that the server would take for a path.
        let may_be_null = variable.nullable || (has_schema && matches!(variable.ty, Type::Any));
        if may_be_null || name.contains(['.', '[', ']']) {
            continue;
        }
        let path = format!("{prefix}{name}");
        workflow = match &variable.ty {
            Type::Date if prefix.is_empty() => workflow.delay_until(path),
            Type::Object(fields) if fields.values().any(|field| field.required) => {
                required(workflow, &format!("{path}."), fields, has_schema)
            }
            Type::String => workflow.required_of_type(&path, "String"),
            Type::Array(_) => workflow.required_of_type(&path, "Array"),
            Type::Boolean => workflow.required_of_type(&path, "Boolean"),
            // The server knows no other types, and checks only that there is a value.
            Type::Number => workflow.required_of_type(&path, "Number"),
            Type::Integer => workflow.required_of_type(&path, "Integer"),
            Type::Object(_) => workflow.required_of_type(&path, "Object"),
            Type::Any | Type::Date => workflow.required_of_type(&path, "Any"),
        };
    }
    workflow
}

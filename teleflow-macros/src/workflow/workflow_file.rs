//! The workflow's file in the catalog: found and read, never downloaded.

use std::env;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use syn::{Error, LitStr, Result};
use teleflow_catalog::files::location::{self, CatalogLocation};
use teleflow_catalog::files::{Workflow, file_name, not_a_workflow_file};
use teleflow_catalog::rules::WorkflowRef;
use teleflow_catalog::suggest::nearest;

use crate::attr::teleflow_attrs::StructKeys;
use crate::tokens::text::quoted;

/// The command that updates the catalog.
const PULL: &str = "`cargo teleflow pull`";

/// A workflow file.
pub(crate) struct WorkflowFile {
    pub workflow: Workflow,
    pub path: PathBuf,
    /// The path for messages.
    pub display_path: String,
}

impl WorkflowFile {
    pub(crate) fn workflow_ref(&self) -> WorkflowRef<'_> {
        WorkflowRef { trigger: &self.workflow.trigger, file: &self.display_path }
    }
}

/// The file of the workflow with this trigger. `None` if there is no catalog, or the struct is `unchecked`.
pub(crate) fn find(trigger: &LitStr, keys: &StructKeys) -> Result<Option<WorkflowFile>> {
    // Cargo and other build tools set it.
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR") else {
        return Ok(None);
    };
    if keys.unchecked.is_some() {
        return Ok(None);
    }
    let package = Path::new(&package);
    let location = location(package);
    let Some(folder) = folder(package, &location, trigger, keys)? else {
        return Ok(None);
    };
    let path = folder.join(file_name(&trigger.value()));
    let display_path = location.display_path(&path);
    let error = |message: String| Error::new(trigger.span(), message);
    let bytes = match location::read(&path) {
        Ok(bytes) => bytes,
        Err(io) if io.kind() == ErrorKind::NotFound => {
            return Err(error(unknown_trigger(&trigger.value(), &folder, &location.display_path(&folder))));
        }
        Err(io) => return Err(error(format!("`{display_path}` cannot be read: {io}"))),
    };
    let workflow = Workflow::from_json(&bytes)
        .map_err(|malformed| error(not_a_workflow_file(&display_path, &malformed.to_string())))?;
    if workflow.trigger != trigger.value() {
        let other = workflow.trigger;
        return Err(error(format!("`{display_path}` is the file of another workflow, `{other}`; run {PULL} again")));
    }
    Ok(Some(WorkflowFile { workflow, path, display_path }))
}

/// The workspace root is searched once, since that reads files. The catalog is searched each time, since an editor keeps
/// this process running.
fn location(package: &Path) -> CatalogLocation {
    static ROOT: Mutex<Option<(PathBuf, PathBuf)>> = Mutex::new(None);
    let mut cached = ROOT.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, root) = match &*cached {
        Some(cached) if cached.0 == package => cached,
        // A vendored package may lie inside a workspace that is not its own.
        _ if location::is_from_elsewhere(package) => cached.insert((package.to_owned(), package.to_owned())),
        _ => cached.insert((package.to_owned(), location::root(package))),
    };
    CatalogLocation::within(root, package)
}

/// The folder of the catalog, if there is one.
fn folder(package: &Path, location: &CatalogLocation, trigger: &LitStr, keys: &StructKeys) -> Result<Option<PathBuf>> {
    if let Some(path) = &keys.catalog {
        let folder = package.join(path.value());
        if path.value().is_empty() || !folder.is_dir() {
            let message = format!("there is no folder `{}`, relative to the folder of the package", path.value());
            return Err(Error::new(path.span(), message));
        }
        return Ok(Some(folder));
    }
    let variable = variable(package, &location.root);
    let folder = location.catalog_or(variable.as_deref());
    if let (Some(folder), Some(_)) = (&folder, variable)
        && !folder.is_dir()
    {
        let message =
            format!("there is no folder `{}`, which `{}` refers to", location.display_path(folder), location::VARIABLE);
        return Err(Error::new(trigger.span(), message));
    }
    Ok(folder)
}

/// The environment variable that names another folder, if it applies to the workspace of this package.
fn variable(package: &Path, root: &Path) -> Option<OsString> {
    let named = env::var_os(location::VARIABLE).filter(|named| !named.is_empty())?;
    let is_primary = env::var_os("CARGO_PRIMARY_PACKAGE").is_some();
    location::is_for(package, root, &named, is_primary, env::current_dir().ok().as_deref()).then_some(named)
}

fn unknown_trigger(trigger: &str, folder: &Path, display_path: &str) -> String {
    let triggers = location::triggers(folder);
    let triggers = || triggers.iter().map(String::as_str);
    let hint = match nearest(trigger, triggers()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None if triggers().next().is_none() => "the catalog is empty.".to_owned(),
        None if triggers().count() <= 8 => format!("it has {}.", quoted(triggers())),
        None => format!("it has {} others.", triggers().count()),
    };
    format!("the catalog `{display_path}` has no workflow `{trigger}`; {hint} If the workflow is new, run {PULL}")
}

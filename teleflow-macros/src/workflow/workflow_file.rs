//! The workflow's file in the catalog: found, read, and never fetched.

use std::env;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use syn::{Error, LitStr, Result};
use teleflow_catalog::files::location::{self, CatalogLocation};
use teleflow_catalog::files::{Workflow, file_name, not_a_workflow_file};
use teleflow_catalog::suggest::nearest;

use crate::attr::teleflow_attrs::OnStruct;
use crate::tokens::text::quoted;

/// What brings the catalog up to date.
const PULL: &str = "`cargo teleflow pull`";

/// A workflow's file.
pub(crate) struct WorkflowFile {
    pub workflow: Workflow,
    pub path: PathBuf,
    /// The path as messages show it.
    pub shown: String,
}

/// The file of the workflow with this trigger. `None`: there is no catalog, or the author wants no check.
pub(crate) fn find(trigger: &LitStr, keys: &OnStruct) -> Result<Option<WorkflowFile>> {
    // Set by cargo, and by whatever takes its place.
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
    let shown = location.display_path(&path);
    let fault = |what: String| Error::new(trigger.span(), what);
    let bytes = match location::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(fault(unknown(&trigger.value(), &folder, &location.display_path(&folder))));
        }
        Err(error) => return Err(fault(format!("`{shown}` cannot be read: {error}"))),
    };
    let workflow =
        Workflow::from_json(&bytes).map_err(|malformed| fault(not_a_workflow_file(&shown, &malformed.to_string())))?;
    if workflow.trigger != trigger.value() {
        let other = workflow.trigger;
        return Err(fault(format!("`{shown}` is the file of another workflow, `{other}`; run {PULL} again")));
    }
    Ok(Some(WorkflowFile { workflow, path, shown }))
}

/// The root is looked for once, since it takes reading files; the catalog may appear while an editor keeps this running.
fn location(package: &Path) -> CatalogLocation {
    static ROOT: Mutex<Option<(PathBuf, PathBuf)>> = Mutex::new(None);
    let mut known = ROOT.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, root) = match &*known {
        Some(known) if known.0 == package => known,
        // A vendored package may lie inside a workspace that is not its own.
        _ if location::is_from_elsewhere(package) => known.insert((package.to_owned(), package.to_owned())),
        _ => known.insert((package.to_owned(), location::root(package))),
    };
    CatalogLocation::within(root, package)
}

/// The folder of the catalog, if there is one.
fn folder(package: &Path, location: &CatalogLocation, trigger: &LitStr, keys: &OnStruct) -> Result<Option<PathBuf>> {
    if let Some(named) = &keys.catalog {
        let folder = package.join(named.value());
        if named.value().is_empty() || !folder.is_dir() {
            let message = format!("there is no folder `{}`, seen from the folder of the package", named.value());
            return Err(Error::new(named.span(), message));
        }
        return Ok(Some(folder));
    }
    let variable = variable(package, &location.root);
    let folder = location.catalog_or(variable.as_deref());
    if let (Some(folder), Some(_)) = (&folder, variable)
        && !folder.is_dir()
    {
        let message =
            format!("there is no folder `{}`, which `{}` names", location.display_path(folder), location::VARIABLE);
        return Err(Error::new(trigger.span(), message));
    }
    Ok(folder)
}

/// The variable that names another folder, if it is set for the workspace of this package.
fn variable(package: &Path, root: &Path) -> Option<OsString> {
    let named = env::var_os(location::VARIABLE).filter(|named| !named.is_empty())?;
    let is_primary = env::var_os("CARGO_PRIMARY_PACKAGE").is_some();
    location::is_for(package, root, &named, is_primary, env::current_dir().ok().as_deref()).then_some(named)
}

fn unknown(trigger: &str, folder: &Path, shown: &str) -> String {
    let known = location::triggers(folder);
    let known = || known.iter().map(String::as_str);
    let hint = match nearest(trigger, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known().next().is_none() => "it is empty.".to_owned(),
        None if known().count() <= 8 => format!("it has {}.", quoted(known())),
        None => format!("it has {} others.", known().count()),
    };
    format!("the catalog `{shown}` has no workflow `{trigger}`: {hint} If the workflow is new, run {PULL}")
}

//! Finds, reads and writes the catalog's folder. A file is written as a whole or not at all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

use serde_json::Value;
use teleflow_catalog::files::{Workflow, location, not_a_workflow_file};

use crate::failure::Failure;
use crate::output::shown;

/// The catalog's folder, which need not exist.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) folder: PathBuf,
    /// The package of the current folder.
    pub(crate) package: Option<PathBuf>,
    location: location::CatalogLocation,
}

/// A file of the catalog: its workflow, or why it is not a workflow file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) bytes: Vec<u8>,
    pub(crate) workflow: Result<Workflow, String>,
}

impl Entry {
    /// Returns whether a malformed file was a workflow file: it has the keys of one, for example after a merge conflict.
    pub(crate) fn was_workflow(&self) -> bool {
        let has = |key: &str| self.bytes.windows(key.len()).any(|window| window == key.as_bytes());
        match serde_json::from_slice::<Value>(&self.bytes) {
            Ok(file) => file.get("format").is_some_and(Value::is_u64) && file.get("trigger").is_some(),
            Err(_) => has("\"format\":") && has("\"trigger\":"),
        }
    }
}

impl Catalog {
    /// Finds the catalog: the folder in `--catalog`, in the environment, the nearest one, or where `pull` creates it.
    pub(crate) fn find(argument: Option<&Path>) -> Result<Self, Failure> {
        let here = env::current_dir()
            .map_err(|error| Failure::Refused(format!("failed to find the current folder: {error}")))?;
        let variable = env::var_os(location::VARIABLE).filter(|folder| !folder.is_empty());
        let package = here.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).map(Path::to_owned);
        let found = location::CatalogLocation::of(package.as_deref().unwrap_or(&here));
        let folder = match (argument, &package, &variable) {
            (Some(folder), ..) => here.join(folder),
            (None, None, Some(absolute)) if Path::new(absolute).is_absolute() => absolute.into(),
            (None, None, _) => {
                let message = "could not find `Cargo.toml` in the current folder or any parent; run the command in a package, \
                               or pass `--catalog <DIR>`";
                return Err(Failure::Usage(message.to_owned()));
            }
            (None, Some(_), variable) => found
                .catalog_or(variable.as_ref().map(OsString::as_os_str))
                .unwrap_or_else(|| found.root.join(location::NAME)),
        };
        Ok(Self { folder, package, location: found })
    }

    /// A file's path for messages, relative to the workspace.
    pub(crate) fn display_path(&self, file: &str) -> String {
        shown(&self.location.display_path(&self.folder.join(file)))
    }

    /// The message about a malformed file of a workflow.
    pub(crate) fn malformed(&self, file: &str, reason: &str) -> String {
        not_a_workflow_file(&self.display_path(file), &shown(reason))
    }

    /// The message about a malformed file that does not belong to a workflow of the server.
    pub(crate) fn foreign(&self, file: &str, entry: &Entry, reason: &str) -> String {
        let (file, reason) = (self.display_path(file), shown(reason));
        if entry.was_workflow() {
            format!(
                "`{file}` is not a workflow file: {reason}; the server does not have this workflow, so delete the file"
            )
        } else {
            format!("ignoring `{file}`, which is not a workflow file: {reason}")
        }
    }

    pub(crate) fn exists(&self) -> bool {
        self.folder.is_dir()
    }

    /// Reads all files by name; none if there is no folder.
    pub(crate) fn read(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            entries => entries.map_err(|error| self.failed("read", "", &error))?,
        };
        let mut files = BTreeMap::new();
        for entry in entries {
            let path = entry.map_err(|error| self.failed("read", "", &error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
                let (bytes, workflow) = match location::read(&path) {
                    Ok(bytes) => {
                        let workflow = Workflow::from_json(&bytes).map_err(|malformed| malformed.to_string());
                        (bytes, workflow)
                    }
                    Err(error) => (Vec::new(), Err(error.to_string())),
                };
                files.insert(name, Entry { bytes, workflow });
            }
        }
        Ok(files)
    }

    /// When a file was last added, changed or removed; `None` if there is no catalog.
    pub(crate) fn last_change(&self) -> Option<SystemTime> {
        let files = fs::read_dir(&self.folder).ok()?.flatten().map(|entry| entry.path());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let modified = |path: PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        files.chain([self.folder.clone()]).filter_map(modified).max()
    }

    /// Writes a temporary file and renames it.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let temporary = self.folder.join(format!(".{file}.{}.tmp", process::id()));
        let result = fs::create_dir_all(&self.folder).and_then(|()| {
            // The file is not synced to disk: that is slower than the requests, and the next `pull` restores a file that a power
            // failure has emptied.
            let renamed = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, self.folder.join(file)));
            if renamed.is_err() {
                // The first error is the one to report.
                let _ = fs::remove_file(&temporary);
            }
            renamed
        });
        result.map_err(|error| self.failed("write", file, &error))
    }

    pub(crate) fn remove(&self, file: &str) -> Result<(), Failure> {
        fs::remove_file(self.folder.join(file)).map_err(|error| self.failed("remove", file, &error))
    }

    fn failed(&self, verb: &str, file: &str, error: &io::Error) -> Failure {
        let path = self.display_path(file);
        Failure::Refused(format!("failed to {verb} `{}`: {error}", path.trim_end_matches('/')))
    }
}

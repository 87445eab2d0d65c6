//! The catalog's folder: where it is, what is in it, and how a file gets there whole or not at all.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

use serde_json::Value;
use teleflow_catalog::{files::Workflow, files::location};

use crate::failure::Failure;
use crate::output::shown;

/// The catalog's folder, which need not exist.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) folder: PathBuf,
    /// The package that the command was called in.
    pub(crate) package: Option<PathBuf>,
    surroundings: location::CatalogLocation,
}

/// One file, or why it is not a workflow file.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) bytes: Vec<u8>,
    pub(crate) workflow: Result<Workflow, String>,
}

impl Entry {
    /// Whether a file that cannot be read has been a workflow file: it has the first keys of one. Merge conflicts and cuts
    /// leave them.
    pub(crate) fn was_workflow(&self) -> bool {
        let has = |key: &str| self.bytes.windows(key.len()).any(|window| window == key.as_bytes());
        match serde_json::from_slice::<Value>(&self.bytes) {
            Ok(file) => file.get("format").is_some_and(Value::is_u64) && file.get("trigger").is_some(),
            Err(_) => has("\"format\":") && has("\"trigger\":"),
        }
    }
}

impl Catalog {
    /// The folder that was named, or the nearest one, or the one that there would be.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let here = env::current_dir()
            .map_err(|error| Failure::Refused(format!("the current folder cannot be told: {error}")))?;
        let variable = env::var_os(location::VARIABLE).filter(|folder| !folder.is_empty());
        let package = here.ancestors().find(|folder| folder.join("Cargo.toml").is_file()).map(Path::to_owned);
        let surroundings = location::CatalogLocation::of(package.as_deref().unwrap_or(&here));
        let folder = match (named, &package, &variable) {
            (Some(named), ..) => here.join(named),
            (None, None, Some(absolute)) if Path::new(absolute).is_absolute() => absolute.into(),
            (None, None, _) => {
                let message =
                    "there is no Cargo.toml here or above: call it inside a package, or name a folder with --catalog";
                return Err(Failure::Usage(message.to_owned()));
            }
            (None, Some(_), variable) => surroundings
                .catalog_or(variable.as_ref().map(OsString::as_os_str))
                .unwrap_or_else(|| surroundings.root.join(location::NAME)),
        };
        Ok(Self { folder, package, surroundings })
    }

    /// A file's path as people of this workspace write it.
    pub(crate) fn display_path(&self, file: &str) -> String {
        shown(&self.surroundings.display_path(&self.folder.join(file)))
    }

    /// The message about the file of a workflow that cannot be read.
    pub(crate) fn malformed(&self, file: &str, why: &str) -> String {
        format!("`{}` is malformed ({}); run `cargo teleflow pull` again", self.display_path(file), shown(why))
    }

    /// The message about a file that cannot be read and does not belong to a workflow of the server.
    pub(crate) fn foreign(&self, file: &str, entry: &Entry, why: &str) -> String {
        let (file, why) = (self.display_path(file), shown(why));
        if entry.was_workflow() {
            format!("`{file}` is malformed ({why}), and the server has no workflow of this name; delete the file")
        } else {
            format!("`{file}` is not a workflow file, so it is ignored: {why}")
        }
    }

    pub(crate) fn exists(&self) -> bool {
        self.folder.is_dir()
    }

    /// All files by name; none, if there is no folder.
    pub(crate) fn read(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            entries => entries.map_err(|error| self.refused("", "read", &error))?,
        };
        let mut files = BTreeMap::new();
        for entry in entries {
            let path = entry.map_err(|error| self.refused("", "read", &error))?.path();
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

    /// When a file of the catalog last came, changed or went; `None` if there is no catalog.
    pub(crate) fn changed(&self) -> Option<SystemTime> {
        let files = fs::read_dir(&self.folder).ok()?.flatten().map(|entry| entry.path());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let modified = |path: PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        files.chain([self.folder.clone()]).filter_map(modified).max()
    }

    /// Writes a file beside its place, and moves it there.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let beside = self.folder.join(format!(".{file}.{}.tmp", process::id()));
        let written = fs::create_dir_all(&self.folder).and_then(|()| {
            // Not synced to the disk: that takes longer than asking the server, and a file that a power cut has emptied
            // is written again by the next `pull`.
            let moved = fs::write(&beside, text).and_then(|()| fs::rename(&beside, self.folder.join(file)));
            if moved.is_err() {
                // What it failed with is worth more than what this fails with.
                let _ = fs::remove_file(&beside);
            }
            moved
        });
        written.map_err(|error| self.refused(file, "written", &error))
    }

    pub(crate) fn remove(&self, file: &str) -> Result<(), Failure> {
        fs::remove_file(self.folder.join(file)).map_err(|error| self.refused(file, "removed", &error))
    }

    fn refused(&self, file: &str, verb: &str, error: &io::Error) -> Failure {
        Failure::Refused(format!("{} cannot be {verb}: {error}", self.display_path(file)))
    }
}

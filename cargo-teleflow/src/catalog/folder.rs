//! Reads and writes a folder of the catalog. A file is written as a whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::process;
use std::time::SystemTime;

use serde_json::Value;
use teleflow_catalog::files::location;

use super::catalog_file::CatalogFile;
use crate::failure::Failure;
use crate::output::sanitize;

/// A folder with files of one kind, which need not exist.
#[derive(Debug)]
pub(crate) struct Folder<F> {
    path: PathBuf,
    location: location::CatalogLocation,
    kind: PhantomData<F>,
}

/// A file of a folder: its content, or why it is not a file of this kind.
#[derive(Debug)]
pub(crate) struct Entry<F> {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content: Result<F, String>,
}

impl<F: CatalogFile> Entry<F> {
    /// Returns whether a malformed file was of this kind: it has the keys of one, for example after a merge conflict.
    pub(crate) fn is_damaged(&self) -> bool {
        let has = |key: &str| self.bytes.windows(key.len()).any(|window| window == key.as_bytes());
        match serde_json::from_slice::<Value>(&self.bytes) {
            Ok(file) => file.get(F::VERSION_KEY).is_some_and(Value::is_u64) && file.get("trigger").is_some(),
            Err(_) => has(&format!("\"{}\":", F::VERSION_KEY)) && has("\"trigger\":"),
        }
    }
}

impl<F: CatalogFile> Folder<F> {
    pub(super) fn new(path: PathBuf, location: location::CatalogLocation) -> Self {
        Self { path, location, kind: PhantomData }
    }

    /// The folder's path for messages.
    pub(crate) fn display(&self) -> String {
        self.display_path("").trim_end_matches('/').to_owned()
    }

    /// A file's path for messages, relative to the workspace.
    pub(crate) fn display_path(&self, file: &str) -> String {
        sanitize(&self.location.display_path(&self.path.join(file)))
    }

    /// The message about a malformed file of a workflow.
    pub(crate) fn malformed(&self, file: &str, reason: &str) -> String {
        F::malformed(&self.display_path(file), &sanitize(reason))
    }

    /// The message about a malformed file that does not belong to a workflow of the server.
    pub(crate) fn foreign(&self, file: &str, entry: &Entry<F>, reason: &str) -> String {
        let (file, reason) = (self.display_path(file), sanitize(reason));
        if entry.is_damaged() {
            format!(
                "`{file}` is not a {}: {reason}; the server does not have this workflow, so delete the file",
                F::NAME
            )
        } else {
            format!("ignoring `{file}`, which is not a {}: {reason}", F::NAME)
        }
    }

    pub(crate) fn exists(&self) -> bool {
        self.path.is_dir()
    }

    /// Reads all files by name; none if there is no folder.
    pub(crate) fn read(&self) -> Result<BTreeMap<String, Entry<F>>, Failure> {
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            entries => entries.map_err(|error| self.failed("read", "", &error))?,
        };
        let mut files = BTreeMap::new();
        for entry in entries {
            let path = entry.map_err(|error| self.failed("read", "", &error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
                let (bytes, content) = match location::read(&path) {
                    Ok(bytes) => {
                        let content = F::parse(&bytes).map_err(|malformed| malformed.to_string());
                        (bytes, content)
                    }
                    Err(error) => (Vec::new(), Err(error.to_string())),
                };
                files.insert(name, Entry { bytes, content });
            }
        }
        Ok(files)
    }

    /// When a file was last added, changed or removed; `None` if there is no folder.
    pub(crate) fn last_change(&self) -> Option<SystemTime> {
        let files = fs::read_dir(&self.path).ok()?.flatten().map(|entry| entry.path());
        let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let modified = |path: PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        files.chain([self.path.clone()]).filter_map(modified).max()
    }

    /// Writes a temporary file and renames it.
    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let temporary = self.path.join(format!(".{file}.{}.tmp", process::id()));
        let result = fs::create_dir_all(&self.path).and_then(|()| {
            // The file is not synced to disk: that is slower than the requests, and the next `pull` restores a file that a power
            // failure has emptied.
            let renamed = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, self.path.join(file)));
            if renamed.is_err() {
                // The first error is the one to report.
                let _ = fs::remove_file(&temporary);
            }
            renamed
        });
        result.map_err(|error| self.failed("write", file, &error))
    }

    pub(crate) fn remove(&self, file: &str) -> Result<(), Failure> {
        fs::remove_file(self.path.join(file)).map_err(|error| self.failed("remove", file, &error))
    }

    fn failed(&self, verb: &str, file: &str, error: &io::Error) -> Failure {
        let path = self.display_path(file);
        Failure::Operation(format!("failed to {verb} `{}`: {error}", path.trim_end_matches('/')))
    }
}

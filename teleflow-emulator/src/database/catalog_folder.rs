//! Reads the files of a folder of the catalog.

use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use teleflow_catalog::files::{Malformed, file_name, location};
use teleflow_http::sanitize;

/// The error of [`Emulator::load_catalog`](crate::Emulator::load_catalog) and
/// [`Emulator::load_templates`](crate::Emulator::load_templates). It names the file and what is wrong with it.
///
/// ```
/// let error = teleflow_emulator::Emulator::new().load_catalog("does/not/exist").unwrap_err();
/// assert!(error.to_string().starts_with("failed to read `does/not/exist`: "));
/// ```
#[derive(Debug)]
pub struct LoadError {
    message: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl LoadError {
    pub(super) fn new(message: String) -> Self {
        Self { message, source: None }
    }

    fn unreadable(path: &Path, error: io::Error) -> Self {
        Self { message: format!("failed to read `{}`: {error}", path.display()), source: Some(error.into()) }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for LoadError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn error::Error + 'static))
    }
}

/// A format of files, one for each workflow.
#[derive(Debug)]
pub(super) struct Format<T> {
    pub(super) parse: fn(&[u8]) -> Result<T, Malformed>,
    pub(super) trigger: fn(&T) -> &str,
    /// The message about a file that does not have this format, from its path and the reason.
    pub(super) error: fn(&str, &str) -> String,
    /// The error for a folder without such files, after its path.
    pub(super) no_files: &'static str,
}

impl<T> Format<T> {
    pub(super) fn malformed(&self, path: &str, error: impl error::Error + Send + Sync + 'static) -> LoadError {
        LoadError { message: (self.error)(path, &error.to_string()), source: Some(error.into()) }
    }
}

/// Reads all `.json` files of a folder, each with its path, in the order of their names.
pub(super) fn read<T>(folder: &Path, format: &Format<T>) -> Result<Vec<(String, T)>, LoadError> {
    let mut files = Vec::new();
    for path in paths(folder).map_err(|error| LoadError::unreadable(folder, error))? {
        let display = path.display().to_string();
        let bytes = location::read(&path).map_err(|error| LoadError::unreadable(&path, error))?;
        let file = (format.parse)(&bytes).map_err(|error| format.malformed(&display, error))?;
        let trigger = (format.trigger)(&file);
        let expected = file_name(trigger);
        if path.file_name().is_none_or(|name| name != expected.as_str()) {
            return Err(LoadError::new(format!(
                "`{display}` is the file of workflow `{}`; rename it to `{expected}`",
                sanitize::text(trigger)
            )));
        }
        files.push((display, file));
    }
    if files.is_empty() {
        return Err(LoadError::new(format!("`{}` {}", folder.display(), format.no_files)));
    }
    Ok(files)
}

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

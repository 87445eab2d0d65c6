//! Finds the catalog of a package.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::manifest::{self, normalize};
use super::workflow::Workflow;

/// The name of the catalog's folder, in the root of a workspace or a package.
pub const NAME: &str = ".teleflow";

/// The environment variable that sets another folder: an absolute path, or one relative to the workspace.
pub const VARIABLE: &str = "TELEFLOW_CATALOG";

/// The workspace of a package, and its catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogLocation {
    /// The folder of the workspace, or of a package without a workspace.
    pub root: PathBuf,
    /// The nearest folder named [`NAME`], if there is one.
    pub catalog: Option<PathBuf>,
}

impl CatalogLocation {
    /// Searches the package's folder and its parents, up to the root of its workspace.
    ///
    /// The parents of a package without a workspace are not searched.
    #[must_use]
    pub fn of(package: &Path) -> Self {
        Self::within(&root(package), package)
    }

    /// Like [`of`](Self::of), for a known workspace root.
    #[must_use]
    pub fn within(root: &Path, package: &Path) -> Self {
        // A member may be outside the folder of its workspace.
        let outside = (!package.starts_with(root)).then_some([package, root]);
        let inside = package.ancestors().take_while(|folder| folder.starts_with(root));
        let catalog = inside
            .chain(outside.into_iter().flatten())
            .map(|folder| folder.join(NAME))
            .find(|catalog| catalog.is_dir());
        Self { root: root.to_owned(), catalog }
    }

    /// The catalog's folder: the value of [`VARIABLE`] if that is not empty, or the nearest one.
    #[must_use]
    pub fn catalog_or(&self, variable: Option<&OsStr>) -> Option<PathBuf> {
        match variable.filter(|folder| !folder.is_empty()) {
            Some(folder) => Some(self.root.join(folder)),
            None => self.catalog.clone(),
        }
    }

    /// A path for messages: relative to the workspace, with `/`.
    #[must_use]
    pub fn display_path(&self, path: &Path) -> String {
        let path = normalize(path);
        let relative = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy();
        if std::path::MAIN_SEPARATOR == '/' {
            relative.into_owned()
        } else {
            relative.replace(std::path::MAIN_SEPARATOR, "/")
        }
    }
}

/// The folder of the package's workspace as cargo finds it, or the package's own folder if it has no workspace.
#[must_use]
pub fn root(package: &Path) -> PathBuf {
    manifest::workspace(package)
}

/// Returns whether cargo manages the package's source: unpacked from a registry, checked out from Git, or vendored.
#[must_use]
pub fn is_from_elsewhere(package: &Path) -> bool {
    // A checkout has `.cargo-ok` in its root, and the package may be in a folder below it.
    let is_checked_out = package.ancestors().any(|folder| folder.join(".cargo-ok").exists());
    is_checked_out || package.join(".cargo-checksum.json").exists()
}

/// Returns whether [`VARIABLE`], with the value `folder`, applies to this package.
///
/// It does not apply to dependencies from outside the workspace that is being built. `is_primary`: cargo has set
/// `CARGO_PRIMARY_PACKAGE`. `current`: the compiler's current folder.
// Cargo runs the compiler in the root of the workspace that is being built, but for packages outside that workspace in their
// own folder. Packages that were selected to be built are primary.
// Source: `path_args` in cargo's `core/compiler`.
#[must_use]
pub fn is_for(package: &Path, root: &Path, folder: &OsStr, is_primary: bool, current: Option<&Path>) -> bool {
    if is_from_elsewhere(package) {
        return false;
    }
    let is_current = |folder: &Path| current.is_some_and(|current| is_same(current, folder));
    if is_primary || (root != package && is_current(root)) {
        return true;
    }
    if package.starts_with(root) && root != package && is_current(package) {
        return false;
    }
    // A package in the root, or outside the root's folder: either its own workspace or another one is being built.
    let folder = normalize(&root.join(folder));
    folder.starts_with(root) && folder.is_dir()
}

fn is_same(left: &Path, right: &Path) -> bool {
    let canonical = |path: &Path| fs::canonicalize(path).ok();
    left == right || canonical(left).is_some_and(|left| canonical(right) == Some(left))
}

/// The largest workflow file, in bytes. Ordinary ones have a few thousand.
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// Reads a file of the catalog.
///
/// # Errors
///
/// An error of the operating system, or [`InvalidInput`](io::ErrorKind::InvalidInput) if the path is not a file or the file is
/// larger than [`LARGEST`].
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    if metadata.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is larger than 8 MiB"));
    }
    fs::read(path)
}

/// The trigger identifiers of the catalog's readable files, sorted.
#[must_use]
pub fn triggers(catalog: &Path) -> Vec<String> {
    let files = fs::read_dir(catalog).into_iter().flatten().flatten().map(|entry| entry.path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = json.filter_map(|path| Workflow::from_json(&read(&path).ok()?).ok());
    let mut triggers: Vec<String> = read.map(|workflow| workflow.trigger).collect();
    triggers.sort();
    triggers
}

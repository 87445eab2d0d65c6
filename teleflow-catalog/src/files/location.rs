//! Where the catalog is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::manifest::{self, normalize};
use super::workflow::Workflow;

/// The catalog's folder, at the top of a workspace or a package.
pub const NAME: &str = ".teleflow";

/// The environment variable that names another folder: absolute, or relative to the workspace.
pub const VARIABLE: &str = "TELEFLOW_CATALOG";

/// The surroundings of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogLocation {
    /// The folder of the workspace, or of a package without a workspace.
    pub root: PathBuf,
    /// The nearest folder named [`NAME`], if there is one.
    pub catalog: Option<PathBuf>,
}

impl CatalogLocation {
    /// Looks from the package's folder upwards, as far as the root of its workspace.
    ///
    /// It does not look above a package without a workspace.
    #[must_use]
    pub fn of(package: &Path) -> Self {
        Self::within(&root(package), package)
    }

    /// The same where the root is known already.
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

    /// The catalog's folder: the one that [`VARIABLE`] names, where it is set, or the nearest.
    #[must_use]
    pub fn catalog_or(&self, variable: Option<&OsStr>) -> Option<PathBuf> {
        match variable.filter(|named| !named.is_empty()) {
            Some(named) => Some(self.root.join(named)),
            None => self.catalog.clone(),
        }
    }

    /// A path as people of this workspace write it: relative, with `/`.
    #[must_use]
    pub fn display_path(&self, path: &Path) -> String {
        let path = normalize(path);
        let shown = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy();
        if std::path::MAIN_SEPARATOR == '/' {
            shown.into_owned()
        } else {
            shown.replace(std::path::MAIN_SEPARATOR, "/")
        }
    }
}

/// The folder of the package's workspace as cargo finds it, or the package's own folder if it has no workspace.
#[must_use]
pub fn root(package: &Path) -> PathBuf {
    manifest::workspace(package)
}

/// Is the package's source managed by cargo: unpacked from a registry, checked out from Git, or vendored?
#[must_use]
pub fn is_from_elsewhere(package: &Path) -> bool {
    // A checkout has its mark at the top, and the package may be in a folder below it.
    let is_checked_out = package.ancestors().any(|folder| folder.join(".cargo-ok").exists());
    is_checked_out || package.join(".cargo-checksum.json").exists()
}

/// Is [`VARIABLE`], with this value, set for the workspace of this package?
///
/// It is not if the package is a dependency from outside the workspace that is being built. `is_primary`: cargo has
/// set `CARGO_PRIMARY_PACKAGE`. `here`: the compiler's current folder.
// Cargo runs the compiler in the root of the workspace that is being built, or for packages outside it in their own
// folder; and it marks as primary what was selected to be built. Source: `path_args` in cargo's `core/compiler`.
#[must_use]
pub fn is_for(package: &Path, root: &Path, named: &OsStr, is_primary: bool, here: Option<&Path>) -> bool {
    if is_from_elsewhere(package) {
        return false;
    }
    let is_here = |folder: &Path| here.is_some_and(|here| is_same(here, folder));
    if is_primary || (root != package && is_here(root)) {
        return true;
    }
    if package.starts_with(root) && root != package && is_here(package) {
        return false;
    }
    // A package at the root, or one outside the root's folder: its own workspace may be building it, or another.
    let folder = normalize(&root.join(named));
    folder.starts_with(root) && folder.is_dir()
}

fn is_same(left: &Path, right: &Path) -> bool {
    let canonical = |path: &Path| fs::canonicalize(path).ok();
    left == right || canonical(left).is_some_and(|left| canonical(right) == Some(left))
}

/// The most bytes of a file: those of ordinary workflows have a few thousand.
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// A file of the catalog. What is no file, or too large to be one of these, is not read.
///
/// # Errors
///
/// The operating system's, and one that says what the file is instead.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    if found.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is larger than 8 MiB"));
    }
    fs::read(path)
}

/// The trigger identifiers of the catalog's files, as far as these can be read, in order.
#[must_use]
pub fn triggers(catalog: &Path) -> Vec<String> {
    let files = fs::read_dir(catalog).into_iter().flatten().flatten().map(|entry| entry.path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = json.filter_map(|path| Workflow::from_json(&read(&path).ok()?).ok());
    let mut triggers: Vec<String> = read.map(|workflow| workflow.trigger).collect();
    triggers.sort();
    triggers
}

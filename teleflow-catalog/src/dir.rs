//! Where the catalog is.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use crate::workflow::Workflow;

/// The catalog's folder, at the top of a workspace or a package.
pub const NAME: &str = ".teleflow";

/// The environment variable that names another folder: absolute, or relative to the workspace.
pub const VARIABLE: &str = "TELEFLOW_CATALOG";

/// The surroundings of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The folder of the workspace, or of the package if it stands alone.
    pub root: PathBuf,
    /// The nearest folder named [`NAME`], if there is one.
    pub catalog: Option<PathBuf>,
}

impl Surroundings {
    /// Looks from the package's folder upwards, as far as the first `Cargo.toml` with a `[workspace]`.
    ///
    /// Where there is no such file, the package stands alone, and nothing above it is looked at.
    #[must_use]
    pub fn of(package: &Path) -> Self {
        Self::within(root(package), package)
    }

    /// The same where the root is known already.
    #[must_use]
    pub fn within(root: &Path, package: &Path) -> Self {
        let inside = package.ancestors().take_while(|folder| folder.starts_with(root));
        let catalog = inside.map(|folder| folder.join(NAME)).find(|catalog| catalog.is_dir());
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
    pub fn shown(&self, path: &Path) -> String {
        let path = straight(path);
        let shown = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy();
        if std::path::MAIN_SEPARATOR == '/' {
            shown.into_owned()
        } else {
            shown.replace(std::path::MAIN_SEPARATOR, "/")
        }
    }
}

/// Without the ways down and up again.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for component in path.components() {
        let is_inside = matches!(straight.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::ParentDir if is_inside => drop(straight.pop()),
            component => straight.push(component),
        }
    }
    straight
}

/// The folder of the package's workspace, or its own if it stands alone.
#[must_use]
pub fn root(package: &Path) -> &Path {
    package.ancestors().find(|folder| is_workspace(&folder.join("Cargo.toml"))).unwrap_or(package)
}

fn is_workspace(manifest: &Path) -> bool {
    let Ok(manifest) = fs::read_to_string(manifest) else {
        return false;
    };
    manifest.lines().any(|line| {
        let table = line.trim_start().strip_prefix("[workspace");
        table.is_some_and(|rest| rest.starts_with([']', '.']))
    })
}

/// The most bytes of a file: those of ordinary workflows have a few thousand.
const LARGEST: u64 = 8 * 1024 * 1024;

/// A file of the catalog. What is no file, or too large to be one of these, is not read.
///
/// # Errors
///
/// The operating system's, and one that says what the file is instead.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    if found.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it has more than 8 MiB"));
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

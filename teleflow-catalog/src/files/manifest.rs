//! What a `Cargo.toml` says about workspaces, and which workspace a package belongs to.
//!
//! The derive asks this in every build, so a small reader does it: a TOML parser would cost more to compile than the
//! rest of the crate.

use std::fs;
use std::path::{Path, PathBuf};

use self::toml::Item;

mod toml;

/// What a manifest says about workspaces.
#[derive(Debug, Default)]
struct Manifest {
    is_root: bool,
    /// The workspace's folder, relative to the manifest's: `package.workspace`.
    pointer: Option<String>,
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Manifest {
    /// `None` if there is no manifest in the folder, or none that can be read.
    fn in_folder(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let mut manifest = Self::default();
        toml::read(&text, |path, item| match (path, item) {
            (["package", "workspace"], Item::Text(pointer)) => manifest.pointer = Some(pointer),
            (["workspace", rest @ ..], item) => {
                manifest.is_root = true;
                match (rest, item) {
                    (["members"], Item::Texts(members)) => manifest.members = members,
                    (["exclude"], Item::Texts(exclude)) => manifest.exclude = exclude,
                    _ => {}
                }
            }
            _ => {}
        })?;
        Some(manifest)
    }

    /// Is the package excluded from the workspace in this folder?
    fn excludes(&self, folder: &Path, package: &Path) -> bool {
        let is_below = |paths: &[String]| paths.iter().any(|path| package.starts_with(normalize(&folder.join(path))));
        is_below(&self.exclude) && !is_below(&self.members)
    }
}

/// The folder of the package's workspace as cargo finds it, or the package's own folder if it has no workspace.
// Source: `find_workspace_root_with_loader` in cargo's `core/workspace.rs`.
pub(crate) fn workspace(package: &Path) -> PathBuf {
    let package = normalize(package);
    for folder in package.ancestors() {
        let Some(manifest) = Manifest::in_folder(folder) else {
            continue;
        };
        if let Some(pointer) = &manifest.pointer {
            return normalize(&folder.join(pointer));
        }
        if manifest.is_root && (folder == package || !manifest.excludes(folder, &package)) {
            return folder.to_owned();
        }
    }
    package
}

/// The path without `.` and `..`.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    use std::path::Component;

    let mut normalize = PathBuf::new();
    for component in path.components() {
        let is_inside = matches!(normalize.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if is_inside => drop(normalize.pop()),
            component => normalize.push(component),
        }
    }
    normalize
}

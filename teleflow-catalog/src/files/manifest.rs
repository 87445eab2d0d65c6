//! Reads `Cargo.toml` to find the workspace of a package.
//!
//! The derive needs this in every build. A full TOML parser would take longer to compile than the rest of the crate, so a
//! small reader does it.

use std::fs;
use std::path::{Path, PathBuf};

use self::toml::Item;

mod toml;

/// The keys of a manifest that are about workspaces.
#[derive(Debug, Default)]
struct Manifest {
    is_root: bool,
    /// `package.workspace`: the workspace's folder, relative to the manifest's.
    workspace: Option<String>,
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Manifest {
    /// Reads the manifest of a folder; `None` if there is none, or it is not TOML.
    fn in_folder(folder: &Path) -> Option<Self> {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let mut manifest = Self::default();
        toml::read(&text, |path, item| match (path, item) {
            (["package", "workspace"], Item::String(folder)) => manifest.workspace = Some(folder),
            (["workspace", rest @ ..], item) => {
                manifest.is_root = true;
                match (rest, item) {
                    (["members"], Item::Strings(members)) => manifest.members = members,
                    (["exclude"], Item::Strings(exclude)) => manifest.exclude = exclude,
                    _ => {}
                }
            }
            _ => {}
        })?;
        Some(manifest)
    }

    /// Returns whether the workspace in this folder excludes the package.
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
        if let Some(workspace) = &manifest.workspace {
            return normalize(&folder.join(workspace));
        }
        if manifest.is_root && (folder == package || !manifest.excludes(folder, &package)) {
            return folder.to_owned();
        }
    }
    package
}

/// Removes `.` and `..` from a path.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    use std::path::Component;

    let mut normalized = PathBuf::new();
    for component in path.components() {
        let has_parent = matches!(normalized.components().next_back(), Some(Component::Normal(_)));
        match component {
            Component::CurDir => {}
            Component::ParentDir if has_parent => drop(normalized.pop()),
            component => normalized.push(component),
        }
    }
    normalized
}

//! Whether the package that is compiled can name the library as `::teleflow`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// The error for a package that cannot.
pub(crate) const ADVICE: &str = "this package has no dependency called `teleflow`; add it, or give the library's path, \
                                 as in `#[teleflow(crate = \"path::to::teleflow\")]`";

/// Whether the package's manifest has no dependency `teleflow`. `false` without a manifest.
pub(crate) fn is_missing() -> bool {
    // In the tests of this crate, the manifest would be this crate's own.
    if !proc_macro::is_available() || env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "teleflow") {
        return false;
    }
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return false;
    };
    // Cached for one package: an editor may use this process for several.
    static CACHED: Mutex<Option<(PathBuf, bool)>> = Mutex::new(None);
    let mut cached = CACHED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*cached {
        Some((cached, is_missing)) if *cached == package => *is_missing,
        _ => {
            let is_missing = manifest(&package).is_some_and(|manifest| !names_library(&manifest));
            *cached = Some((package, is_missing));
            is_missing
        }
    }
}

fn manifest(package: &Path) -> Option<String> {
    fs::read_to_string(package.join("Cargo.toml")).ok()
}

/// Whether `teleflow` is a key or the last part of a table's name. A comment or a string that looks like one counts too, since
/// a wrong error is worse than a missing one.
fn names_library(manifest: &str) -> bool {
    const NAME: &str = "teleflow";
    manifest.match_indices(NAME).any(|(at, _)| {
        let is_in_name = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        let before = manifest.get(..at).unwrap_or_default();
        let after = manifest.get(at + NAME.len()..).unwrap_or_default();
        let after_quote = after.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
        !before.ends_with(is_in_name) && !after.starts_with(is_in_name) && after_quote.starts_with(['=', '.', ']'])
    })
}

#[cfg(test)]
mod tests {
    use super::names_library;

    #[test]
    fn dependencies_are_found_in_every_notation() {
        for manifest in [
            "[dependencies]\nteleflow = \"0.1\"",
            "[dependencies]\n'teleflow'={ version = \"0.1\" }",
            "[dependencies]\n\"teleflow\" = \"0.1\"",
            "[dependencies]\nteleflow.workspace = true",
            "[dependencies.teleflow]\nversion = \"0.1\"",
            "[target.'cfg(unix)'.dev-dependencies.\"teleflow\"]",
            "dependencies.teleflow = \"0.1\"",
            "dependencies = { teleflow = \"0.1\" }",
            "[dependencies]\nteleflow\t= \"0.1\"",
        ] {
            assert!(names_library(manifest), "{manifest}");
        }
    }

    #[test]
    fn other_names_are_not_the_library() {
        for manifest in [
            "",
            "[package]\nname = \"teleflow\"",
            "[dependencies]\nteleflow-emulator = \"0.1\"",
            "[dependencies]\nmy-teleflow = \"0.1\"",
            "[dependencies]\nteleflow_fork = \"0.1\"",
            "[dependencies]\ntf = { package = \"teleflow\" }",
        ] {
            assert!(!names_library(manifest), "{manifest}");
        }
    }
}

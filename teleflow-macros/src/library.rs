//! Whether the package that is compiled can name the library as `::teleflow`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// What to write where the library has another path.
pub(crate) const ADVICE: &str = "this package has no dependency called `teleflow`; add it, or write where the library is \
                                 found, as in `#[teleflow(crate = \"path::to::teleflow\")]`";

/// The manifest of the package names no dependency `teleflow`. Where there is no manifest, nothing is known.
pub(crate) fn is_missing() -> bool {
    // In the tests of this crate the manifest is this crate's own.
    if !proc_macro::is_available() || env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "teleflow") {
        return false;
    }
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from) else {
        return false;
    };
    // Read once, and again where an editor keeps this running for several packages.
    static KNOWN: Mutex<Option<(PathBuf, bool)>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*known {
        Some((of, is_missing)) if *of == package => *is_missing,
        _ => {
            let is_missing = manifest(&package).is_some_and(|manifest| !names_library(&manifest));
            *known = Some((package, is_missing));
            is_missing
        }
    }
}

fn manifest(package: &Path) -> Option<String> {
    fs::read_to_string(package.join("Cargo.toml")).ok()
}

/// Is `teleflow` a key or the last part of a table's name? A comment or a string that looks like one counts, too: it is
/// better to say nothing than to complain of what is right.
fn names_library(manifest: &str) -> bool {
    const NAME: &str = "teleflow";
    manifest.match_indices(NAME).any(|(at, _)| {
        let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        let before = manifest.get(..at).unwrap_or_default();
        let after = manifest.get(at + NAME.len()..).unwrap_or_default();
        let after_quote = after.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
        !before.ends_with(is_of_name) && !after.starts_with(is_of_name) && after_quote.starts_with(['=', '.', ']'])
    })
}

#[cfg(test)]
mod tests {
    use super::names_library;

    #[test]
    fn dependencies_are_seen_in_every_spelling() {
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
    fn other_names_are_not_taken_for_the_library() {
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

//! Only `Cargo.lock` names a package registry: whoever builds decides where crates come from.

use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// All text files of the repository, including those in hidden folders.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if name != "target" && name != ".git" {
                found.extend(texts(&path));
            }
        } else if name != "Cargo.lock"
            && let Ok(text) = fs::read_to_string(&path)
        {
            found.push((path, text));
        }
    }
    found
}

/// The first address of a registry in a text.
fn registry(text: &str) -> Option<&str> {
    let of = |scheme: &str| {
        text.match_indices(scheme).find_map(|(at, _)| {
            let address = text[at..].split(|c: char| c.is_whitespace() || "\"'`<>()".contains(c)).next()?;
            let host = address[scheme.len()..].split(['/', ':']).next()?.rsplit('@').next()?;
            let first = host.split('.').next()?;
            let is_index = matches!(first, "index" | "static" | "registry" | "proxy") || host.contains("crates");
            let is_git = address.contains("crates.io-index");
            // Pages for people are not registries.
            let is_page = host == "crates.io" || host == "docs.rs";
            ((is_index || is_git) && !is_page).then_some(address)
        })
    };
    of("https://").or_else(|| of("http://"))
}

#[test]
fn no_file_contains_the_address_of_a_registry() {
    let texts = texts(&root());
    assert!(texts.len() > 150, "only {} files were found", texts.len());
    for (path, text) in texts {
        assert_eq!(registry(&text), None, "{}", path.display());
    }
}

#[test]
fn the_address_of_a_registry_is_found() {
    let (plain, secure) = ("http", "https");
    for host in
        ["index.crates.io/", "static.crates.io/crates", "github.com/rust-lang/crates.io-index", "crates.example/x"]
    {
        assert!(registry(&format!("[source]\nregistry = \"{secure}://{host}\"")).is_some(), "{host}");
    }
    assert!(registry(&format!("{plain}://proxy.internal:8080/crates")).is_some());
    for host in ["crates.io/crates/teleflow", "docs.rs/teleflow", "github.com/khulnasoft/teleflow", "example.com/index"]
    {
        assert_eq!(registry(&format!("see <{secure}://{host}>")), None, "{host}");
    }
}

//! The search for the catalog.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use teleflow_catalog::files::location::{CatalogLocation, read, triggers};
use tempfile::TempDir;

/// Creates folders and files. A path that ends with `/` is a folder.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let full = root.path().join(path);
        if path.ends_with('/') {
            fs::create_dir_all(full).unwrap();
        } else {
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, text).unwrap();
        }
    }
    root
}

/// The root and the catalog of a package, relative to the tree.
fn found(root: &TempDir, package: &str) -> (String, Option<String>) {
    let relative = |path: &Path| path.strip_prefix(root.path()).unwrap().to_str().unwrap().to_owned();
    let found = CatalogLocation::of(&root.path().join(package));
    (relative(&found.root), found.catalog.as_deref().map(relative))
}

#[test]
fn the_search_ends_at_the_workspace() {
    const WORKSPACE: &str = "[workspace]\nmembers = []\n";
    const PACKAGE: &str = "[package]\nname = \"x\"\n";
    for (files, root, catalog) in [
        (
            vec![("w/Cargo.toml", WORKSPACE), ("w/p/Cargo.toml", PACKAGE), ("w/.teleflow/", "")],
            "w",
            Some("w/.teleflow"),
        ),
        (vec![("w/Cargo.toml", WORKSPACE), ("w/p/.teleflow/", ""), ("w/.teleflow/", "")], "w", Some("w/p/.teleflow")),
        (vec![("w/Cargo.toml", WORKSPACE), (".teleflow/", "")], "w", None),
        (vec![("Cargo.toml", WORKSPACE), ("w/Cargo.toml", WORKSPACE), (".teleflow/", "")], "w", None),
        (vec![("w/p/Cargo.toml", PACKAGE), ("w/.teleflow/", "")], "w/p", None),
        (vec![("w/p/Cargo.toml", "[workspace]"), ("w/.teleflow/", "")], "w/p", None),
        (vec![("w/Cargo.toml", "  [workspace.package]\n"), ("w/p/Cargo.toml", PACKAGE)], "w", None),
        (vec![("w/Cargo.toml", "# [workspace]\n[workspaces]\n"), ("w/p/Cargo.toml", PACKAGE)], "w/p", None),
        (vec![("w/Cargo.toml/", ""), ("w/p/Cargo.toml", PACKAGE)], "w/p", None),
        (vec![("w/Cargo.toml", WORKSPACE), ("w/p/.teleflow", "a file")], "w", None),
    ] {
        let tree = tree(&files);
        fs::create_dir_all(tree.path().join("w/p")).unwrap();
        assert_eq!(found(&tree, "w/p"), (root.to_owned(), catalog.map(str::to_owned)), "{files:?}");
    }
}

#[test]
fn the_variable_takes_precedence() {
    let location = CatalogLocation { root: PathBuf::from("/w"), catalog: Some(PathBuf::from("/w/p/.teleflow")) };
    let or = |variable: Option<&str>| location.catalog_or(variable.map(OsStr::new)).unwrap();
    assert_eq!(or(None), Path::new("/w/p/.teleflow"));
    assert_eq!(or(Some("")), Path::new("/w/p/.teleflow"));
    assert_eq!(or(Some("a/b")), Path::new("/w/a/b"));
    assert_eq!(or(Some("/abs")), Path::new("/abs"));
    let bare = CatalogLocation { catalog: None, ..location };
    assert_eq!(bare.catalog_or(None), None);
}

#[test]
fn paths_are_displayed_relative_to_the_workspace() {
    let location = CatalogLocation { root: PathBuf::from("/w"), catalog: None };
    assert_eq!(location.display_path(Path::new("/w/.teleflow/a.json")), ".teleflow/a.json");
    assert_eq!(location.display_path(Path::new("/elsewhere/a.json")), "/elsewhere/a.json");
    assert_eq!(location.display_path(Path::new("/w/p/../q/./a.json")), "q/a.json");
    assert_eq!(location.display_path(Path::new("../../a.json")), "../../a.json");
}

#[test]
fn triggers_are_those_of_readable_files() {
    let file =
        |trigger: &str| format!("{{\"active\": true, \"format\": 1, \"trigger\": \"{trigger}\", \"name\": \"\"}}");
    let (b, a) = (file("b"), file("a"));
    let tree = tree(&[("x.json", &b), ("y.json", &a), ("z.json", "{"), ("w.txt", &a), ("folder.json/", "")]);
    assert_eq!(triggers(tree.path()), ["a", "b"]);
    assert!(triggers(&tree.path().join("none")).is_empty());
}

#[test]
fn only_files_up_to_8_mib_are_read() {
    let tree = tree(&[("a.json", "{}"), ("folder.json/", "")]);
    assert_eq!(read(&tree.path().join("a.json")).unwrap(), b"{}");
    assert_eq!(read(&tree.path().join("folder.json")).unwrap_err().to_string(), "it is not a file");
    assert!(read(&tree.path().join("none.json")).is_err());
    let large = std::fs::File::create(tree.path().join("large.json")).unwrap();
    large.set_len(8 * 1024 * 1024 + 1).unwrap();
    assert_eq!(read(&tree.path().join("large.json")).unwrap_err().to_string(), "it is larger than 8 MiB");
}

//! Rules for the sources: the order of modules, the length of files, documentation, words.

mod docs;
mod hosts;
mod named_tests;
mod order;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The crates whose sources these rules apply to.
const CRATES: [&str; 8] = [
    "teleflow",
    "teleflow-macros",
    "teleflow-catalog",
    "teleflow-template",
    "teleflow-http",
    "teleflow-emulator",
    "teleflow-outbox",
    "cargo-teleflow",
];

/// All files with this extension below a folder, except for build output.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if name != "target" && !name.to_string_lossy().starts_with('.') {
                found.extend(files(&path, extension));
            }
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let sources = files(&root(), "rs");
    assert!(sources.len() > 100, "only {} sources were found", sources.len());
    for path in sources {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 400, "{} has {lines} lines; at most 400 are allowed", path.display());
    }
}

#[test]
fn every_source_says_what_it_is_for() {
    for name in CRATES {
        for path in files(&root().join(name).join("src"), "rs") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//! "), "{} begins without `//!`", path.display());
        }
    }
}

#[test]
fn no_source_has_a_todo_or_an_ignored_test() {
    // Built here, so that this file has none of them.
    let words = ["todo!", "unimplemented!", "dbg!"].map(|word| format!("{word}("));
    let ignored = format!("#[{}", "ignore");
    for path in files(&root(), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        for word in words.iter().chain([&ignored]) {
            assert!(!text.contains(word), "{} has a `{word}`", path.display());
        }
    }
}

/// Features that differ make cargo build a dependency twice, for the derive and for the library: a longer clean build.
#[test]
fn the_derive_shares_its_dependencies_with_the_library() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args([
            "tree",
            "--package",
            "teleflow",
            "--edges",
            "normal,build",
            "--duplicates",
            "--prefix",
            "depth",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let mut twice: Vec<&str> = tree.lines().filter_map(|line| line.strip_prefix('0')?.split(" (").next()).collect();
    twice.sort_unstable();
    let same_version = twice.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    // The library has no use for the part that reads the catalog's files.
    let unwanted: Vec<&str> = same_version.filter(|name| !name.starts_with("teleflow-catalog ")).collect();
    assert!(twice.len() > unwanted.len(), "the tree has no duplicates at all: {tree}");
    assert!(unwanted.is_empty(), "built twice, with different features: {unwanted:?}");
}

/// `cargo build` and `cargo check` contact no server: the derive has no HTTP client and no sockets.
#[test]
fn the_derive_does_not_use_the_network() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .args(["tree", "--package", "teleflow-macros", "--edges", "normal,build", "--prefix", "none", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"syn"), "{tree}");
    for name in ["http", "hyper", "reqwest", "tokio", "mio", "socket2", "rustls", "ureq"] {
        assert!(!names.contains(&name), "the derive depends on {name}: {tree}");
    }
    for path in files(&root().join("teleflow-macros/src"), "rs") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("std::net") && !text.contains("std::process"), "{}", path.display());
    }
}

//! Programs that compile, programs that do not, and the compiler's messages for the latter.
//!
//! The messages are those of the compiler that `rust-version` names. `TRYBUILD=overwrite` updates them; read each before
//! you commit it: does a new user know what to write?

use std::fs;
use std::path::Path;

#[test]
fn ui() {
    copy_catalog();
    let cases = trybuild::TestCases::new();
    cases.pass("ui_pass/*.rs");
    cases.compile_fail("ui/*/*.rs");
}

/// Copies the catalog into the package in which trybuild builds the programs.
fn copy_catalog() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests/trybuild/teleflow-tests");
    let catalog = package.join("workflows");
    fs::create_dir_all(&catalog).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), catalog.join(file.file_name())).unwrap();
    }
}

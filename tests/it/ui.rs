//! What compiles, what does not, and what the compiler says then.
//!
//! The texts are those of the compiler that `rust-version` names. `TRYBUILD=overwrite` writes them anew; read each
//! before it is committed: would a stranger know what to write?

use std::fs;
use std::path::Path;

#[test]
fn ui() {
    put_catalog();
    let cases = trybuild::TestCases::new();
    cases.pass("ui_pass/*.rs");
    cases.compile_fail("ui/*/*.rs");
}

/// The cases that name a catalog look for it in the package in which trybuild puts them.
fn put_catalog() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests/trybuild/teleflow-tests");
    let catalog = package.join("workflows");
    fs::create_dir_all(&catalog).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), catalog.join(file.file_name())).unwrap();
    }
}

//! What compiles, what does not, and what the compiler says then.
//!
//! The texts are those of the compiler that `rust-version` names. `TRYBUILD=overwrite` writes them anew; read each
//! before it is committed: would a stranger know what to write?

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui_pass/*.rs");
    cases.compile_fail("ui/*/*.rs");
}

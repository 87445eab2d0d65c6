//! A crate outside the workspace, whose tests are the examples of the pages about the test kit.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Variables that would change how cargo builds the package. Build scripts run again if one of cargo's own variables changes.
const FOREIGN: [&str; 5] =
    ["TELEFLOW_CATALOG", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_MANIFEST_DIR", "CARGO_PKG_NAME"];

/// The first Rust example after a heading, as a test: it runs under `#[tokio::test]`, as its comment says.
fn test_of_page(page: &str, heading: &str) -> String {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(checkout.join(page)).unwrap();
    let (_, section) = text.split_once(heading).expect(heading);
    let (_, code) = section.split_once("```rust\n").expect("an example");
    let (code, _) = code.split_once("```").expect("the end of the example");
    let attribute = "#[tokio::main(flavor = \"current_thread\")] // or `#[tokio::test]`\nasync fn main()";
    assert_eq!(code.matches(attribute).count(), 1, "{page}: no `{attribute}` in:\n{code}");
    code.replace(attribute, "#[tokio::test]\nasync fn the_example()")
}

/// The manifest of a package that depends on the library and the kit as the README says.
fn manifest(checkout: &Path) -> String {
    let of = |name: &str| checkout.join(name);
    format!(
        "[package]\nname = \"teleflow-outside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         teleflow = {{ path = {:?} }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [dev-dependencies]\nteleflow-emulator = {{ path = {:?} }}\n",
        of("teleflow"),
        of("teleflow-emulator"),
    )
}

#[test]
fn the_examples_of_the_pages_are_tests_of_another_crate() {
    let checkout = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
    let folder = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", &manifest(&checkout));
    // The same versions of dependencies, which are on this machine already.
    fs::copy(checkout.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    write("src/lib.rs", "");
    write("tests/readme.rs", &test_of_page("README.md", "\n## Testing your notifications\n"));
    write("tests/page.rs", &test_of_page("docs/TESTING.md", "# Testing your notifications\n"));

    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    let ran = command
        .args(["test", "--offline", "--no-fail-fast", "--test", "readme", "--test", "page"])
        .current_dir(folder.path())
        // The folder and the profile of the packages that the tests of `cargo teleflow` build, to compile less.
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/packages"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TERM_COLOR", "never")
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{stdout}\n{stderr}");
    assert_eq!(stdout.matches("test the_example ... ok").count(), 2, "{stdout}\n{stderr}");
    assert!(!stderr.contains("warning"), "{stderr}");
}

//! Reads recorded cases: one JSON object in each line of a file.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A line of a file of cases. A line that cannot be parsed fails alone.
pub(crate) struct Case<T> {
    /// The `id`, or the number of the line.
    pub(crate) id: String,
    /// The parsed line. `T` denies unknown fields.
    pub(crate) line: Result<T, String>,
}

/// Reads the cases of a file, such as `render.jsonl`, in the folder that `TELEFLOW_CASES` names, relative to the current
/// directory or to the root of the workspace. Without it, reads the file in `tests/conformance`.
pub(crate) fn cases<T: DeserializeOwned>(file: &str) -> Vec<Case<T>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = match env::var_os("TELEFLOW_CASES") {
        None => tests.join("conformance"),
        Some(named) if Path::new(&named).exists() => PathBuf::from(named),
        Some(named) => tests.join("..").join(named),
    };
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| case(index + 1, line)).collect()
}

fn case<T: DeserializeOwned>(number: usize, text: &str) -> Case<T> {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let id = value["id"].as_str().map_or_else(|| format!("line {number}"), str::to_owned);
    Case { id, line: serde_json::from_str(text).map_err(|error| format!("cannot be parsed: {error}")) }
}

/// Compares each case, prints the differences and `NAME: N of M`, and panics if a case differs. There must be a case.
pub(crate) fn check_all<T>(name: &str, cases: &[Case<T>], differences: impl Fn(&T) -> Vec<String>) {
    let mut passed = 0;
    for case in cases {
        let found = match &case.line {
            Ok(line) => differences(line),
            Err(error) => vec![error.clone()],
        };
        if found.is_empty() {
            passed += 1;
            continue;
        }
        println!("{}:", case.id);
        found.iter().for_each(|line| println!("    {line}"));
    }
    // The test runner may have left an unfinished line.
    println!();
    println!("{name}: {passed} of {}", cases.len());
    assert!(!cases.is_empty(), "there are no cases of `{name}`");
    assert_eq!(passed, cases.len(), "{name}: cases differ, see above");
}

//! The files and tests that the pages name exist.

use std::fs;
use std::path::PathBuf;

use super::{files, root};

/// The names in the text between backticks: `a::{b,c}` is `a::b` and `a::c`.
fn names_in_backticks(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for code in text.split('`').skip(1).step_by(2) {
        match (code.split_once('{'), code.split_once('}')) {
            (Some((before, _)), Some((inside, after))) => {
                let inside = inside.rsplit('{').next().unwrap_or_default();
                names.extend(inside.split(',').map(|name| format!("{before}{}{after}", name.trim())));
            }
            _ => names.push(code.to_owned()),
        }
    }
    names
}

/// The last column of each row of a page's tables. Rows that are the head of a table, or the line below it, are left out.
fn last_columns(page: &str) -> Vec<&str> {
    let lines: Vec<&str> = page.lines().collect();
    let is_rule = |line: &str| line.starts_with("| --");
    let rows = lines.iter().enumerate().filter(|(index, line)| {
        line.starts_with("| ") && !is_rule(line) && !lines.get(index + 1).is_some_and(|next| is_rule(next))
    });
    rows.map(|(_, row)| row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default()).collect()
}

/// All sources, by their paths with `/`.
struct Sources(Vec<(String, String)>);

impl Sources {
    fn read() -> Self {
        let path = |path: &PathBuf| path.to_string_lossy().replace('\\', "/");
        Self(files(&root(), "rs").iter().map(|file| (path(file), fs::read_to_string(file).unwrap())).collect())
    }

    fn has_file(&self, name: &str) -> bool {
        let (start, end) = name.split_once('*').unwrap_or((name, name));
        self.0.iter().any(|(path, _)| path.contains(&format!("/{start}")) && path.ends_with(end))
    }

    /// Whether a module has a test of this name: `module::test`, `file.rs::test`, `module::start_*` or `module::*`.
    fn has_test(&self, name: &str) -> bool {
        let mut segments = name.rsplit("::").filter(|segment| *segment != "tests");
        let pattern = segments.next().unwrap_or_default();
        let module = segments.next().unwrap_or_default().trim_end_matches(".rs");
        let (file, folder) = (format!("/{module}.rs"), format!("/{module}/"));
        let of_module =
            self.0.iter().filter(|(path, _)| module == "…" || path.ends_with(&file) || path.contains(&folder));
        let is_named = |function: &str| match pattern.strip_suffix('*') {
            Some(start) => function.starts_with(start),
            None => function == pattern,
        };
        of_module.map(|(_, text)| text).any(|text| tests(text).any(is_named))
    }
}

/// The names of the functions of a source that have the attribute of a test, or that a macro lists, each on its own line.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn ").filter_map(move |(start, _)| {
        let (before, function) = text.split_at(start);
        let name = function.strip_prefix("fn ")?.split(['(', '<']).next()?;
        let attributes = before.rsplit(['}', ';']).next()?;
        let has_attribute = attributes.contains("#[test]") || attributes.contains("#[tokio::test");
        (has_attribute || text.lines().any(|line| line.trim() == name)).then_some(name)
    })
}

fn is_test_name(name: &str) -> bool {
    name.contains("::") && name.starts_with(|c: char| c.is_lowercase() || c == '…') && !name.starts_with("teleflow::")
}

/// `ARCHITECTURE.md` names files and tests: in the last column are the tests, or the file that answers the question.
#[test]
fn the_files_and_tests_that_the_architecture_names_exist() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let sources = Sources::read();
    let names: Vec<String> = last_columns(&page).into_iter().flat_map(names_in_backticks).collect();
    let checked = names.iter().filter_map(|name| match &**name {
        name if name.ends_with(".rs") => Some((name, sources.has_file(name))),
        name if is_test_name(name) => Some((name, sources.has_test(name))),
        _ => None,
    });
    let checked: Vec<(&str, bool)> = checked.collect();
    assert!(checked.len() > 100, "only {} names were found", checked.len());
    let missing: Vec<&str> = checked.iter().filter(|(_, exists)| !exists).map(|(name, _)| *name).collect();
    assert!(missing.is_empty(), "these are named, but do not exist: {missing:#?}");
}

/// Each row of `docs/SECURITY.md` names the test that shows it.
#[test]
fn each_statement_about_security_names_a_test_that_exists() {
    let page = fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let sources = Sources::read();
    let mut rows = 0;
    for tests in last_columns(&page) {
        rows += 1;
        let names = names_in_backticks(tests);
        assert!(!names.is_empty(), "this row names no test: {tests}");
        for name in names {
            assert!(is_test_name(&name) && sources.has_test(&name), "`{name}` is named, but does not exist");
        }
    }
    assert!(rows > 40, "only {rows} rows were found");
}

#[test]
fn a_test_that_does_not_exist_is_noticed() {
    assert_eq!(names_in_backticks("`a::{b, c}`, d, `e::f_*`"), ["a::b", "a::c", "e::f_*"]);
    assert_eq!(last_columns("| a | b |\n| --- | --- |\n| c | d |\n| e | `f` |"), ["d", "`f`"]);
    let source = "each! {\n    in_a_list\n}\nfn in_a_list() {}\nfn helper() {}\n#[test]\nfn no_secret_is_logged() {}";
    let sources = Sources(vec![("x/tests/it/secrets.rs".to_owned(), source.to_owned())]);
    for name in [
        "secrets::no_secret_is_logged",
        "secrets::no_secret_*",
        "secrets::*",
        "it::secrets::*",
        "secrets.rs::no_*",
        "secrets::in_a_list",
    ] {
        assert!(is_test_name(name) && sources.has_test(name), "{name}");
    }
    for name in ["secrets::no_secret", "secrets::other_*", "other::no_secret_is_logged", "secrets::helper"] {
        assert!(!sources.has_test(name), "{name}");
    }
}

//! What `check` found, in the formats that it prints.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::args::Format;
use crate::output::shown;

/// One thing that was found, and where.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) workflow: String,
    /// Relative to the workspace.
    pub(crate) file: String,
    /// In a word for machines.
    pub(crate) what: &'static str,
    pub(crate) grade: Grade,
    pub(crate) variable: Option<String>,
    pub(crate) message: String,
}

/// What a finding means for the result of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// The server has changed, and the code may have to change with it.
    Drift,
    /// A file cannot be used. The message names it, and says what to do.
    Broken,
    /// It is good to know.
    Notice,
}

/// The text for the standard output.
pub(crate) fn written(findings: &[Finding], checked: usize, format: Format) -> String {
    match format {
        Format::Human => human(findings, checked),
        Format::Json => json(findings),
        Format::Github => github(findings),
    }
}

fn human(findings: &[Finding], checked: usize) -> String {
    let mut text = String::new();
    for Finding { workflow, file, grade, message, .. } in findings {
        let workflow = shown(workflow);
        // Writing to a string does not fail.
        let _ = match grade {
            Grade::Drift => writeln!(text, "{file}: workflow `{workflow}`: {message}"),
            Grade::Broken => writeln!(text, "{message}"),
            Grade::Notice => writeln!(text, "{file}: note: workflow `{workflow}`: {message}"),
        };
    }
    let has = |grade: Grade| findings.iter().any(|finding| finding.grade == grade);
    if has(Grade::Drift) {
        text + "\nThe server has moved on: run `cargo teleflow pull`, and see what no longer compiles.\n"
    } else if has(Grade::Broken) {
        text
    } else {
        text + &format!("{checked} workflow{}: no drift\n", if checked == 1 { "" } else { "s" })
    }
}

fn json(findings: &[Finding]) -> String {
    let object = |finding: &Finding| {
        let mut object = Map::new();
        let mut put = |key: &str, value: &str| drop(object.insert(key.to_owned(), value.into()));
        put("workflow", &finding.workflow);
        put("file", &finding.file);
        put("what", finding.what);
        if let Some(variable) = &finding.variable {
            put("variable", variable);
        }
        put("message", &finding.message);
        Value::Object(object)
    };
    let is_notice = |finding: &&Finding| finding.grade == Grade::Notice;
    let of = |drift: bool| findings.iter().filter(|finding| is_notice(finding) != drift).map(object).collect();
    let report = Map::from_iter([("drift".to_owned(), of(true)), ("notices".to_owned(), of(false))]);
    format!("{}\n", Value::Object(report))
}

fn github(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = if finding.grade == Grade::Notice { "notice" } else { "error" };
        let (file, title) =
            (property(&finding.file), property(&format!("Teleflow workflow {}", shown(&finding.workflow))));
        // Writing to a string does not fail.
        let _ = writeln!(text, "::{level} file={file},title={title}::{}", data(&finding.message));
    }
    text
}

/// As `@actions/core` escapes a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// As `@actions/core` escapes a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

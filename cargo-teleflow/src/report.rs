//! What `check` found, in the formats that it prints.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::args::Format;
use crate::say::shown;

/// One thing that was found, and where.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) workflow: String,
    /// Relative to the workspace.
    pub(crate) file: String,
    /// In a word for machines.
    pub(crate) what: &'static str,
    pub(crate) is_drift: bool,
    pub(crate) variable: Option<String>,
    pub(crate) message: String,
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
    for Finding { workflow, file, is_drift, message, .. } in findings {
        let grade = if *is_drift { "" } else { "note: " };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{file}: {grade}workflow `{}`: {message}", shown(workflow));
    }
    if findings.iter().any(|finding| finding.is_drift) {
        text + "\nThe server has moved on: run `cargo teleflow pull`, and see what no longer compiles.\n"
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
    let of = |is_drift: bool| findings.iter().filter(|finding| finding.is_drift == is_drift).map(object).collect();
    let report = Map::from_iter([("drift".to_owned(), of(true)), ("notices".to_owned(), of(false))]);
    format!("{}\n", Value::Object(report))
}

fn github(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = if finding.is_drift { "error" } else { "notice" };
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

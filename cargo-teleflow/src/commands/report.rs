//! Formats the findings of `check`.

use std::fmt::Write;

use serde_json::{Map, Value};
use teleflow_catalog::files::Workflow;
use teleflow_catalog::templates::TemplateFile;

use crate::args::Format;
use crate::catalog::CatalogFile;
use crate::output::sanitize;

/// A difference between the catalog and the server, or an unusable file.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) workflow: String,
    /// Relative to the workspace.
    pub(crate) file: String,
    /// The kind of finding, for programs.
    pub(crate) what: &'static str,
    pub(crate) grade: Grade,
    pub(crate) variable: Option<String>,
    pub(crate) message: String,
    /// The command that updates the file.
    pub(crate) pull: &'static str,
}

/// How a finding affects the result of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    /// The server has changed, and the code may need a change.
    Drift,
    /// A file cannot be used. The message names it.
    Broken,
    /// For information only.
    Notice,
}

/// Formats findings for the standard output. `checked`: the number of workflows.
pub(crate) fn format_findings(findings: &[Finding], checked: usize, format: Format) -> String {
    match format {
        Format::Human => human(findings, checked),
        Format::Json => json(findings),
        Format::Github => github(findings),
    }
}

fn human(findings: &[Finding], checked: usize) -> String {
    let mut text = String::new();
    for Finding { workflow, file, grade, message, .. } in findings {
        let workflow = sanitize(workflow);
        // Writing to a `String` cannot fail.
        let _ = match grade {
            Grade::Drift => writeln!(text, "{file}: workflow `{workflow}`: {message}"),
            Grade::Broken => writeln!(text, "{message}"),
            Grade::Notice => writeln!(text, "{file}: note: workflow `{workflow}`: {message}"),
        };
    }
    let has = |grade: Grade| findings.iter().any(|finding| finding.grade == grade);
    if has(Grade::Drift) {
        // `pull --templates` updates the workflow files too.
        let is_of_templates = |finding: &Finding| finding.grade == Grade::Drift && finding.pull == TemplateFile::PULL;
        let pull = if findings.iter().any(is_of_templates) { TemplateFile::PULL } else { Workflow::PULL };
        text + &format!("\nThe server has changed: run `{pull}`, then fix what no longer compiles.\n")
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
        let (file, title) = (
            escape_property(&finding.file),
            escape_property(&format!("Teleflow workflow {}", sanitize(&finding.workflow))),
        );
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "::{level} file={file},title={title}::{}", escape_message(&finding.message));
    }
    text
}

/// Escapes a message as `@actions/core` does.
fn escape_message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property as `@actions/core` does.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

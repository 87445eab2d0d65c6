//! The two kinds of files: workflow files, which the derive reads, and template files, which the emulator loads.

use teleflow_catalog::files::{Malformed, Workflow, not_a_workflow_file};
use teleflow_catalog::templates::{TemplateFile, not_a_template_file};

/// A file that describes one workflow of the server.
pub(crate) trait CatalogFile: Sized {
    /// The name of the kind, in the singular.
    const NAME: &'static str;
    /// The command that writes the files.
    const PULL: &'static str;
    /// The key of the format's version.
    const VERSION_KEY: &'static str;

    /// Says that a workflow has no file, in words and for programs.
    const MISSING: (&'static str, &'static str);

    fn parse(bytes: &[u8]) -> Result<Self, Malformed>;

    fn to_text(&self) -> String;

    /// The trigger identifier.
    fn trigger(&self) -> &str;

    /// The message about a malformed file.
    fn malformed(file: &str, reason: &str) -> String;
}

impl CatalogFile for Workflow {
    const NAME: &'static str = "workflow file";
    const PULL: &'static str = "cargo teleflow pull";
    const VERSION_KEY: &'static str = "format";
    const MISSING: (&'static str, &'static str) = ("is not in the catalog", "not-in-catalog");

    fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_json(bytes)
    }

    fn to_text(&self) -> String {
        self.to_json()
    }

    fn trigger(&self) -> &str {
        &self.trigger
    }

    fn malformed(file: &str, reason: &str) -> String {
        not_a_workflow_file(file, reason)
    }
}

impl CatalogFile for TemplateFile {
    const NAME: &'static str = "template file";
    const PULL: &'static str = "cargo teleflow pull --templates";
    const VERSION_KEY: &'static str = "version";
    const MISSING: (&'static str, &'static str) = ("has no template file", "no-templates");

    fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_json(bytes)
    }

    fn to_text(&self) -> String {
        self.to_json()
    }

    fn trigger(&self) -> &str {
        &self.trigger
    }

    fn malformed(file: &str, reason: &str) -> String {
        not_a_template_file(file, reason)
    }
}

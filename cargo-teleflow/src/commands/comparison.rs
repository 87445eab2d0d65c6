//! Compares the files of one folder with the server's workflows.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::files::file_name;

use super::change::Change;
use super::report::{Finding, Grade};
use crate::catalog::{CatalogFile, Entry, Folder};
use crate::output::{sanitize, warn};
use crate::remote::Listing;

/// The comparison of a folder with the server.
pub(crate) struct Comparison<'a, F> {
    /// The selected workflows; all of them if this is empty.
    only: &'a [String],
    folder: &'a Folder<F>,
    listing: &'a Listing,
    /// The files that the selected workflows of the server would have, by trigger identifier.
    current: BTreeMap<String, F>,
    /// The changes from the first to the second.
    changes: fn(&F, &F) -> Vec<Change>,
    pub(crate) findings: Vec<Finding>,
    /// The workflows that have a file.
    pub(crate) checked: BTreeSet<String>,
}

impl<'a, F: CatalogFile> Comparison<'a, F> {
    pub(crate) fn new(
        only: &'a [String],
        folder: &'a Folder<F>,
        listing: &'a Listing,
        current: BTreeMap<String, F>,
        changes: fn(&F, &F) -> Vec<Change>,
    ) -> Self {
        Self { only, folder, listing, current, changes, findings: Vec::new(), checked: BTreeSet::new() }
    }

    fn is_selected(&self, trigger: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == trigger)
    }

    fn add(&mut self, grade: Grade, workflow: &str, file: &str, change: Change) {
        let Change { what, variable, message, .. } = change;
        let (workflow, file) = (workflow.to_owned(), self.folder.display_path(file));
        self.findings.push(Finding { workflow, file, what, grade, variable, message, pull: F::PULL });
    }

    fn add_message(&mut self, grade: Grade, workflow: &str, file: &str, what: &'static str, message: String) {
        self.add(grade, workflow, file, Change { what, is_drift: grade == Grade::Drift, variable: None, message });
    }

    pub(crate) fn compare_files(&mut self, files: &BTreeMap<String, Entry<F>>) {
        let triggers = self.listing.triggers.iter();
        let names: BTreeMap<String, &String> = triggers.map(|trigger| (file_name(trigger), trigger)).collect();
        for (file, entry) in files {
            match &entry.content {
                // Only the name shows which workflow a malformed file is of.
                Err(malformed) => match names.get(file) {
                    Some(trigger) if self.is_selected(trigger) => {
                        let message = self.folder.malformed(file, malformed);
                        self.add_message(Grade::Broken, trigger, file, "malformed", message);
                        self.checked.insert((*trigger).clone());
                    }
                    None if self.only.is_empty() => warn(&self.folder.foreign(file, entry, malformed)),
                    _ => {}
                },
                Ok(content) if self.is_selected(content.trigger()) => self.compare_file(file, content),
                Ok(_) => {}
            }
        }
    }

    fn compare_file(&mut self, file: &str, content: &F) {
        let trigger = content.trigger();
        if file_name(trigger) != file {
            let (path, expected) = (self.folder.display_path(file), sanitize(&file_name(trigger)));
            let message =
                format!("`{path}` is the file of workflow `{}`; rename it to `{expected}`", sanitize(trigger));
            self.add_message(Grade::Broken, trigger, file, "malformed", message);
            return;
        }
        self.checked.insert(trigger.to_owned());
        match self.current.get(trigger) {
            // The workflow may be missing from an incomplete list.
            None if self.listing.incomplete.is_some() => {}
            None => {
                let message = "the server no longer has this workflow".to_owned();
                self.add_message(Grade::Drift, trigger, file, "workflow-gone", message);
            }
            Some(now) => {
                for change in (self.changes)(content, now) {
                    let grade = if change.is_drift { Grade::Drift } else { Grade::Notice };
                    self.add(grade, trigger, file, change);
                }
            }
        }
    }

    /// Adds the workflows of the server that have no file.
    pub(crate) fn add_missing_files(&mut self) {
        let missing = self.current.keys().filter(|trigger| !self.checked.contains(*trigger));
        for trigger in missing.cloned().collect::<Vec<_>>() {
            let (words, what) = F::MISSING;
            let message = format!("it {words}; run `{}` to add it", F::PULL);
            self.add_message(Grade::Notice, &trigger, &file_name(&trigger), what, message);
        }
    }
}

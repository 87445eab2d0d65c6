//! `cargo teleflow check`: compares the catalog with the server and reports the differences.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use teleflow_catalog::files::{Workflow, file_name};

use super::drift::compare;
use super::report::{Finding, Grade, format_findings};
use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, Entry, outdated_packages};
use crate::failure::Failure;
use crate::output::{print, sanitize, warn};
use crate::remote::{self, Listing};

pub(crate) async fn run(args: &args::Check, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    if !catalog.exists() {
        let folder = catalog.display_path("");
        let message =
            format!("could not find the catalog `{}`; run `cargo teleflow pull`", folder.trim_end_matches('/'));
        return Err(Failure::Operation(message));
    }
    let files = catalog.read()?;
    let mut listing = remote::list(api, &args.only).await?;
    listing.warnings.iter().for_each(|warning| warn(warning));
    let workflows = fetch_workflows(api, &mut listing).await?;
    if let Some(reason) = &listing.incomplete {
        warn(&format!("{reason}; run `cargo teleflow check` again"));
    }

    let mut comparison = Comparison {
        only: &args.only,
        catalog,
        listing: &listing,
        workflows: &workflows,
        findings: Vec::new(),
        checked: BTreeSet::new(),
    };
    comparison.compare_files(&files);
    let is_known = |only: &&String| comparison.checked.contains(*only) || listing.triggers.contains(*only);
    if let Some(unknown) = args.only.iter().find(|only| !is_known(only)) {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    comparison.add_missing_files();
    warn_of_outdated_packages(catalog);
    let Comparison { findings, checked, .. } = comparison;
    print(&format_findings(&findings, checked.len(), args.format))?;
    if findings.iter().any(|finding| finding.grade != Grade::Notice) { Err(Failure::Drift) } else { Ok(()) }
}

/// Fetches the selected workflows by trigger identifier, and prints the warnings about them.
async fn fetch_workflows(api: &Arc<Api>, listing: &mut Listing) -> Result<BTreeMap<String, Workflow>, Failure> {
    let mut workflows = BTreeMap::new();
    let mut warnings = BTreeMap::new();
    let fetched = remote::fetch_all(api, std::mem::take(&mut listing.selected), |workflow, of_workflow| {
        warnings.insert(workflow.trigger.clone(), of_workflow);
        workflows.insert(workflow.trigger.clone(), workflow);
        Ok(())
    });
    fetched.await?;
    warnings.values().flatten().for_each(|warning: &String| warn(warning));
    Ok(workflows)
}

/// The comparison of the catalog with the server.
struct Comparison<'a> {
    /// The selected workflows; all of them if this is empty.
    only: &'a [String],
    catalog: &'a Catalog,
    listing: &'a Listing,
    /// The selected workflows of the server.
    workflows: &'a BTreeMap<String, Workflow>,
    findings: Vec<Finding>,
    /// The workflows that have a file.
    checked: BTreeSet<String>,
}

impl Comparison<'_> {
    fn is_selected(&self, trigger: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == trigger)
    }

    fn add(&mut self, grade: Grade, workflow: &str, file: &str, what: &'static str, message: String) {
        let (workflow, file) = (workflow.to_owned(), self.catalog.display_path(file));
        self.findings.push(Finding { workflow, file, what, grade, variable: None, message });
    }

    fn compare_files(&mut self, files: &BTreeMap<String, Entry>) {
        let triggers = self.listing.triggers.iter();
        let names: BTreeMap<String, &String> = triggers.map(|trigger| (file_name(trigger), trigger)).collect();
        for (file, entry) in files {
            match &entry.workflow {
                // Only the name shows which workflow a malformed file is of.
                Err(malformed) => match names.get(file) {
                    Some(trigger) if self.is_selected(trigger) => {
                        let message = self.catalog.malformed(file, malformed);
                        self.add(Grade::Broken, trigger, file, "malformed", message);
                        self.checked.insert((*trigger).clone());
                    }
                    None if self.only.is_empty() => warn(&self.catalog.foreign(file, entry, malformed)),
                    _ => {}
                },
                Ok(workflow) if self.is_selected(&workflow.trigger) => self.compare_workflow(file, workflow),
                Ok(_) => {}
            }
        }
    }

    fn compare_workflow(&mut self, file: &str, workflow: &Workflow) {
        let trigger = &workflow.trigger;
        if file_name(trigger) != file {
            let (path, expected) = (self.catalog.display_path(file), sanitize(&file_name(trigger)));
            let message =
                format!("`{path}` is the file of workflow `{}`; rename it to `{expected}`", sanitize(trigger));
            self.add(Grade::Broken, trigger, file, "malformed", message);
            return;
        }
        self.checked.insert(trigger.clone());
        match self.workflows.get(trigger) {
            // The workflow may be missing from an incomplete list.
            None if self.listing.incomplete.is_some() => {}
            None => {
                let message = "the server no longer has this workflow".to_owned();
                self.add(Grade::Drift, trigger, file, "workflow-gone", message);
            }
            Some(now) => self.findings.extend(compare(workflow, now).into_iter().map(|change| Finding {
                workflow: trigger.clone(),
                file: self.catalog.display_path(file),
                what: change.what,
                grade: if change.is_drift { Grade::Drift } else { Grade::Notice },
                variable: change.variable,
                message: change.message,
            })),
        }
    }

    /// Adds the workflows of the server that have no file.
    fn add_missing_files(&mut self) {
        let workflows = self.workflows;
        for trigger in workflows.keys().filter(|trigger| !self.checked.contains(*trigger)).collect::<Vec<_>>() {
            let message = "it is not in the catalog; run `cargo teleflow pull` to add it".to_owned();
            self.add(Grade::Notice, trigger, &file_name(trigger), "not-in-catalog", message);
        }
    }
}

fn warn_of_outdated_packages(catalog: &Catalog) {
    let Some(package) = &catalog.package else { return };
    for name in outdated_packages(package, catalog) {
        let name = sanitize(&name);
        warn(&format!(
            "package `{name}` was built before the catalog changed, and cargo may not rebuild it; run `cargo teleflow pull`"
        ));
    }
}

//! `cargo teleflow check`: compares the catalog with the server and reports the differences.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use teleflow_catalog::files::file_name;

use super::drift::compare;
use super::report::{Finding, Grade, format_findings};
use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, outdated_packages};
use crate::failure::Failure;
use crate::output::{complain, print, shown};
use crate::remote;

pub(crate) async fn run(args: &args::Check, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    if !catalog.exists() {
        let folder = catalog.display_path("");
        let message =
            format!("could not find the catalog `{}`; run `cargo teleflow pull`", folder.trim_end_matches('/'));
        return Err(Failure::Refused(message));
    }
    let files = catalog.read()?;
    let mut listing = remote::list(api, &args.only).await?;
    listing.warnings.iter().for_each(|warning| complain("warning", warning));
    let mut workflows = BTreeMap::new();
    let mut warnings = BTreeMap::new();
    let fetched = remote::fetch_all(api, std::mem::take(&mut listing.selected), |workflow, of_workflow| {
        warnings.insert(workflow.trigger.clone(), of_workflow);
        workflows.insert(workflow.trigger.clone(), workflow);
        Ok(())
    });
    fetched.await?;
    warnings.values().flatten().for_each(|warning: &String| complain("warning", warning));
    if let Some(reason) = &listing.incomplete {
        complain("warning", &format!("{reason}; run `cargo teleflow check` again"));
    }

    let is_selected = |trigger: &str| args.only.is_empty() || args.only.iter().any(|only| only == trigger);
    let names: BTreeMap<String, &String> =
        listing.triggers.iter().map(|trigger| (file_name(trigger), trigger)).collect();
    let mut findings = Vec::new();
    let mut checked = BTreeSet::new();
    for (file, entry) in &files {
        let mut find = |grade: Grade, workflow: &str, what: &'static str, message: String| {
            let (workflow, file) = (workflow.to_owned(), catalog.display_path(file));
            findings.push(Finding { workflow, file, what, grade, variable: None, message });
        };
        match &entry.workflow {
            // Only the name shows which workflow a malformed file is of.
            Err(malformed) => match names.get(file) {
                Some(trigger) if is_selected(trigger) => {
                    find(Grade::Broken, trigger, "malformed", catalog.malformed(file, malformed));
                    checked.insert(trigger.as_str());
                }
                None if args.only.is_empty() => complain("warning", &catalog.foreign(file, entry, malformed)),
                _ => {}
            },
            Ok(workflow) if !is_selected(&workflow.trigger) => {}
            Ok(workflow) if file_name(&workflow.trigger) != *file => {
                let (trigger, path) = (&workflow.trigger, catalog.display_path(file));
                let expected = shown(&file_name(trigger));
                let message =
                    format!("`{path}` is the file of workflow `{}`; rename it to `{expected}`", shown(trigger));
                find(Grade::Broken, trigger, "malformed", message);
            }
            Ok(workflow) => {
                checked.insert(workflow.trigger.as_str());
                match workflows.get(&workflow.trigger) {
                    // The workflow may be missing from an incomplete list.
                    None if listing.incomplete.is_some() => {}
                    None => find(
                        Grade::Drift,
                        &workflow.trigger,
                        "workflow-gone",
                        "the server no longer has this workflow".to_owned(),
                    ),
                    Some(now) => findings.extend(compare(workflow, now).into_iter().map(|change| Finding {
                        workflow: workflow.trigger.clone(),
                        file: catalog.display_path(file),
                        what: change.what,
                        grade: if change.is_drift { Grade::Drift } else { Grade::Notice },
                        variable: change.variable,
                        message: change.message,
                    })),
                }
            }
        }
    }
    if let Some(unknown) =
        args.only.iter().find(|only| !checked.contains(only.as_str()) && !listing.triggers.contains(*only))
    {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    for trigger in workflows.keys().filter(|trigger| !checked.contains(trigger.as_str())) {
        findings.push(Finding {
            workflow: trigger.clone(),
            file: catalog.display_path(&file_name(trigger)),
            what: "not-in-catalog",
            grade: Grade::Notice,
            variable: None,
            message: "it is not in the catalog; run `cargo teleflow pull` to add it".to_owned(),
        });
    }
    if let Some(package) = &catalog.package {
        for name in outdated_packages(package, catalog) {
            let name = shown(&name);
            complain(
                "warning",
                &format!(
                    "package `{name}` was built before the catalog changed, and cargo may not rebuild it; run `cargo teleflow pull`"
                ),
            );
        }
    }
    print(&format_findings(&findings, checked.len(), args.format))?;
    if findings.iter().any(|finding| finding.grade != Grade::Notice) { Err(Failure::Drift) } else { Ok(()) }
}

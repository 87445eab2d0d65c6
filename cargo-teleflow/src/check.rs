//! `cargo teleflow check`: the catalog, held against the server.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::file_name;

use crate::api::Api;
use crate::args;
use crate::catalog::Catalog;
use crate::drift::compare;
use crate::failure::Failure;
use crate::remote;
use crate::report::{Finding, written};
use crate::say::{complain, print, shown};

pub(crate) async fn run(args: &args::Check, api: &Api, catalog: &Catalog) -> Result<(), Failure> {
    if !catalog.exists() {
        let folder = catalog.shown("");
        let message = format!("there is no catalog at {}: run `cargo teleflow pull`", folder.trim_end_matches('/'));
        return Err(Failure::Refused(message));
    }
    let files = catalog.read()?;
    let remote = remote::fetch(api, &args.only).await?;
    remote.warnings.iter().for_each(|warning| complain("warning", warning));

    let is_wanted = |trigger: &str| args.only.is_empty() || args.only.iter().any(|only| only == trigger);
    let names: BTreeMap<String, &String> =
        remote.triggers.iter().map(|trigger| (file_name(trigger), trigger)).collect();
    let mut findings = Vec::new();
    let mut met = BTreeSet::new();
    for (file, entry) in &files {
        let mut find = |workflow: &str, what: &'static str, message: String| {
            let (workflow, file) = (workflow.to_owned(), catalog.shown(file));
            findings.push(Finding { workflow, file, what, is_drift: true, variable: None, message });
        };
        match &entry.workflow {
            Err(malformed) => {
                // Whose file it is can only be told by its name.
                let trigger =
                    names.get(file).map_or_else(|| file.trim_end_matches(".json"), |trigger| trigger.as_str());
                if is_wanted(trigger) {
                    find(trigger, "malformed", format!("the file is malformed: {}", shown(malformed)));
                    met.insert(trigger);
                }
            }
            Ok(workflow) if !is_wanted(&workflow.trigger) => {}
            Ok(workflow) if file_name(&workflow.trigger) != *file => {
                let right = shown(&file_name(&workflow.trigger));
                find(&workflow.trigger, "malformed", format!("the file of this workflow has to be called {right}"));
            }
            Ok(workflow) => {
                met.insert(workflow.trigger.as_str());
                match remote.workflows.get(&workflow.trigger) {
                    None => find(&workflow.trigger, "workflow-gone", "it is gone from the server".to_owned()),
                    Some(now) => findings.extend(compare(workflow, now).into_iter().map(|change| Finding {
                        workflow: workflow.trigger.clone(),
                        file: catalog.shown(file),
                        what: change.what,
                        is_drift: change.is_drift,
                        variable: change.variable,
                        message: change.message,
                    })),
                }
            }
        }
    }
    if let Some(unknown) =
        args.only.iter().find(|only| !met.contains(only.as_str()) && !remote.triggers.contains(*only))
    {
        return Err(remote::no_such_workflow(unknown, &remote));
    }
    for trigger in remote.workflows.keys().filter(|trigger| !met.contains(trigger.as_str())) {
        findings.push(Finding {
            workflow: trigger.clone(),
            file: catalog.shown(&file_name(trigger)),
            what: "not-in-catalog",
            is_drift: false,
            variable: None,
            message: "it is not in the catalog: `cargo teleflow pull` adds it".to_owned(),
        });
    }
    print(&written(&findings, met.len(), args.format))?;
    if findings.iter().any(|finding| finding.is_drift) { Err(Failure::Drift) } else { Ok(()) }
}

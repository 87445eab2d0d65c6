//! `cargo teleflow generate`: prints Rust structs for workflows of the catalog.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::{files::Workflow, files::file_name, suggest};

use crate::args;
use crate::catalog::Catalog;
use crate::codegen;
use crate::failure::Failure;
use crate::output::{complain, print, shown};

pub(crate) fn run(args: &args::Generate, catalog: &Catalog) -> Result<(), Failure> {
    let mut workflows: BTreeMap<String, Workflow> = BTreeMap::new();
    let requested: BTreeSet<String> = args.triggers.iter().map(|trigger| file_name(trigger)).collect();
    for (file, entry) in catalog.read()? {
        match &entry.workflow {
            Ok(workflow) => drop(workflows.insert(workflow.trigger.clone(), workflow.clone())),
            Err(reason) if requested.contains(&file) || (requested.is_empty() && entry.was_workflow()) => {
                return Err(Failure::Refused(catalog.malformed(&file, reason)));
            }
            Err(reason) if entry.was_workflow() => complain("warning", &catalog.malformed(&file, reason)),
            Err(reason) => complain("warning", &catalog.foreign(&file, &entry, reason)),
        }
    }
    if workflows.is_empty() {
        let folder = catalog.display_path("");
        let message =
            format!("the catalog `{}` has no workflows; run `cargo teleflow pull`", folder.trim_end_matches('/'));
        return Err(Failure::Refused(message));
    }
    if let Some(unknown) = args.triggers.iter().find(|trigger| !workflows.contains_key(*trigger)) {
        let similar = suggest::nearest(unknown, workflows.keys().map(String::as_str));
        let hint = similar.map(|similar| format!("; did you mean `{}`?", shown(similar))).unwrap_or_default();
        return Err(Failure::Refused(format!("the catalog has no workflow `{}`{hint}", shown(unknown))));
    }
    workflows.retain(|trigger, _| args.triggers.is_empty() || args.triggers.contains(trigger));
    print(&codegen::source(&workflows.into_values().collect::<Vec<_>>()))
}

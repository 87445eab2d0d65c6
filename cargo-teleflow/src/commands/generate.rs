//! `cargo teleflow generate`: prints Rust structs for workflows of the catalog.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::files::{Workflow, file_name};
use teleflow_catalog::suggest;

use crate::args;
use crate::catalog::Catalog;
use crate::codegen;
use crate::failure::Failure;
use crate::output::{print, sanitize, warn};

pub(crate) fn run(args: &args::Generate, catalog: &Catalog) -> Result<(), Failure> {
    let mut workflows: BTreeMap<String, Workflow> = BTreeMap::new();
    let requested: BTreeSet<String> = args.triggers.iter().map(|trigger| file_name(trigger)).collect();
    for (file, entry) in catalog.workflows.read()? {
        match &entry.content {
            Ok(workflow) => drop(workflows.insert(workflow.trigger.clone(), workflow.clone())),
            Err(reason) if requested.contains(&file) || (requested.is_empty() && entry.is_damaged()) => {
                return Err(Failure::Operation(catalog.workflows.malformed(&file, reason)));
            }
            Err(reason) if entry.is_damaged() => warn(&catalog.workflows.malformed(&file, reason)),
            Err(reason) => warn(&catalog.workflows.foreign(&file, &entry, reason)),
        }
    }
    if workflows.is_empty() {
        let folder = catalog.workflows.display();
        let message = format!("the catalog `{folder}` has no workflows; run `cargo teleflow pull`");
        return Err(Failure::Operation(message));
    }
    if let Some(unknown) = args.triggers.iter().find(|trigger| !workflows.contains_key(*trigger)) {
        let similar = suggest::nearest(unknown, workflows.keys().map(String::as_str));
        let hint = similar.map(|similar| format!("; did you mean `{}`?", sanitize(similar))).unwrap_or_default();
        return Err(Failure::Operation(format!("the catalog has no workflow `{}`{hint}", sanitize(unknown))));
    }
    workflows.retain(|trigger, _| args.triggers.is_empty() || args.triggers.contains(trigger));
    print(&codegen::source(&workflows.into_values().collect::<Vec<_>>()))
}

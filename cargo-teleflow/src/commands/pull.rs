//! `cargo teleflow pull`: writes the server's workflows to the catalog.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use teleflow_catalog::{files::Workflow, files::file_name, files::location};

use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, Entry, invalidate_dependents};
use crate::failure::Failure;
use crate::output::{complain, print, shown};
use crate::remote::{self, Listing};

pub(crate) async fn run(args: &args::Pull, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    let listing = remote::list(api, &args.only).await?;
    if let Some(unknown) = args.only.iter().find(|only| !listing.triggers.contains(*only)) {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    listing.warnings.iter().for_each(|warning| complain("warning", warning));
    warn_of_similar_names(&listing);
    let before = catalog.read()?;

    let mut summary = Summary::default();
    let result = summary.pull(args, api, catalog, &before, listing).await;
    if let Some(package) = &catalog.package
        && let Err(message) = invalidate_dependents(package, catalog)
    {
        complain("warning", &format!("cargo may not rebuild packages for new workflow files: {}", shown(&message)));
    }
    result
}

#[derive(Default)]
struct Summary {
    /// A line for each file that was written, by trigger identifier.
    lines: BTreeMap<String, String>,
    warnings: BTreeMap<String, Vec<String>>,
    added: usize,
    changed: usize,
    unchanged: usize,
    removed: usize,
    /// Files whose workflow is no longer on the server.
    gone: usize,
}

impl Summary {
    async fn pull(
        &mut self,
        args: &args::Pull,
        api: &Arc<Api>,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        listing: Listing,
    ) -> Result<(), Failure> {
        let total = listing.selected.len();
        let is_empty = listing.triggers.is_empty() && listing.warnings.is_empty() && listing.incomplete.is_none();
        if args.only.is_empty() {
            // First, because on a case-insensitive file system an old file may have the name of a new one.
            self.prune(catalog, before, &listing, args.prune)?;
        }
        let fetched = remote::fetch_all(api, listing.selected, |workflow, warnings| {
            self.warnings.insert(workflow.trigger.clone(), warnings);
            self.write(catalog, before, &workflow)
        });
        let fetched = fetched.await;
        self.warnings.values().flatten().for_each(|warning| complain("warning", warning));
        print(&self.lines.values().map(String::as_str).collect::<String>())?;
        fetched?;
        print(&format!("{total} workflow{}: {}\n", if total == 1 { "" } else { "s" }, self.counts()))?;
        if is_empty {
            complain("warning", "the environment of this API key has no workflows; nothing was written");
        }
        match listing.incomplete {
            Some(reason) if args.prune => Err(Failure::Refused(format!(
                "{reason}; no files were removed, so run `cargo teleflow pull --prune` again"
            ))),
            Some(reason) => {
                complain("warning", &format!("{reason}; run `cargo teleflow pull` again"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Removes the files whose workflow is no longer on the server, or prints their names.
    fn prune(
        &mut self,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        listing: &Listing,
        prune: bool,
    ) -> Result<(), Failure> {
        let current: BTreeSet<String> = listing.triggers.iter().map(|trigger| file_name(trigger)).collect();
        for (file, entry) in before.iter().filter(|(file, _)| !current.contains(*file)) {
            let path = catalog.display_path(file);
            match &entry.workflow {
                Err(malformed) => complain("warning", &catalog.foreign(file, entry, malformed)),
                // The workflow may be missing from an incomplete list.
                Ok(_) if listing.incomplete.is_some() => {}
                Ok(workflow) if prune => {
                    catalog.remove(file)?;
                    print(&format!("removed {} ({path})\n", shown(&workflow.trigger)))?;
                    self.removed += 1;
                }
                Ok(workflow) => {
                    let trigger = shown(&workflow.trigger);
                    print(&format!("gone    {trigger} ({path}); run `cargo teleflow pull --prune` to remove it\n"))?;
                    self.gone += 1;
                }
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        workflow: &Workflow,
    ) -> Result<(), Failure> {
        let trigger = &workflow.trigger;
        let (file, text) = (file_name(trigger), workflow.to_json());
        if u64::try_from(text.len()).is_ok_and(|length| length > location::LARGEST) {
            let warning = format!("skipping workflow `{}`: its file would be larger than 8 MiB", shown(trigger));
            self.warnings.entry(trigger.clone()).or_default().push(warning);
            return Ok(());
        }
        let verb = match before.get(&file) {
            Some(entry) if is_same(&entry.bytes, &text) => {
                self.unchanged += 1;
                return Ok(());
            }
            Some(_) => "changed",
            None => "added  ",
        };
        catalog.write(&file, &text)?;
        *if before.contains_key(&file) { &mut self.changed } else { &mut self.added } += 1;
        let line = format!("{verb} {} ({})\n", shown(trigger), catalog.display_path(&file));
        self.lines.insert(trigger.clone(), line);
        Ok(())
    }

    fn counts(&self) -> String {
        let mut counts = format!("{} added, {} changed, {} unchanged", self.added, self.changed, self.unchanged);
        for (number, word) in [(self.removed, "removed"), (self.gone, "gone from the server")] {
            if number > 0 {
                counts += &format!(", {number} {word}");
            }
        }
        counts
    }
}

/// Compares a file without carriage returns, which version control may add.
fn is_same(bytes: &[u8], text: &str) -> bool {
    bytes.iter().filter(|byte| **byte != b'\r').eq(text.as_bytes())
}

fn warn_of_similar_names(listing: &Listing) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for trigger in &listing.triggers {
        if let Some(other) = names.insert(file_name(trigger).to_ascii_lowercase(), trigger) {
            let (other, trigger) = (shown(other), shown(trigger));
            complain(
                "warning",
                &format!(
                    "workflows `{other}` and `{trigger}` share a file on case-insensitive file systems; rename one of them"
                ),
            );
        }
    }
}

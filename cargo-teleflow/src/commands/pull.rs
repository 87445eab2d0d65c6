//! `cargo teleflow pull`: the server's workflows → the catalog.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use teleflow_catalog::{files::Workflow, files::file_name, files::location};

use crate::api::Api;
use crate::args;
use crate::catalog::invalidate;
use crate::catalog::{Catalog, Entry};
use crate::failure::Failure;
use crate::output::{complain, print, shown};
use crate::remote::{self, Listing};

pub(crate) async fn run(args: &args::Pull, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    let listing = remote::list(api, &args.only).await?;
    if let Some(unknown) = args.only.iter().find(|only| !listing.triggers.contains(*only)) {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    listing.warnings.iter().for_each(|warning| complain("warning", warning));
    warn_of_names_alike(&listing);
    let before = catalog.read()?;

    let mut done = Done::default();
    let ended = done.all(args, api, catalog, &before, listing).await;
    if let Some(package) = &catalog.package
        && let Err(message) = invalidate::dependents(package, catalog)
    {
        complain("warning", &format!("cargo may not notice new files until a source changes: {}", shown(&message)));
    }
    ended
}

#[derive(Default)]
struct Done {
    /// What was written, a line for each trigger identifier.
    lines: BTreeMap<String, String>,
    warnings: BTreeMap<String, Vec<String>>,
    added: usize,
    changed: usize,
    unchanged: usize,
    removed: usize,
    /// Gone from the server, and still there.
    left: usize,
}

impl Done {
    async fn all(
        &mut self,
        args: &args::Pull,
        api: &Arc<Api>,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        listing: Listing,
    ) -> Result<(), Failure> {
        let total = listing.wanted.len();
        let is_empty = listing.triggers.is_empty() && listing.warnings.is_empty() && listing.incomplete.is_none();
        if args.only.is_empty() {
            // Before anything is written: where case does not matter, an old name may be that of a new file.
            self.gone(catalog, before, &listing, args.prune)?;
        }
        let ended = remote::each(api, listing.wanted, |workflow, warnings| {
            self.warnings.insert(workflow.trigger.clone(), warnings);
            self.written(catalog, before, &workflow)
        });
        let ended = ended.await;
        self.warnings.values().flatten().for_each(|warning| complain("warning", warning));
        print(&self.lines.values().map(String::as_str).collect::<String>())?;
        ended?;
        print(&format!("{total} workflow{}: {}\n", if total == 1 { "" } else { "s" }, self.summary()))?;
        if is_empty {
            complain("warning", "the environment of this API key has no workflows; nothing was written");
        }
        match listing.incomplete {
            Some(reason) if args.prune => {
                Err(Failure::Refused(format!("{reason}; no file was removed: run `cargo teleflow pull --prune` again")))
            }
            Some(reason) => {
                complain("warning", &format!("{reason}; run `cargo teleflow pull` again"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn gone(
        &mut self,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        listing: &Listing,
        prune: bool,
    ) -> Result<(), Failure> {
        let belonging: BTreeSet<String> = listing.triggers.iter().map(|trigger| file_name(trigger)).collect();
        for (file, entry) in before.iter().filter(|(file, _)| !belonging.contains(*file)) {
            let path = catalog.display_path(&file);
            match &entry.workflow {
                Err(malformed) => complain("warning", &catalog.foreign(file, entry, malformed)),
                // It may be on a page that the list lacks.
                Ok(_) if listing.incomplete.is_some() => {}
                Ok(workflow) if prune => {
                    catalog.remove(file)?;
                    print(&format!("removed {} ({path})\n", shown(&workflow.trigger)))?;
                    self.removed += 1;
                }
                Ok(workflow) => {
                    let trigger = shown(&workflow.trigger);
                    print(&format!("gone    {trigger} ({path}): `cargo teleflow pull --prune` removes it\n"))?;
                    self.left += 1;
                }
            }
        }
        Ok(())
    }

    fn written(
        &mut self,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        workflow: &Workflow,
    ) -> Result<(), Failure> {
        let trigger = &workflow.trigger;
        let (file, text) = (file_name(trigger), workflow.to_json());
        if u64::try_from(text.len()).is_ok_and(|length| length > location::LARGEST) {
            let warning = format!("workflow `{}` is left out: its file would be larger than 8 MiB", shown(trigger));
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

    fn summary(&self) -> String {
        let mut summary = format!("{} added, {} changed, {} unchanged", self.added, self.changed, self.unchanged);
        for (number, word) in [(self.removed, "removed"), (self.left, "gone from the server")] {
            if number > 0 {
                summary += &format!(", {number} {word}");
            }
        }
        summary
    }
}

/// Version control may have changed the ends of the lines.
fn is_same(bytes: &[u8], text: &str) -> bool {
    bytes.iter().filter(|byte| **byte != b'\r').eq(text.as_bytes())
}

fn warn_of_names_alike(listing: &Listing) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for trigger in &listing.triggers {
        if let Some(other) = names.insert(file_name(trigger).to_ascii_lowercase(), trigger) {
            let (other, trigger) = (shown(other), shown(trigger));
            complain(
                "warning",
                &format!("`{other}` and `{trigger}` share a file where case does not matter: rename one of them"),
            );
        }
    }
}

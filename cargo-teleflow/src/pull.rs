//! `cargo teleflow pull`: the server's workflows → the catalog.

use std::collections::{BTreeMap, BTreeSet};

use teleflow_catalog::file_name;

use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, Entry};
use crate::failure::Failure;
use crate::remote::{self, Remote};
use crate::say::{complain, print, shown};
use crate::touch;

pub(crate) async fn run(args: &args::Pull, api: &Api, catalog: &Catalog) -> Result<(), Failure> {
    let remote = remote::fetch(api, &args.only).await?;
    if let Some(unknown) = args.only.iter().find(|only| !remote.triggers.contains(*only)) {
        return Err(remote::no_such_workflow(unknown, &remote));
    }
    remote.warnings.iter().for_each(|warning| complain("warning", warning));
    warn_of_names_alike(&remote);
    let before = catalog.read()?;

    let mut done = Done::default();
    let ended = done.all(args, catalog, &before, &remote);
    if done.added + done.removed > 0
        && let Some(package) = &catalog.package
        && let Err(message) = touch::dependents(package)
    {
        complain("warning", &format!("cargo may not notice new files until a source changes: {}", shown(&message)));
    }
    ended
}

#[derive(Default)]
struct Done {
    added: usize,
    changed: usize,
    unchanged: usize,
    removed: usize,
    /// Gone from the server, and still there.
    left: usize,
}

impl Done {
    fn all(
        &mut self,
        args: &args::Pull,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        remote: &Remote,
    ) -> Result<(), Failure> {
        if args.only.is_empty() {
            // Before anything is written: where case does not matter, an old name may be that of a new file.
            self.gone(catalog, before, remote, args.prune)?;
        }
        self.written(catalog, before, remote)?;
        let total = remote.workflows.len();
        print(&format!("{total} workflow{}: {}\n", if total == 1 { "" } else { "s" }, self.summary()))
    }

    fn gone(
        &mut self,
        catalog: &Catalog,
        before: &BTreeMap<String, Entry>,
        remote: &Remote,
        prune: bool,
    ) -> Result<(), Failure> {
        let belonging: BTreeSet<String> = remote.triggers.iter().map(|trigger| file_name(trigger)).collect();
        for (file, entry) in before.iter().filter(|(file, _)| !belonging.contains(*file)) {
            let path = catalog.shown(file);
            match &entry.workflow {
                Err(malformed) => complain(
                    "warning",
                    &format!("{path} is no workflow's file, and is left alone: {}", shown(malformed)),
                ),
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

    fn written(&mut self, catalog: &Catalog, before: &BTreeMap<String, Entry>, remote: &Remote) -> Result<(), Failure> {
        for (trigger, workflow) in &remote.workflows {
            let (file, text) = (file_name(trigger), workflow.to_json());
            let verb = match before.get(&file) {
                Some(entry) if is_same(&entry.bytes, &text) => {
                    self.unchanged += 1;
                    continue;
                }
                Some(_) => "changed",
                None => "added  ",
            };
            catalog.write(&file, &text)?;
            *if before.contains_key(&file) { &mut self.changed } else { &mut self.added } += 1;
            print(&format!("{verb} {} ({})\n", shown(trigger), catalog.shown(&file)))?;
        }
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

fn warn_of_names_alike(remote: &Remote) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for trigger in &remote.triggers {
        if let Some(other) = names.insert(file_name(trigger).to_ascii_lowercase(), trigger) {
            let (other, trigger) = (shown(other), shown(trigger));
            complain(
                "warning",
                &format!("`{other}` and `{trigger}` share a file where case does not matter: rename one of them"),
            );
        }
    }
}

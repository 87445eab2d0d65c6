//! `cargo teleflow pull`: writes the server's workflows to the catalog.

use std::collections::BTreeMap;
use std::sync::Arc;

use teleflow_catalog::files::{Workflow, file_name};
use teleflow_catalog::templates::TemplateFile;

use super::update::Update;
use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, CatalogFile, invalidate_dependents};
use crate::failure::Failure;
use crate::output::{print, sanitize, warn};
use crate::remote::{self, Fetched, Listing};

pub(crate) async fn run(args: &args::Pull, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    let listing = remote::list(api, &args.only).await?;
    if let Some(unknown) = args.only.iter().find(|only| !listing.triggers.contains(*only)) {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    listing.warnings.iter().for_each(|warning| warn(warning));
    warn_of_similar_names(&listing);

    let mut updates = Updates {
        workflows: Update::new(&catalog.workflows)?,
        templates: if args.templates { Some(Update::new(&catalog.templates)?) } else { None },
        warnings: BTreeMap::new(),
    };
    let result = updates.pull(args, api, listing).await;
    if let Some(package) = &catalog.package
        && let Err(message) = invalidate_dependents(package, catalog)
    {
        warn(&format!("cargo may not rebuild packages for new workflow files: {}", sanitize(&message)));
    }
    result
}

struct Updates<'a> {
    workflows: Update<'a, Workflow>,
    /// With `--templates`.
    templates: Option<Update<'a, TemplateFile>>,
    /// By trigger identifier.
    warnings: BTreeMap<String, Vec<String>>,
}

impl Updates<'_> {
    async fn pull(&mut self, args: &args::Pull, api: &Arc<Api>, listing: Listing) -> Result<(), Failure> {
        let total = listing.selected.len();
        let is_empty = listing.triggers.is_empty() && listing.warnings.is_empty() && listing.incomplete.is_none();
        if args.only.is_empty() {
            // First, because on a case-insensitive file system an old file may have the name of a new one.
            self.workflows.prune(&listing, args.prune)?;
            if let Some(templates) = &mut self.templates {
                templates.prune(&listing, args.prune)?;
            }
        }
        let fetched = remote::fetch_all(api, listing.selected, |fetched| self.write(fetched)).await;
        self.warnings.values().flatten().for_each(|warning| warn(warning));
        print(&self.workflows.lines())?;
        print(&self.templates.as_ref().map(Update::lines).unwrap_or_default())?;
        fetched?;
        print(&format!("{total} workflow{}: {}\n", plural(total), self.workflows.counts()))?;
        if let Some(templates) = &self.templates {
            print(&format!("{total} template file{}: {}\n", plural(total), templates.counts()))?;
        }
        if is_empty {
            warn("the environment of this API key has no workflows; nothing was written");
        }
        let command = if self.templates.is_some() { TemplateFile::PULL } else { Workflow::PULL };
        match listing.incomplete {
            Some(reason) if args.prune => {
                Err(Failure::Operation(format!("{reason}; no files were removed, so run `{command} --prune` again")))
            }
            Some(reason) => {
                warn(&format!("{reason}; run `{command}` again"));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn write(&mut self, fetched: Fetched) -> Result<(), Failure> {
        let Fetched { workflow, templates, warnings } = fetched;
        let warnings = self.warnings.entry(workflow.trigger.clone()).or_insert(warnings);
        warnings.extend(self.workflows.write(&workflow)?);
        if let Some(update) = &mut self.templates {
            warnings.extend(update.write(&templates)?);
        }
        Ok(())
    }
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

fn warn_of_similar_names(listing: &Listing) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for trigger in &listing.triggers {
        if let Some(other) = names.insert(file_name(trigger).to_ascii_lowercase(), trigger) {
            let (other, trigger) = (sanitize(other), sanitize(trigger));
            warn(&format!(
                "workflows `{other}` and `{trigger}` share a file on case-insensitive file systems; rename one of them"
            ));
        }
    }
}

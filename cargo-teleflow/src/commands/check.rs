//! `cargo teleflow check`: compares the catalog with the server and reports the differences.

use std::collections::BTreeMap;
use std::sync::Arc;

use teleflow_catalog::files::Workflow;
use teleflow_catalog::templates::TemplateFile;

use super::comparison::Comparison;
use super::drift;
use super::report::{Grade, format_findings};
use super::template_drift;
use crate::api::Api;
use crate::args;
use crate::catalog::{Catalog, outdated_packages};
use crate::failure::Failure;
use crate::output::{print, sanitize, warn};
use crate::remote::{self, Fetched, Listing};

pub(crate) async fn run(args: &args::Check, api: &Arc<Api>, catalog: &Catalog) -> Result<(), Failure> {
    if !catalog.workflows.exists() {
        let folder = catalog.workflows.display();
        return Err(Failure::Operation(format!("could not find the catalog `{folder}`; run `cargo teleflow pull`")));
    }
    let files = catalog.workflows.read()?;
    let templates = if catalog.templates.exists() { Some(catalog.templates.read()?) } else { None };
    let mut listing = remote::list(api, &args.only).await?;
    listing.warnings.iter().for_each(|warning| warn(warning));
    let fetched = fetch_workflows(api, &mut listing).await?;
    if let Some(reason) = &listing.incomplete {
        warn(&format!("{reason}; run `cargo teleflow check` again"));
    }

    let mut comparison = Comparison::new(&args.only, &catalog.workflows, &listing, fetched.workflows, drift::compare);
    comparison.compare_files(&files);
    let is_known = |only: &&String| comparison.checked.contains(*only) || listing.triggers.contains(*only);
    if let Some(unknown) = args.only.iter().find(|only| !is_known(only)) {
        return Err(remote::no_such_workflow(unknown, &listing));
    }
    comparison.add_missing_files();
    let Comparison { mut findings, checked, .. } = comparison;
    if let Some(files) = templates {
        let folder = &catalog.templates;
        let mut comparison = Comparison::new(&args.only, folder, &listing, fetched.templates, template_drift::compare);
        comparison.compare_files(&files);
        comparison.add_missing_files();
        findings.extend(comparison.findings);
    }
    warn_of_outdated_packages(catalog);
    print(&format_findings(&findings, checked.len(), args.format))?;
    if findings.iter().any(|finding| finding.grade != Grade::Notice) { Err(Failure::Reported) } else { Ok(()) }
}

/// The selected workflows of the server, by trigger identifier.
#[derive(Default)]
struct Selected {
    workflows: BTreeMap<String, Workflow>,
    templates: BTreeMap<String, TemplateFile>,
}

/// Fetches the selected workflows, and prints the warnings about them.
async fn fetch_workflows(api: &Arc<Api>, listing: &mut Listing) -> Result<Selected, Failure> {
    let mut selected = Selected::default();
    let mut warnings = BTreeMap::new();
    let fetched = remote::fetch_all(api, std::mem::take(&mut listing.selected), |fetched| {
        let Fetched { workflow, templates, warnings: of_workflow } = fetched;
        let trigger = workflow.trigger.clone();
        warnings.insert(trigger.clone(), of_workflow);
        selected.workflows.insert(trigger.clone(), workflow);
        selected.templates.insert(trigger, templates);
        Ok(())
    });
    fetched.await?;
    warnings.values().flatten().for_each(|warning: &String| warn(warning));
    Ok(selected)
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

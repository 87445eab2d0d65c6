//! The server's list of workflows.

use std::collections::BTreeSet;

use serde_json::Value;
use teleflow_catalog::suggest;

use crate::api::Api;
use crate::failure::Failure;
use crate::json::string;
use crate::output::shown;

/// The workflows on a page of the list, at most 100.
const PAGE_SIZE: usize = 100;
/// The most pages that are requested.
const MAX_PAGES: usize = 1000;

/// The workflows on the server.
pub(crate) struct Listing {
    /// The selected workflows: trigger identifier and id.
    pub(crate) selected: Vec<(String, String)>,
    /// The trigger identifiers of all workflows.
    pub(crate) triggers: BTreeSet<String>,
    pub(crate) warnings: Vec<String>,
    /// Why the list may be incomplete.
    pub(crate) incomplete: Option<String>,
}

/// Lists the workflows. `only`: the trigger identifiers of those to select; if empty, all.
pub(crate) async fn list(api: &Api, only: &[String]) -> Result<Listing, Failure> {
    let (all, incomplete) = pages(api).await?;
    let mut listing = Listing { selected: Vec::new(), triggers: BTreeSet::new(), warnings: Vec::new(), incomplete };
    for listed in all {
        let name = string(&listed, "name").unwrap_or_default();
        let trigger = listed.pointer("/triggers/0/identifier").and_then(Value::as_str);
        let Some(trigger) = trigger.filter(|trigger| !trigger.is_empty()) else {
            listing.warnings.push(format!("skipping workflow `{}`, which has no trigger identifier", shown(name)));
            continue;
        };
        let Some(id) = string(&listed, "_id") else {
            return Err(api.unreadable("/v1/workflows", "a workflow has no `_id`"));
        };
        if !listing.triggers.insert(trigger.to_owned()) {
            listing.warnings.push(format!("the server has two workflows `{}`; skipping the second", shown(trigger)));
        } else if only.is_empty() || only.iter().any(|only| only == trigger) {
            listing.selected.push((trigger.to_owned(), id.to_owned()));
        }
    }
    Ok(listing)
}

/// The error for a workflow that the server does not have.
pub(crate) fn no_such_workflow(unknown: &str, listing: &Listing) -> Failure {
    let similar = suggest::nearest(unknown, listing.triggers.iter().map(String::as_str));
    let hint = similar.map(|similar| format!("; did you mean `{}`?", shown(similar))).unwrap_or_default();
    Failure::Refused(format!("the server has no workflow `{}`{hint}", shown(unknown)))
}

/// Reads all pages of the list. Returns also why they may be incomplete.
async fn pages(api: &Api) -> Result<(Vec<Value>, Option<String>), Failure> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let mut totals = BTreeSet::new();
    let mut has_duplicates = false;
    for page in 0..MAX_PAGES {
        let path = format!("/v1/workflows?page={page}&limit={PAGE_SIZE}");
        let mut body = api.fetch(&path).await?;
        let Some(Value::Array(data)) = body.get_mut("data").map(Value::take) else {
            return Err(api.unreadable(&path, "`data` is not an array"));
        };
        let before = all.len();
        let length = data.len();
        let new = |workflow: &Value| seen.insert(workflow.get("_id").unwrap_or(&Value::Null).to_string());
        all.extend(data.into_iter().filter(new));
        has_duplicates |= all.len() - before < length;
        let number = |key: &str| body.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let total = number("totalCount");
        totals.extend(total);
        // The server may return fewer per page than requested. A full page may be followed by another, whatever the total is.
        let is_full = length >= number("pageSize").filter(|size| *size > 0).unwrap_or(PAGE_SIZE).min(PAGE_SIZE);
        if (total == Some(all.len()) && !is_full) || all.len() == before {
            let incomplete = incomplete(all.len(), &totals, has_duplicates);
            return Ok((all, incomplete));
        }
    }
    Err(Failure::Refused(format!("the server's list of workflows does not end after {MAX_PAGES} pages")))
}

fn incomplete(listed: usize, totals: &BTreeSet<usize>, has_duplicates: bool) -> Option<String> {
    let list = "the server's list of workflows may be incomplete";
    if totals.len() > 1 {
        return Some(format!("{list}: it changed while it was read"));
    }
    match totals.first() {
        Some(total) if *total != listed => Some(format!("{list}: it has {listed}, but its `totalCount` is {total}")),
        _ if has_duplicates => Some(format!("{list}: its pages overlap")),
        _ => None,
    }
}

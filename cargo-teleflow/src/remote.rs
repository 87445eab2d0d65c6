//! The workflows that the server has now.

mod layouts;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use teleflow_catalog::{files::Workflow, suggest};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use self::layouts::Layouts;
use crate::api::Api;
use crate::body::DEEPEST;
use crate::documents::{add_schema, interpret};
use crate::failure::Failure;
use crate::output::{complain, shown};
use crate::pace::AT_ONCE;

/// The workflows on a page of the list, the most that the server gives.
const PAGE: usize = 100;
/// The most pages of the list that are asked for.
const MOST_PAGES: usize = 1000;

/// All but what RFC 3986 calls unreserved.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// So many workflows come soon enough: waits that the server asks for are said by themselves.
const FEW: usize = 2 * AT_ONCE;
/// After so long, people are told how far it is; later less often.
const FIRST_PROGRESS: Duration = Duration::from_secs(3);
const NEXT_PROGRESS: Duration = Duration::from_secs(10);

/// What the server's list tells.
pub(crate) struct Listing {
    /// The workflows that were asked for: trigger identifier and id.
    pub(crate) wanted: Vec<(String, String)>,
    /// The trigger identifiers of all.
    pub(crate) triggers: BTreeSet<String>,
    pub(crate) warnings: Vec<String>,
    /// Why the list may not be whole.
    pub(crate) incomplete: Option<String>,
}

/// Asks which workflows there are. `only`: those that are wanted; all, if none is named.
pub(crate) async fn list(api: &Api, only: &[String]) -> Result<Listing, Failure> {
    let (all, incomplete) = pages(api).await?;
    let mut listing = Listing { wanted: Vec::new(), triggers: BTreeSet::new(), warnings: Vec::new(), incomplete };
    for listed in all {
        let name = listed.get("name").and_then(Value::as_str).unwrap_or_default();
        let trigger = listed.pointer("/triggers/0/identifier").and_then(Value::as_str);
        let Some(trigger) = trigger.filter(|trigger| !trigger.is_empty()) else {
            listing.warnings.push(format!("workflow `{}` has no trigger, so no event reaches it", shown(name)));
            continue;
        };
        let Some(id) = listed.get("_id").and_then(Value::as_str) else {
            return Err(api.unreadable("/v1/workflows", "a workflow has no `_id`"));
        };
        if !listing.triggers.insert(trigger.to_owned()) {
            listing.warnings.push(format!("the server has two workflows `{}`: the second is left out", shown(trigger)));
        } else if only.is_empty() || only.iter().any(|only| only == trigger) {
            listing.wanted.push((trigger.to_owned(), id.to_owned()));
        }
    }
    Ok(listing)
}

/// Asks for the wanted workflows, some at a time, and hands over each as it comes, with warnings about it.
///
/// After a failure no more are asked for, but those that are under way are handed over. Workflows that cannot be read are a
/// failure in the end, after all others are handed over.
pub(crate) async fn each(
    api: &Arc<Api>,
    wanted: Vec<(String, String)>,
    mut take: impl FnMut(Workflow, Vec<String>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let has_schemas = !wanted.is_empty() && knows_schemas(api).await?;
    let total = wanted.len();
    let mut rest = wanted.into_iter();
    let mut under_way = JoinSet::new();
    let layouts = Arc::new(Layouts::default());
    let start = |under_way: &mut JoinSet<_>, (trigger, id): (String, String)| {
        let (api, layouts) = (Arc::clone(api), Arc::clone(&layouts));
        under_way.spawn(async move { one(&api, &layouts, &trigger, &id, has_schemas).await });
    };
    rest.by_ref().take(AT_ONCE).for_each(|next| start(&mut under_way, next));
    let mut ended = Ok(());
    let mut unread = BTreeSet::new();
    let mut done = 0;
    let mut progress = Instant::now() + FIRST_PROGRESS;
    loop {
        let next = timeout_at(progress, under_way.join_next()).await;
        if Instant::now() >= progress && total > FEW {
            complain("note", &format!("{done} of {total} workflows so far"));
        }
        if Instant::now() >= progress {
            progress = Instant::now() + NEXT_PROGRESS;
        }
        let next = match next {
            Ok(Some(next)) => next,
            Ok(None) => return ended.and_then(|()| if unread.is_empty() { Ok(()) } else { Err(too_deep(&unread)) }),
            // Only the time for a word is over.
            Err(_) => continue,
        };
        let fetched = next.unwrap_or_else(|error| Err(Failure::Refused(format!("a request ended early: {error}"))));
        let taken = fetched.and_then(|fetched| match fetched {
            Fetched::Read(workflow, warnings) => take(*workflow, warnings),
            Fetched::TooDeep(trigger) => {
                unread.insert(trigger);
                Ok(())
            }
        });
        done += 1;
        match (taken, &ended) {
            (Ok(()), Ok(())) => rest.next().into_iter().for_each(|next| start(&mut under_way, next)),
            (Err(failure), Ok(())) => ended = Err(failure),
            _ => {}
        }
    }
}

/// What a workflow's documents are.
enum Fetched {
    /// The workflow, and warnings about it.
    Read(Box<Workflow>, Vec<String>),
    /// They are nested too deeply. The trigger identifier.
    TooDeep(String),
}

fn too_deep(triggers: &BTreeSet<String>) -> Failure {
    let names: Vec<String> = triggers.iter().map(|trigger| format!("`{}`", shown(trigger))).collect();
    let (noun, verb) = if triggers.len() == 1 { ("workflow", "is") } else { ("workflows", "are") };
    Failure::Refused(format!(
        "{noun} {} cannot be read and {verb} left out: the document or the schema is nested deeper than {DEEPEST} levels; \
         simplify it on the server",
        names.join(", ")
    ))
}

async fn one(api: &Api, layouts: &Layouts, trigger: &str, id: &str, has_schemas: bool) -> Result<Fetched, Failure> {
    let Some(mut document) = detail(api, id).await? else {
        return Ok(Fetched::TooDeep(trigger.to_owned()));
    };
    layouts.add(api, &mut document).await?;
    let (mut workflow, mut warnings) = interpret(trigger, &document);
    if has_schemas {
        match fetch_schema(api, &mut workflow).await? {
            Some(of_schema) => warnings.extend(of_schema),
            None => return Ok(Fetched::TooDeep(trigger.to_owned())),
        }
    }
    Ok(Fetched::Read(Box::new(workflow), warnings))
}

/// The failure for a workflow that the server does not have.
pub(crate) fn no_such_workflow(unknown: &str, listing: &Listing) -> Failure {
    let near = suggest::nearest(unknown, listing.triggers.iter().map(String::as_str));
    let near = near.map(|near| format!(": did you mean `{}`?", shown(near))).unwrap_or_default();
    Failure::Refused(format!("the server has no workflow `{}`{near}", shown(unknown)))
}

/// All pages of the list, and why they may not be all.
async fn pages(api: &Api) -> Result<(Vec<Value>, Option<String>), Failure> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let mut totals = BTreeSet::new();
    let mut has_repeats = false;
    for page in 0..MOST_PAGES {
        let path = format!("/v1/workflows?page={page}&limit={PAGE}");
        let mut body = api.fetch(&path).await?;
        let Some(Value::Array(data)) = body.get_mut("data").map(Value::take) else {
            return Err(api.unreadable(&path, "it has no list `data`"));
        };
        let before = all.len();
        let length = data.len();
        let new = |workflow: &Value| seen.insert(workflow.get("_id").unwrap_or(&Value::Null).to_string());
        all.extend(data.into_iter().filter(new));
        has_repeats |= all.len() - before < length;
        let number = |key: &str| body.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let total = number("totalCount");
        totals.extend(total);
        // The server may give fewer than were asked for. After a full page there may be another, whatever the total.
        let is_full = length >= number("pageSize").filter(|size| *size > 0).unwrap_or(PAGE).min(PAGE);
        if (total == Some(all.len()) && !is_full) || all.len() == before {
            let incomplete = incomplete(all.len(), &totals, has_repeats);
            return Ok((all, incomplete));
        }
    }
    Err(Failure::Refused(format!("the server's list of workflows does not end after {MOST_PAGES} pages")))
}

fn incomplete(listed: usize, totals: &BTreeSet<usize>, has_repeats: bool) -> Option<String> {
    let list = "the server's list of workflows may be incomplete";
    if totals.len() > 1 {
        return Some(format!("{list}: it changed while it was read"));
    }
    match totals.first() {
        Some(total) if *total != listed => Some(format!("{list}: it has {listed}, but its `totalCount` is {total}")),
        _ if has_repeats => Some(format!("{list}: its pages overlap")),
        _ => None,
    }
}

/// A workflow's document; `None` if it is nested too deeply.
async fn detail(api: &Api, id: &str) -> Result<Option<Value>, Failure> {
    let Some(id) = encoded(id) else {
        return Err(api.unreadable("/v1/workflows", "the `_id` of a workflow is none"));
    };
    let path = format!("/v1/workflows/{id}");
    let answer = api.get(&path).await?;
    let is_cut = answer.is_cut;
    match api.success(&path, answer)?.get_mut("data").map(Value::take) {
        Some(document @ Value::Object(_)) => Ok((!is_cut).then_some(document)),
        _ => Err(api.unreadable(&path, "expected an object `data`")),
    }
}

/// Has the server the routes that tell of schemas? Older ones have none, and answer in many ways.
async fn knows_schemas(api: &Api) -> Result<bool, Failure> {
    let path = "/v2/workflows?limit=1";
    let answer = api.get(path).await?;
    if answer.status >= 500 || answer.status == 429 {
        // To go on without the schemas would make a catalog that lacks them.
        return Err(api.refusal(path, &answer));
    }
    let is_list = |body: &Value| body.pointer("/data/workflows").is_some_and(Value::is_array);
    Ok(answer.is_success() && answer.body.as_ref().is_some_and(is_list))
}

/// Adds the workflow's schema, and returns warnings about it; `None` if it is nested too deeply.
async fn fetch_schema(api: &Api, workflow: &mut Workflow) -> Result<Option<Vec<String>>, Failure> {
    let Some(trigger) = encoded(&workflow.trigger) else {
        return Ok(Some(Vec::new()));
    };
    let path = format!("/v2/workflows/{trigger}");
    let answer = api.get(&path).await?;
    if answer.status == 404 {
        return Ok(Some(Vec::new()));
    }
    if !answer.is_success() {
        return Err(api.refusal(&path, &answer));
    }
    if answer.is_cut {
        return Ok(None);
    }
    let Some(body) = &answer.body else {
        return Err(api.unreadable(&path, "it cannot be read as JSON"));
    };
    let enforced = body.pointer("/data/validatePayload") == Some(&Value::Bool(true));
    let schema = body.pointer("/data/payloadSchema");
    Ok(Some(schema.map(|schema| add_schema(workflow, schema, enforced)).unwrap_or_default()))
}

/// None for what no URL can say: it knows a part of dots alone as a way upwards, encoded or not.
fn encoded(part: &str) -> Option<String> {
    let is_sayable = !matches!(part, "" | "." | "..");
    is_sayable.then(|| utf8_percent_encode(part, IN_PATH).to_string())
}

//! The workflows that the server has now.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use teleflow_catalog::{Workflow, suggest};

use crate::api::Api;
use crate::failure::Failure;
use crate::layouts::Layouts;
use crate::say::shown;
use crate::schema;
use crate::understand::understand;

/// The most pages of the list that are asked for, of a hundred workflows each.
const MOST_PAGES: usize = 1000;

/// All but what RFC 3986 calls unreserved.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What the server has.
pub(crate) struct Remote {
    /// The workflows that were asked for, by their trigger identifiers.
    pub(crate) workflows: BTreeMap<String, Workflow>,
    /// The trigger identifiers of all.
    pub(crate) triggers: BTreeSet<String>,
    pub(crate) warnings: Vec<String>,
}

/// Asks for the workflows named; for all, if none is.
pub(crate) async fn fetch(api: &Api, only: &[String]) -> Result<Remote, Failure> {
    let mut remote = Remote { workflows: BTreeMap::new(), triggers: BTreeSet::new(), warnings: Vec::new() };
    let mut wanted = Vec::new();
    for listed in list(api).await? {
        let name = listed.get("name").and_then(Value::as_str).unwrap_or_default();
        let trigger = listed.pointer("/triggers/0/identifier").and_then(Value::as_str);
        let Some(trigger) = trigger.filter(|trigger| !trigger.is_empty()) else {
            remote.warnings.push(format!("workflow `{}` has no trigger, so no event reaches it", shown(name)));
            continue;
        };
        let Some(id) = listed.get("_id").and_then(Value::as_str) else {
            return Err(api.unreadable("/v1/workflows", "a workflow has no `_id`"));
        };
        if !remote.triggers.insert(trigger.to_owned()) {
            remote.warnings.push(format!("the server has two workflows `{}`: the second is left out", shown(trigger)));
        } else if only.is_empty() || only.iter().any(|only| only == trigger) {
            wanted.push((trigger.to_owned(), id.to_owned()));
        }
    }
    let has_schemas = !wanted.is_empty() && knows_schemas(api).await?;
    let layouts = Layouts::default();
    for (trigger, id) in wanted {
        let mut document = detail(api, &id).await?;
        layouts.add(api, &mut document).await?;
        let (mut workflow, warnings) = understand(&trigger, &document);
        remote.warnings.extend(warnings);
        if has_schemas {
            remote.warnings.extend(add_schema(api, &mut workflow).await?);
        }
        remote.workflows.insert(trigger, workflow);
    }
    Ok(remote)
}

/// The failure for a workflow that the server does not have.
pub(crate) fn no_such_workflow(unknown: &str, remote: &Remote) -> Failure {
    let near = suggest::nearest(unknown, remote.triggers.iter().map(String::as_str));
    let near = near.map(|near| format!(": did you mean `{}`?", shown(near))).unwrap_or_default();
    Failure::Refused(format!("the server has no workflow `{}`{near}", shown(unknown)))
}

async fn list(api: &Api) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for page in 0..MOST_PAGES {
        let path = format!("/v1/workflows?page={page}&limit=100");
        let mut body = api.fetch(&path).await?;
        let Some(Value::Array(data)) = body.get_mut("data").map(Value::take) else {
            return Err(api.unreadable(&path, "it has no list `data`"));
        };
        let before = all.len();
        let new = |workflow: &Value| seen.insert(workflow.get("_id").unwrap_or(&Value::Null).to_string());
        all.extend(data.into_iter().filter(new));
        let total = body.get("totalCount").and_then(Value::as_u64);
        let has_all = total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| all.len() >= total));
        if has_all || all.len() == before {
            return Ok(all);
        }
    }
    Err(Failure::Refused(format!("the server's list of workflows does not end after {MOST_PAGES} pages")))
}

async fn detail(api: &Api, id: &str) -> Result<Value, Failure> {
    let Some(id) = encoded(id) else {
        return Err(api.unreadable("/v1/workflows", "the `_id` of a workflow is none"));
    };
    let path = format!("/v1/workflows/{id}");
    match api.fetch(&path).await?.get_mut("data").map(Value::take) {
        Some(document @ Value::Object(_)) => Ok(document),
        _ => Err(api.unreadable(&path, "it has no object `data`")),
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

/// Adds the workflow's schema, and returns warnings about it.
async fn add_schema(api: &Api, workflow: &mut Workflow) -> Result<Vec<String>, Failure> {
    let Some(trigger) = encoded(&workflow.trigger) else {
        return Ok(Vec::new());
    };
    let path = format!("/v2/workflows/{trigger}");
    let answer = api.get(&path).await?;
    if answer.status == 404 {
        return Ok(Vec::new());
    }
    if !answer.is_success() {
        return Err(api.refusal(&path, &answer));
    }
    let Some(body) = &answer.body else {
        return Err(api.unreadable(&path, "it cannot be read as JSON"));
    };
    let enforced = body.pointer("/data/validatePayload") == Some(&Value::Bool(true));
    let schema = body.pointer("/data/payloadSchema");
    Ok(schema.map(|schema| schema::add(workflow, schema, enforced)).unwrap_or_default())
}

/// None for what no URL can say: it knows a part of dots alone as a way upwards, encoded or not.
fn encoded(part: &str) -> Option<String> {
    let is_sayable = !matches!(part, "" | "." | "..");
    is_sayable.then(|| utf8_percent_encode(part, IN_PATH).to_string())
}

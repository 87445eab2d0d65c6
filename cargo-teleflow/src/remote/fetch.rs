//! Fetches the documents of workflows, several at a time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use teleflow_catalog::files::Workflow;
use teleflow_catalog::templates::TemplateFile;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::layouts::Layouts;
use super::segment::encoded;
use crate::api::Api;
use crate::body::DEEPEST;
use crate::documents::{add_schema, interpret, template_file};
use crate::failure::Failure;
use crate::output::{note, sanitize};
use crate::pace::AT_ONCE;

/// For at most this many workflows no progress is printed. Waits for a rate limit are printed in any case.
const FEW: usize = 2 * AT_ONCE;
/// The time before progress is printed for the first time, and between two later times.
const FIRST_PROGRESS: Duration = Duration::from_secs(3);
const NEXT_PROGRESS: Duration = Duration::from_secs(10);

/// A workflow that was fetched.
pub(crate) struct Fetched {
    pub(crate) workflow: Workflow,
    pub(crate) templates: TemplateFile,
    pub(crate) warnings: Vec<String>,
}

/// Fetches the selected workflows, and calls `handle` with each one.
///
/// After an error no more workflows are requested, but those already requested are handled. If a workflow is nested too deeply,
/// all others are handled before the error is returned.
pub(crate) async fn fetch_all(
    api: &Arc<Api>,
    selected: Vec<(String, String)>,
    mut handle: impl FnMut(Fetched) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let has_schemas = !selected.is_empty() && supports_schemas(api).await?;
    let total = selected.len();
    let mut rest = selected.into_iter();
    let mut requests = JoinSet::new();
    let layouts = Arc::new(Layouts::default());
    let start = |requests: &mut JoinSet<_>, (trigger, id): (String, String)| {
        let (api, layouts) = (Arc::clone(api), Arc::clone(&layouts));
        requests.spawn(async move { fetch(&api, &layouts, &trigger, &id, has_schemas).await });
    };
    rest.by_ref().take(AT_ONCE).for_each(|next| start(&mut requests, next));
    let mut result = Ok(());
    let mut too_deep = BTreeSet::new();
    let mut done = 0;
    let mut progress = Instant::now() + FIRST_PROGRESS;
    loop {
        let next = timeout_at(progress, requests.join_next()).await;
        if Instant::now() >= progress && total > FEW {
            note(&format!("fetched {done} of {total} workflows"));
        }
        if Instant::now() >= progress {
            progress = Instant::now() + NEXT_PROGRESS;
        }
        let next = match next {
            Ok(Some(next)) => next,
            Ok(None) => {
                return result
                    .and_then(|()| if too_deep.is_empty() { Ok(()) } else { Err(nested_too_deeply(&too_deep)) });
            }
            // Only progress was due.
            Err(_) => continue,
        };
        let fetched = next.unwrap_or_else(|error| Err(Failure::Operation(format!("a request was aborted: {error}"))));
        let handled = fetched.and_then(|fetched| match fetched {
            Document::Read(fetched) => handle(*fetched),
            Document::TooDeep(trigger) => {
                too_deep.insert(trigger);
                Ok(())
            }
        });
        done += 1;
        match (handled, &result) {
            (Ok(()), Ok(())) => rest.next().into_iter().for_each(|next| start(&mut requests, next)),
            (Err(failure), Ok(())) => result = Err(failure),
            _ => {}
        }
    }
}

/// The document of a workflow.
enum Document {
    Read(Box<Fetched>),
    /// It is nested too deeply, or its schema is. The trigger identifier.
    TooDeep(String),
}

fn nested_too_deeply(triggers: &BTreeSet<String>) -> Failure {
    let names: Vec<String> = triggers.iter().map(|trigger| format!("`{}`", sanitize(trigger))).collect();
    let noun = if triggers.len() == 1 { "workflow" } else { "workflows" };
    Failure::Operation(format!(
        "failed to read {noun} {}: the document or the schema is nested deeper than {DEEPEST} levels; simplify it on the server",
        names.join(", ")
    ))
}

async fn fetch(api: &Api, layouts: &Layouts, trigger: &str, id: &str, has_schemas: bool) -> Result<Document, Failure> {
    let Some(mut document) = fetch_document(api, id).await? else {
        return Ok(Document::TooDeep(trigger.to_owned()));
    };
    layouts.add(api, &mut document).await?;
    let (mut workflow, mut warnings) = interpret(trigger, &document);
    if has_schemas {
        match fetch_schema(api, &mut workflow).await? {
            Some(of_schema) => warnings.extend(of_schema),
            None => return Ok(Document::TooDeep(trigger.to_owned())),
        }
    }
    let templates = template_file(trigger, &document);
    Ok(Document::Read(Box::new(Fetched { workflow, templates, warnings })))
}

/// Fetches the document of a workflow; `None` if it is nested too deeply.
async fn fetch_document(api: &Api, id: &str) -> Result<Option<Value>, Failure> {
    let Some(id) = encoded(id) else {
        return Err(api.unreadable("/v1/workflows", "the `_id` of a workflow is not valid"));
    };
    let path = format!("/v1/workflows/{id}");
    let response = api.get(&path).await?;
    let is_cut = response.is_cut;
    match api.success(&path, response)?.get_mut("data").map(Value::take) {
        Some(document @ Value::Object(_)) => Ok((!is_cut).then_some(document)),
        _ => Err(api.unreadable(&path, "`data` is not an object")),
    }
}

/// Returns whether the server has the routes for schemas. Older servers answer these requests in different ways.
async fn supports_schemas(api: &Api) -> Result<bool, Failure> {
    let path = "/v2/workflows?limit=1";
    let response = api.get(path).await?;
    if response.status >= 500 || response.status == 429 {
        // Without the schemas, the catalog would be incomplete.
        return Err(api.error_response(path, &response));
    }
    let is_list = |body: &Value| body.pointer("/data/workflows").is_some_and(Value::is_array);
    Ok(response.is_success() && response.body.as_ref().is_some_and(is_list))
}

/// Fetches and adds the schema of a workflow. Returns warnings about it; `None` if it is nested too deeply.
async fn fetch_schema(api: &Api, workflow: &mut Workflow) -> Result<Option<Vec<String>>, Failure> {
    let Some(trigger) = encoded(&workflow.trigger) else {
        return Ok(Some(Vec::new()));
    };
    let path = format!("/v2/workflows/{trigger}");
    let response = api.get(&path).await?;
    if response.status == 404 {
        return Ok(Some(Vec::new()));
    }
    if !response.is_success() {
        return Err(api.error_response(&path, &response));
    }
    if response.is_cut {
        return Ok(None);
    }
    let Some(body) = &response.body else {
        return Err(api.unreadable(&path, "it is not valid JSON"));
    };
    let enforced = body.pointer("/data/validatePayload") == Some(&Value::Bool(true));
    let schema = body.pointer("/data/payloadSchema");
    Ok(Some(schema.map(|schema| add_schema(workflow, schema, enforced)).unwrap_or_default()))
}

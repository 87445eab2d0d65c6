//! `GET /v1/workflows`: lists workflows, and returns one of them. The responses are compared with
//! `tests/conformance/introspection.json`.
// Source: `workflow.controller.ts`.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use super::form;
use super::response::{Failure, Success};
use super::state::Shared;
use crate::database::definition::Definition;
use crate::database::store::ApiKey;
use crate::js;

const DEFAULT_LIMIT: f64 = 10.0;
const MAX_LIMIT: f64 = 100.0;

/// `GET /v1/workflows?page=0&limit=10&query=`: newest first, without the envelope.
pub(crate) fn list(shared: &Shared, caller: &ApiKey, query: &str) -> Result<Success, Failure> {
    let parameter = |name: &str| form::pairs(query).find(|(key, _)| key == name).map(|(_, value)| value);
    let (page, limit) = page_and_limit(parameter("page").as_deref(), parameter("limit").as_deref())?;
    let search = parameter("query").unwrap_or_default().to_lowercase();

    let state = shared.lock();
    let environment = state.database.environment(&caller.environment_id);
    let all = environment.into_iter().flat_map(|environment| &environment.workflows);
    let mut found: Vec<&Arc<Definition>> =
        all.filter(|workflow| !workflow.is_deleted() && matches(workflow, &search)).collect();
    found.sort_by(|a, b| created_at(b).cmp(created_at(a)));
    let data: Vec<Value> =
        found.iter().skip(page.saturating_mul(limit)).take(limit).map(|workflow| list_entry(workflow)).collect();
    let body = json!({ "page": page, "totalCount": found.len(), "pageSize": limit, "data": data });
    Ok(Success { status: StatusCode::OK, body })
}

// Source: `pagination-request.ts`: `IsInt` for both, `Min` and `Max` for the limit. The status 400 for `page=x` was
// recorded; the message was not, and is that of `class-validator`.
fn page_and_limit(page: Option<&str>, limit: Option<&str>) -> Result<(usize, usize), Failure> {
    let number = |text: Option<&str>, default: f64| text.map_or(default, js::parse_number);
    let (page, limit) = (number(page, 0.0), number(limit, DEFAULT_LIMIT));
    let mut messages = Vec::new();
    if page.fract() != 0.0 {
        messages.push("page must be an integer number".to_owned());
    }
    // `x` is NaN, which violates every rule.
    if limit.is_nan() || limit > MAX_LIMIT {
        messages.push(format!("limit must not be greater than {MAX_LIMIT}"));
    }
    if limit.is_nan() || limit < 1.0 {
        messages.push("limit must not be less than 1".to_owned());
    }
    if limit.fract() != 0.0 {
        messages.push("limit must be an integer number".to_owned());
    }
    if messages.is_empty() { Ok((page as usize, limit as usize)) } else { Err(Failure::bad_request(messages)) }
}

/// `GET /v1/workflows/:idOrIdentifier`: the whole document.
pub(crate) fn detail(shared: &Shared, caller: &ApiKey, id: &str) -> Result<Success, Failure> {
    let state = shared.lock();
    let environment = state.database.environment(&caller.environment_id);
    let by_id = |workflow: &&Arc<Definition>| !workflow.is_deleted() && workflow.id() == Some(id);
    let found = environment
        .and_then(|environment| environment.workflows.iter().find(by_id).or_else(|| environment.workflow(id)));
    let workflow = found.ok_or_else(|| Failure::not_found(format!("Template with id {id} not found")))?;
    Ok(Success::wrapped(StatusCode::OK, workflow.document().clone()))
}

fn matches(workflow: &Definition, search: &str) -> bool {
    let name = workflow.document().get("name").and_then(Value::as_str).unwrap_or_default();
    name.to_lowercase().contains(search)
        || workflow.identifiers().any(|identifier| identifier.to_lowercase().contains(search))
}

/// All timestamps have the same format, so they can be sorted as strings.
fn created_at(workflow: &Definition) -> &str {
    workflow.document().get("createdAt").and_then(Value::as_str).unwrap_or_default()
}

/// A workflow as an entry of the list, which has only the kind of each template.
fn list_entry(workflow: &Definition) -> Value {
    let mut document = workflow.document().clone();
    let field = |name: &str| workflow.document().get(name).cloned().unwrap_or_default();
    let group = json!({
        "_id": field("_notificationGroupId"), "name": "General",
        "_organizationId": field("_organizationId"), "_environmentId": field("_environmentId"),
        "createdAt": field("createdAt"), "updatedAt": field("updatedAt"), "__v": 0,
    });
    without_virtual_ids(&mut document);
    if let Value::Object(fields) = &mut document {
        for step in fields.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(step) = step {
                step.shift_remove("variants");
                if let Some(template) = step.get_mut("template") {
                    *template = json!({ "_id": template.get("_id"), "type": template.get("type") });
                }
            }
        }
        fields.insert("notificationGroup".to_owned(), group);
        fields.insert("workflowIntegrationStatus".to_owned(), no_integrations(workflow));
    }
    document
}

/// Removes each `id` that equals `_id`: the server's database driver adds it to single documents, but not to lists.
fn without_virtual_ids(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.get("id").is_some_and(|id| fields.get("_id") == Some(id)) {
                fields.shift_remove("id");
            }
            fields.values_mut().for_each(without_virtual_ids);
        }
        Value::Array(items) => items.iter_mut().for_each(without_virtual_ids),
        _ => {}
    }
}

/// The emulator has no providers. Email and SMS have a primary provider, and so do workflows that use them.
fn no_integrations(workflow: &Definition) -> Value {
    let none = json!({ "hasActiveIntegrations": false });
    let with_primary = json!({ "hasActiveIntegrations": false, "hasPrimaryIntegrations": false });
    let has_primary = workflow.steps().iter().any(|step| matches!(step.kind(), "email" | "sms"));
    let mut status = if has_primary { with_primary.clone() } else { none.clone() };
    if let Value::Object(status) = &mut status {
        let channels = json!({
            "in_app": none, "email": with_primary, "sms": with_primary, "chat": none, "push": none,
        });
        status.insert("channels".to_owned(), channels);
    }
    status
}

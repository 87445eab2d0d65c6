//! The handlers that tell what workflows there are.
//!
//! Source: `workflow.controller.ts` of the server; the answers are held against `tests/conformance/introspection.json`.

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Failure, Success};
use crate::definition::Definition;
use crate::form;
use crate::state::Shared;
use crate::world::ApiKey;

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;

/// `GET /v1/workflows?page=0&limit=10&query=`: newest first, without the envelope.
pub(crate) fn list(shared: &Shared, caller: &ApiKey, query: &str) -> Result<Success, Failure> {
    let parameter = |name: &str| form::pairs(query).find(|(key, _)| key == name).map(|(_, value)| value);
    let number = |name: &str, default: usize| match parameter(name) {
        None => Some(default),
        Some(text) => text.trim().parse::<usize>().ok(),
    };
    let page = number("page", 0).unwrap_or(0);
    let limit = number("limit", DEFAULT_LIMIT)
        .filter(|limit| *limit <= MAX_LIMIT)
        .ok_or_else(|| Failure::bad_request(vec![format!("limit must not be greater than {MAX_LIMIT}")]))?;
    let wanted = parameter("query").unwrap_or_default().to_lowercase();

    let state = shared.lock();
    let environment = state.world.environment(&caller.environment_id);
    let all = environment.into_iter().flat_map(|environment| &environment.workflows);
    let mut found: Vec<&Arc<Definition>> =
        all.filter(|workflow| !workflow.is_deleted() && matches(workflow, &wanted)).collect();
    found.sort_by(|a, b| created_at(b).cmp(created_at(a)));
    let data: Vec<Value> =
        found.iter().skip(page.saturating_mul(limit)).take(limit).map(|workflow| listed(workflow)).collect();
    let body = json!({ "page": page, "totalCount": found.len(), "pageSize": limit, "data": data });
    Ok(Success { status: StatusCode::OK, body })
}

/// `GET /v1/workflows/:idOrIdentifier`: the whole document.
pub(crate) fn detail(shared: &Shared, caller: &ApiKey, id: &str) -> Result<Success, Failure> {
    let state = shared.lock();
    let environment = state.world.environment(&caller.environment_id);
    let by_id = |workflow: &&Arc<Definition>| !workflow.is_deleted() && workflow.id() == Some(id);
    let found = environment
        .and_then(|environment| environment.workflows.iter().find(by_id).or_else(|| environment.workflow(id)));
    let workflow = found.ok_or_else(|| Failure::not_found(format!("Template with id {id} not found")))?;
    Ok(Success::wrapped(StatusCode::OK, workflow.document().clone()))
}

fn matches(workflow: &Definition, wanted: &str) -> bool {
    let name = workflow.document().get("name").and_then(Value::as_str).unwrap_or_default();
    name.to_lowercase().contains(wanted)
        || workflow.identifiers().any(|identifier| identifier.to_lowercase().contains(wanted))
}

/// All timestamps are written alike, so their texts sort as they do.
fn created_at(workflow: &Definition) -> &str {
    workflow.document().get("createdAt").and_then(Value::as_str).unwrap_or_default()
}

/// A workflow as the list shows it: of each step's template only its kind.
fn listed(workflow: &Definition) -> Value {
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

/// `id` beside `_id` is made by the database's driver for single documents, not for lists.
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

/// The emulator knows no providers. E-mail and SMS have a primary one among theirs, and so have workflows that use them.
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

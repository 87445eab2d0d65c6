//! Accepts an event as a job for the queue, or drops it.
// Source: `parse-event-request.usecase.ts`, with the same order of steps.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::attachments;
use super::variables;
use crate::api::response::Failure;
use crate::database::definition::Definition;
use crate::database::environment::Environment;
use crate::database::store::ApiKey;
use crate::js;
use crate::worker::job::Job;

/// The fields of a validated event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) identifier: String,
    pub(crate) payload: Value,
    pub(crate) overrides: Value,
    /// `None` for a broadcast.
    pub(crate) to: Option<Value>,
    pub(crate) actor: Option<Value>,
    pub(crate) tenant: Option<Value>,
    pub(crate) transaction_id: String,
    /// The request category of the route: `single` or `bulk`.
    pub(crate) category: &'static str,
}

impl Event {
    /// Reads the fields that the three routes share. A missing field gets an empty value.
    pub(crate) fn read(fields: &Value, category: &'static str) -> Self {
        let field = |name: &str| fields.get(name).cloned();
        let or_empty = |value: Option<Value>| value.filter(js::truthy).unwrap_or_else(|| Value::Object(Map::new()));
        let given_id = fields.get("transactionId").and_then(Value::as_str).filter(|id| !id.is_empty());
        Self {
            identifier: fields.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            payload: or_empty(field("payload")),
            overrides: or_empty(field("overrides")),
            to: field("to"),
            actor: field("actor"),
            tenant: field("tenant"),
            transaction_id: given_id.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned),
            category,
        }
    }
}

/// The result for an event.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The server answers with this status and drops the event.
    Dropped(&'static str),
    /// The event is queued.
    Accepted(Job),
}

/// Accepts an event as a job, or drops it.
pub(crate) fn accept(environment: &Environment, caller: &ApiKey, mut event: Event) -> Result<Outcome, Failure> {
    let workflow = environment
        .workflow(&event.identifier)
        .ok_or_else(|| Failure::Named(StatusCode::UNPROCESSABLE_ENTITY, "workflow_not_found".into()))?;
    check_actor_and_tenant(workflow, &event)?;
    let mut is_active = workflow.is_active();
    if let Some(tenant) = js::if_truthy(event.tenant.as_ref()) {
        let identifier = tenant.as_str().or_else(|| tenant.get("identifier")?.as_str()).unwrap_or_default();
        if !environment.tenants.contains_key(identifier) {
            return Ok(Outcome::Dropped("no_tenant_found"));
        }
        if let Some(tenant_override) = environment.override_for(workflow, identifier) {
            is_active = tenant_override.active;
        }
    }
    if !is_active {
        return Ok(Outcome::Dropped("trigger_not_active"));
    }
    if workflow.steps().is_empty() {
        return Ok(Outcome::Dropped("no_workflow_steps_defined"));
    }
    if !workflow.steps().iter().any(|step| step.active) {
        return Ok(Outcome::Dropped("no_workflow_active_steps_defined"));
    }
    attachments::store(&mut event.payload, caller)?;
    let mut payload = variables::verify(workflow.steps(), &event.payload)?;
    js::merge(&mut payload, Value::Object(js::into_object(event.payload.take())));
    Ok(Outcome::Accepted(job(caller, event, payload)))
}

/// Checks that the actor and the tenant are objects with ids, if the templates of the workflow use them.
fn check_actor_and_tenant(workflow: &Definition, event: &Event) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for kind in workflow.reserved_variables() {
        let (object, property) = match kind {
            "tenant" => (&event.tenant, "identifier"),
            "actor" => (&event.actor, "subscriberId"),
            _ => continue,
        };
        match js::if_truthy(object.as_ref()) {
            None => missing.push(format!("{kind} object")),
            Some(object) if js::if_truthy(object.get(property)).is_none() => {
                missing.push(format!("{property} property of {kind}"));
            }
            Some(_) => {}
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::bad_request(format!("Trigger is missing: {}", missing.join(", "))))
}

fn job(caller: &ApiKey, event: Event, payload: Value) -> Job {
    let addressing_type = if event.to.is_some() { "multicast" } else { "broadcast" };
    let mut data = json!({
        "userId": caller.user_id,
        "environmentId": caller.environment_id,
        "organizationId": caller.organization_id,
        "identifier": event.identifier,
        "payload": payload,
        "overrides": event.overrides,
    });
    if let Value::Object(data) = &mut data {
        let optional = [("to", event.to), ("actor", event.actor), ("tenant", event.tenant)];
        for (name, value) in optional {
            if let Some(value) = value {
                data.insert(name.to_owned(), value);
            }
        }
        data.insert("transactionId".to_owned(), event.transaction_id.into());
        data.insert("addressingType".to_owned(), addressing_type.into());
        data.insert("requestCategory".to_owned(), event.category.into());
    }
    Job { data, queued_at: Duration::ZERO }
}

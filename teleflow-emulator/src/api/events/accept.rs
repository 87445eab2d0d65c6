//! One event: from the fields of a request to a job for the queue, or to the reason why it is dropped.
//!
//! Source: `parse-event-request.usecase.ts` of the server; the steps stand in its order.

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

/// An event's fields, past validation.
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
    /// The route's word for itself: `single` or `bulk`.
    pub(crate) category: &'static str,
}

impl Event {
    /// Reads the fields that the three routes share. What is missing here, validation has let through.
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

/// What becomes of an event.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Answered with success, and forgotten.
    Dropped(&'static str),
    Accepted(Job),
}

/// Accepts an event as a job, or drops it.
pub(crate) fn accept(environment: &Environment, caller: &ApiKey, mut event: Event) -> Result<Outcome, Failure> {
    let workflow = environment
        .workflow(&event.identifier)
        .ok_or_else(|| Failure::Named(StatusCode::UNPROCESSABLE_ENTITY, "workflow_not_found".into()))?;
    reserved_variables(workflow, &event)?;
    let mut is_active = workflow.is_active();
    if let Some(tenant) = js::if_truthy(event.tenant.as_ref()) {
        let identifier = tenant.as_str().or_else(|| tenant.get("identifier")?.as_str()).unwrap_or_default();
        if !environment.tenants.contains_key(identifier) {
            return Ok(Outcome::Dropped("no_tenant_found"));
        }
        if let Some(switch) = environment.override_for(workflow, identifier) {
            is_active = switch.active;
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

/// A workflow whose templates name a tenant or an actor needs them as objects with their ids.
fn reserved_variables(workflow: &Definition, event: &Event) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for kind in workflow.reserved() {
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
    let addressing = if event.to.is_some() { "multicast" } else { "broadcast" };
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
        data.insert("addressingType".to_owned(), addressing.into());
        data.insert("requestCategory".to_owned(), event.category.into());
    }
    Job { data }
}

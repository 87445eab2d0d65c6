//! `Workflow`: builds a workflow in code, for tests without a seeds file.

use serde_json::{Value, json};

use super::definition::Definition;
use super::environment::{Environment, TenantOverride};

/// The type of a workflow's variable.
///
/// ```
/// use teleflow_emulator::{Kind, Workflow};
///
/// let workflow = Workflow::new("order-shipped").required("items", Kind::Array);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A string or a number. The server accepts both.
    String,
    /// An array.
    Array,
    /// `true` or `false`.
    Boolean,
}

/// A workflow to add to an [`Emulator`](crate::Emulator).
///
/// By default it is active and has one in-app step.
///
/// ```
/// use teleflow_emulator::{Emulator, Kind, Workflow};
///
/// let emulator = Emulator::new();
/// emulator
///     .workflow(Workflow::new("order-shipped").required("orderId", Kind::String).delay_step())
///     .workflow(Workflow::new("retired").inactive());
/// ```
#[derive(Debug, Clone)]
#[must_use = "add it with `Emulator::workflow`"]
pub struct Workflow {
    identifier: String,
    active: bool,
    steps_active: bool,
    /// The steps before the in-app step.
    first_steps: Vec<Value>,
    has_in_app: bool,
    variables: Vec<Value>,
    reserved: Vec<Value>,
    overrides: Vec<(String, bool)>,
}

impl Workflow {
    /// Creates a workflow with this trigger identifier.
    pub fn new(identifier: impl Into<String>) -> Self {
        Self {
            identifier: identifier.into(),
            active: true,
            steps_active: true,
            first_steps: Vec::new(),
            has_in_app: true,
            variables: Vec::new(),
            reserved: Vec::new(),
            overrides: Vec::new(),
        }
    }

    /// Adds a required variable of the payload. Dots separate the fields of nested objects: `order.id`.
    pub fn required(mut self, name: impl Into<String>, kind: Kind) -> Self {
        self.variables.push(variable(&name.into(), kind, true));
        self
    }

    /// Adds an optional variable with a default value. The server ignores an empty string as the default of a top-level
    /// variable.
    pub fn with_default(mut self, name: impl Into<String>, kind: Kind, value: impl Into<Value>) -> Self {
        let mut variable = variable(&name.into(), kind, false);
        if let Some(fields) = variable.as_object_mut() {
            fields.insert("defaultValue".to_owned(), value.into());
        }
        self.variables.push(variable);
        self
    }

    /// Adds a delay of one hour before the in-app step. Until it ends, the event can be cancelled.
    ///
    /// It ends by the emulator's clock:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use teleflow::{Client, Event};
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// let emulator = Emulator::new();
    /// emulator.workflow(Workflow::new("reminder").delay_step());
    /// let client = Client::builder().transport(emulator.clone()).build()?;
    /// Event::untyped("reminder", serde_json::json!({})).to("ada").send(&client).await?;
    /// emulator.run_worker();
    /// assert!(emulator.notifications()[0].steps().eq([("delay", "delayed"), ("in_app", "pending")]));
    ///
    /// emulator.advance(Duration::from_secs(60 * 60));
    /// assert!(emulator.notifications()[0].steps().eq([("delay", "completed"), ("in_app", "completed")]));
    /// # Ok::<(), teleflow::Error>(()) }).unwrap();
    /// ```
    pub fn delay_step(self) -> Self {
        self.first_step("delay", json!({ "type": "regular", "amount": 1, "unit": "hours" }))
    }

    /// Adds a delay before the in-app step, until the date in this key of the payload.
    ///
    /// The server expects a date such as `2030-01-01T00:00:00.000Z`, with milliseconds. If the date is in the past, the
    /// step stays pending forever. If the date does not exist, or is only a part of the string, the worker makes no
    /// notification.
    pub fn scheduled_step(self, payload_key: impl Into<String>) -> Self {
        self.first_step("delay", json!({ "type": "scheduled", "delayPath": payload_key.into() }))
    }

    /// Adds a digest of one hour before the in-app step. Later events for the same subscriber are merged into the first
    /// one.
    pub fn digest_step(self) -> Self {
        self.first_step("digest", json!({ "type": "regular", "amount": 1, "unit": "hours" }))
    }

    /// Makes the templates use the actor, so that events require one.
    pub fn requires_actor(mut self) -> Self {
        self.reserved.push(reserved("actor", "subscriberId"));
        self
    }

    /// Makes the templates use the tenant, so that events require one.
    pub fn requires_tenant(mut self) -> Self {
        self.reserved.push(reserved("tenant", "identifier"));
        self
    }

    /// Deactivates the workflow. The server answers 201 and drops its events.
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Activates or deactivates the workflow for one tenant, independent of the other tenants.
    pub fn active_for_tenant(mut self, tenant: impl Into<String>, active: bool) -> Self {
        self.overrides.push((tenant.into(), active));
        self
    }

    /// Removes all steps.
    pub fn without_steps(mut self) -> Self {
        self.first_steps.clear();
        self.has_in_app = false;
        self
    }

    /// Deactivates every step.
    pub fn inactive_steps(mut self) -> Self {
        self.steps_active = false;
        self
    }

    fn first_step(mut self, kind: &str, metadata: Value) -> Self {
        self.first_steps.push(json!({ "kind": kind, "metadata": metadata }));
        self
    }

    /// Adds the workflow and its tenant overrides to an environment, as the document that the server stores.
    pub(crate) fn add_to(self, environment: &mut Environment, organization_id: &str, now: &str) {
        let owner = json!({
            "_environmentId": environment.id, "_organizationId": organization_id,
            "deleted": false, "createdAt": now, "updatedAt": now, "__v": 0,
        });
        let mut steps = Vec::new();
        for first_step in &self.first_steps {
            let kind = first_step.get("kind").cloned().unwrap_or_default();
            let metadata = first_step.get("metadata").cloned().unwrap_or_default();
            steps.push(self.step(environment, &kind, &metadata, &[], &owner));
        }
        if self.has_in_app {
            steps.push(self.step(environment, &"in_app".into(), &json!({}), &self.variables, &owner));
        }
        let (group, trigger, id) = (environment.next_id(), environment.next_id(), environment.next_id());
        let trigger_variables =
            self.variables.iter().map(|variable| json!({ "name": variable.get("name"), "type": variable.get("type") }));
        let document = json!({
            "_id": id, "id": id, "name": self.identifier, "description": "",
            "active": self.active, "type": "REGULAR", "draft": false, "critical": false, "isBlueprint": false,
            "_notificationGroupId": group, "tags": [],
            "preferenceSettings": { "email": true, "sms": true, "in_app": true, "chat": true, "push": true },
            "triggers": [{
                "_id": trigger, "id": trigger, "type": "event", "identifier": self.identifier,
                "variables": trigger_variables.collect::<Vec<_>>(),
                "reservedVariables": self.reserved, "subscriberVariables": [],
            }],
            "steps": steps,
        });
        if let Ok(definition) = Definition::new(merged(document, &owner)) {
            environment.put_workflow(definition);
        }
        for (tenant, active) in self.overrides {
            environment.put_override(TenantOverride { workflow: self.identifier.clone(), tenant, active });
        }
    }

    fn step(
        &self,
        environment: &mut Environment,
        kind: &Value,
        metadata: &Value,
        variables: &[Value],
        owner: &Value,
    ) -> Value {
        let (template_id, id) = (environment.next_id(), environment.next_id());
        let timed = json!({ "timed": { "weekDays": [], "monthDays": [] } });
        let template = json!({
            "_id": template_id, "id": template_id, "type": kind, "active": true,
            "variables": variables, "content": "", "_layoutId": null,
        });
        json!({
            "_id": id, "id": id, "_templateId": template_id, "name": kind, "type": "REGULAR",
            "active": self.steps_active, "shouldStopOnFail": false, "filters": [], "variants": [],
            "metadata": merged(timed, metadata), "template": merged(template, owner),
        })
    }
}

fn variable(name: &str, kind: Kind, required: bool) -> Value {
    let kind = match kind {
        Kind::String => "String",
        Kind::Array => "Array",
        Kind::Boolean => "Boolean",
    };
    json!({ "name": name, "type": kind, "required": required })
}

fn reserved(kind: &str, property: &str) -> Value {
    json!({ "type": kind, "variables": [{ "name": property, "type": "String" }] })
}

/// Adds the fields of `more` to `object`.
fn merged(mut object: Value, more: &Value) -> Value {
    if let (Some(fields), Some(more)) = (object.as_object_mut(), more.as_object()) {
        fields.extend(more.clone());
    }
    object
}

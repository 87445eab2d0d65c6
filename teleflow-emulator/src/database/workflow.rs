//! `Workflow`: builds a workflow in code, for tests without a seeds file.

// A module imports only from those below it.
mod steps;
mod check_filters;

use std::fmt;

use serde_json::{Value, json};

use super::definition::Definition;
use super::environment::{Environment, TenantOverride};
use steps::BuiltStep;

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
/// By default it is active. Without a step that sends a message, it has an empty in-app step as the last one.
///
/// ```
/// use std::time::Duration;
///
/// use teleflow_emulator::{Emulator, Kind, Workflow};
///
/// let shipped = Workflow::new("order-shipped")
///     .required("orderId", Kind::String)
///     .email("Order {{orderId}}", "<p>Your order is on its way, {{subscriber.firstName}}.</p>")
///     .delay(Duration::from_secs(60 * 60))
///     .sms("Order {{orderId}} is on its way.");
/// let emulator = Emulator::new();
/// emulator.workflow(shipped).workflow(Workflow::new("retired").inactive());
/// ```
#[derive(Clone)]
#[must_use = "add it with `Emulator::workflow`"]
pub struct Workflow {
    identifier: String,
    name: String,
    active: bool,
    critical: bool,
    steps_active: bool,
    steps: Vec<BuiltStep>,
    /// Whether an in-app step follows if no step sends a message.
    has_default_step: bool,
    variables: Vec<Value>,
    reserved: Vec<Value>,
    overrides: Vec<(String, bool)>,
}

/// Without the templates.
impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<&str> = self.steps.iter().map(BuiltStep::kind).collect();
        f.debug_struct("Workflow").field("identifier", &self.identifier).field("steps", &steps).finish_non_exhaustive()
    }
}

impl Workflow {
    /// Creates a workflow with this trigger identifier.
    pub fn new(identifier: impl Into<String>) -> Self {
        let identifier = identifier.into();
        Self {
            name: identifier.clone(),
            identifier,
            active: true,
            critical: false,
            steps_active: true,
            steps: Vec::new(),
            has_default_step: true,
            variables: Vec::new(),
            reserved: Vec::new(),
            overrides: Vec::new(),
        }
    }

    /// Adds a required variable of the payload. Dots separate the fields of nested objects: `order.id`.
    pub fn required(self, name: impl Into<String>, kind: Kind) -> Self {
        self.required_of_type(&name.into(), kind.name())
    }

    /// Adds a required variable of a type that the server may not know.
    pub(super) fn required_of_type(mut self, name: &str, r#type: &str) -> Self {
        self.variables.push(variable(name, r#type, true));
        self
    }

    /// Sets the name that the dashboard shows.
    pub(super) fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Adds an optional variable with a default value. The server ignores an empty string as the default of a top-level
    /// variable.
    pub fn with_default(mut self, name: impl Into<String>, kind: Kind, value: impl Into<Value>) -> Self {
        let mut variable = variable(&name.into(), kind.name(), false);
        if let Some(fields) = variable.as_object_mut() {
            fields.insert("defaultValue".to_owned(), value.into());
        }
        self.variables.push(variable);
        self
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

    /// Sends the messages whatever the subscribers prefer.
    pub fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// Removes all steps.
    pub fn without_steps(mut self) -> Self {
        self.steps.clear();
        self.has_default_step = false;
        self
    }

    /// Deactivates every step.
    pub fn inactive_steps(mut self) -> Self {
        self.steps_active = false;
        self
    }

    /// Adds the workflow and its tenant overrides to an environment, as the document that the server stores.
    pub(crate) fn add_to(self, environment: &mut Environment, organization_id: &str, now: &str) {
        let owner = json!({
            "_environmentId": environment.id, "_organizationId": organization_id,
            "deleted": false, "createdAt": now, "updatedAt": now, "__v": 0,
        });
        let steps = self.step_documents(environment, &owner);
        let (group, trigger, id) = (environment.next_id(), environment.next_id(), environment.next_id());
        let trigger_variables =
            self.variables.iter().map(|variable| json!({ "name": variable.get("name"), "type": variable.get("type") }));
        let document = json!({
            "_id": id, "id": id, "name": self.name, "description": "",
            "active": self.active, "type": "REGULAR", "draft": false, "critical": self.critical, "isBlueprint": false,
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
            let workflow = self.identifier.clone();
            environment.put_override(TenantOverride { workflow, tenant, active, preference_settings: Value::Null });
        }
    }
}

impl Kind {
    /// The name that the server stores.
    fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Array => "Array",
            Self::Boolean => "Boolean",
        }
    }
}

fn variable(name: &str, r#type: &str, required: bool) -> Value {
    json!({ "name": name, "type": r#type, "required": required })
}

fn reserved(kind: &str, property: &str) -> Value {
    json!({ "type": kind, "variables": [{ "name": property, "type": "String" }] })
}

/// Adds the fields of `more` to `object`.
pub(super) fn merged(mut object: Value, more: &Value) -> Value {
    if let (Some(fields), Some(more)) = (object.as_object_mut(), more.as_object()) {
        fields.extend(more.clone());
    }
    object
}

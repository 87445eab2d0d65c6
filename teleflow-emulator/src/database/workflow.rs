//! Workflows made by hand, for tests that need one and have no seeds file.

use serde_json::{Value, json};

use super::definition::Definition;
use super::environment::{Environment, TenantOverride};

/// The kind of value that a workflow's variable takes.
///
/// ```
/// use teleflow_emulator::{Kind, Workflow};
///
/// let workflow = Workflow::new("order-shipped").required("items", Kind::Array);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A text or a number: the server tells them apart no further.
    String,
    /// A list.
    Array,
    /// `true` or `false`.
    Boolean,
}

/// A workflow to be set up in an [`Emulator`](crate::Emulator).
///
/// It is active and has one in-app step, until it is told otherwise.
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
#[must_use = "set it up with `Emulator::workflow`"]
pub struct Workflow {
    identifier: String,
    active: bool,
    steps_active: bool,
    /// Those before the in-app step.
    held_by: Vec<Value>,
    in_app: bool,
    variables: Vec<Value>,
    reserved: Vec<Value>,
    overrides: Vec<(String, bool)>,
}

impl Workflow {
    /// A workflow of this trigger identifier.
    pub fn new(identifier: impl Into<String>) -> Self {
        Self {
            identifier: identifier.into(),
            active: true,
            steps_active: true,
            held_by: Vec::new(),
            in_app: true,
            variables: Vec::new(),
            reserved: Vec::new(),
            overrides: Vec::new(),
        }
    }

    /// Requires a variable of the payload. Dots lead into objects: `order.id`.
    pub fn required(mut self, name: impl Into<String>, kind: Kind) -> Self {
        self.variables.push(variable(&name.into(), kind, true));
        self
    }

    /// Names a variable that may be missing; then it takes this value. An empty text at the top level is no default.
    pub fn default(mut self, name: impl Into<String>, kind: Kind, value: impl Into<Value>) -> Self {
        let mut variable = variable(&name.into(), kind, false);
        if let Some(fields) = variable.as_object_mut() {
            fields.insert("defaultValue".to_owned(), value.into());
        }
        self.variables.push(variable);
        self
    }

    /// Puts a delay of one hour before the in-app step, so that a cancel can reach the event once the worker has run.
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
        self.held_by_step("delay", json!({ "type": "regular", "amount": 1, "unit": "hours" }))
    }

    /// Puts a delay until the date in this key of the payload before the in-app step.
    ///
    /// The server wants the date as `2030-01-01T00:00:00.000Z`, with three digits of milliseconds. A date in the past
    /// leaves the step pending for ever; an impossible one, or one inside other text, makes no notification.
    pub fn scheduled_step(self, payload_key: impl Into<String>) -> Self {
        self.held_by_step("delay", json!({ "type": "scheduled", "delayPath": payload_key.into() }))
    }

    /// Puts a digest of one hour before the in-app step: later events for the same subscriber are merged into the first.
    pub fn digest_step(self) -> Self {
        self.held_by_step("digest", json!({ "type": "regular", "amount": 1, "unit": "hours" }))
    }

    /// Makes the templates use the actor: events must name one.
    pub fn needs_actor(mut self) -> Self {
        self.reserved.push(reserved("actor", "subscriberId"));
        self
    }

    /// Makes the templates use the tenant: events must name one.
    pub fn needs_tenant(mut self) -> Self {
        self.reserved.push(reserved("tenant", "identifier"));
        self
    }

    /// Switches the workflow off: the server answers 201 and drops its events.
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Switches the workflow on or off for one tenant, whatever it is for the others.
    pub fn for_tenant(mut self, tenant: impl Into<String>, active: bool) -> Self {
        self.overrides.push((tenant.into(), active));
        self
    }

    /// Leaves the workflow without any step.
    pub fn without_steps(mut self) -> Self {
        self.held_by.clear();
        self.in_app = false;
        self
    }

    /// Switches every step off.
    pub fn inactive_steps(mut self) -> Self {
        self.steps_active = false;
        self
    }

    fn held_by_step(mut self, kind: &str, metadata: Value) -> Self {
        self.held_by.push(json!({ "kind": kind, "metadata": metadata }));
        self
    }

    /// Puts it, and its switches, into an environment, in the form in which the server keeps workflows.
    pub(crate) fn put_into(self, environment: &mut Environment, organization_id: &str, now: &str) {
        let owner = json!({
            "_environmentId": environment.id, "_organizationId": organization_id,
            "deleted": false, "createdAt": now, "updatedAt": now, "__v": 0,
        });
        let mut steps = Vec::new();
        for held_by in &self.held_by {
            let kind = held_by.get("kind").cloned().unwrap_or_default();
            let metadata = held_by.get("metadata").cloned().unwrap_or_default();
            steps.push(self.step(environment, &kind, &metadata, &[], &owner));
        }
        if self.in_app {
            steps.push(self.step(environment, &"in_app".into(), &json!({}), &self.variables, &owner));
        }
        let (group, trigger, id) = (environment.next_id(), environment.next_id(), environment.next_id());
        let listed =
            self.variables.iter().map(|variable| json!({ "name": variable.get("name"), "type": variable.get("type") }));
        let document = json!({
            "_id": id, "id": id, "name": self.identifier, "description": "",
            "active": self.active, "type": "REGULAR", "draft": false, "critical": false, "isBlueprint": false,
            "_notificationGroupId": group, "tags": [],
            "preferenceSettings": { "email": true, "sms": true, "in_app": true, "chat": true, "push": true },
            "triggers": [{
                "_id": trigger, "id": trigger, "type": "event", "identifier": self.identifier,
                "variables": listed.collect::<Vec<_>>(),
                "reservedVariables": self.reserved, "subscriberVariables": [],
            }],
            "steps": steps,
        });
        if let Ok(definition) = Definition::new(with(document, &owner)) {
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
            "metadata": with(timed, metadata), "template": with(template, owner),
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

/// Both objects' fields.
fn with(mut object: Value, more: &Value) -> Value {
    if let (Some(fields), Some(more)) = (object.as_object_mut(), more.as_object()) {
        fields.extend(more.clone());
    }
    object
}

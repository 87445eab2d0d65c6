//! The values that the templates and the conditions of a step can read.

use serde_json::{Map, Value, json};

use super::details::{Detail, text};
use super::outcome::StepRun;
use crate::js;

/// The values that the templates and the conditions of a step can read.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) payload: Value,
    pub(super) subscriber: &'a Value,
    /// `{digest, events?, total_count?}`
    pub(super) step: Map<String, Value>,
    pub(super) tenant: Option<&'a Value>,
    pub(super) actor: Option<&'a Value>,
}

impl<'a> Context<'a> {
    /// Finds the records, and adds a detail about the tenant.
    pub(super) fn new(run: &StepRun<'a>, details: &mut Vec<Detail>) -> Result<Self, String> {
        let environment = run.environment;
        let subscriber = environment.subscribers.get(run.subscriber_id).ok_or("Subscriber not found")?;
        let actor = id_of(run.job.actor(), "subscriberId").and_then(|id| environment.subscribers.get(js::trim(id)));
        let tenant = id_of(run.job.tenant(), "identifier").filter(|identifier| !identifier.is_empty());
        let tenant = tenant.and_then(|identifier| {
            let tenant = environment.tenants.get(identifier);
            details.push(match tenant {
                Some(_) => Detail::new("Pending", text::TENANT_SELECTED),
                None => Detail::failed(text::TENANT_NOT_FOUND, json!({ "tenantIdentifier": identifier })),
            });
            tenant
        });
        let mut step = Map::new();
        step.insert("digest".to_owned(), run.events.is_some_and(|events| !events.is_empty()).into());
        if let Some(events) = run.events {
            step.insert("events".to_owned(), events.into());
            step.insert("total_count".to_owned(), events.len().into());
        }
        let mut payload = run.job.payload().clone();
        js::drop_prototype_names(&mut payload);
        Ok(Self { payload, subscriber, step, tenant, actor })
    }

    /// The root of templates: the fields of the payload, replaced by the server's own values.
    pub(super) fn for_templates(&self) -> Map<String, Value> {
        let mut root = js::into_object(self.payload.clone());
        root.extend(self.own_values());
        root
    }

    /// The root of conditions, with the payload as one of its fields.
    pub(super) fn for_conditions(&self) -> Value {
        let mut root = self.own_values();
        root.insert("payload".to_owned(), self.payload.clone());
        Value::Object(root)
    }

    fn own_values(&self) -> Map<String, Value> {
        let mut values = Map::new();
        values.insert("subscriber".to_owned(), self.subscriber.clone());
        values.insert("step".to_owned(), Value::Object(self.step.clone()));
        for (name, value) in [("tenant", self.tenant), ("actor", self.actor)] {
            if let Some(value) = value {
                values.insert(name.to_owned(), value.clone());
            }
        }
        values
    }

    /// The payload as a message stores it.
    pub(super) fn payload_without_attachments(&self) -> Value {
        let mut payload = self.payload.clone();
        if let Value::Object(fields) = &mut payload {
            fields.shift_remove("attachments");
        }
        payload
    }

    /// A value of the payload that is not empty, or the same value of the subscriber.
    pub(super) fn address(&self, name: &str) -> Option<&Value> {
        js::if_truthy(self.payload.get(name)).or_else(|| js::if_truthy(self.subscriber.get(name)))
    }
}

impl Context<'_> {
    /// The subscriber's accounts with these providers: `{providerId, _integrationId, credentials}`.
    pub(super) fn accounts(&self, providers: &[&str]) -> Vec<Value> {
        let accounts = self.subscriber.get("channels").and_then(Value::as_array);
        let is_known = |account: &&Value| {
            account.get("providerId").and_then(Value::as_str).is_some_and(|provider| providers.contains(&provider))
        };
        accounts.into_iter().flatten().filter(is_known).cloned().collect()
    }
}

/// The id that a recipient or a tenant is, or has in a field.
pub(super) fn id_of<'a>(value: Option<&'a Value>, field: &str) -> Option<&'a str> {
    let value = value?;
    value.as_str().or_else(|| value.get(field)?.as_str())
}

/// `branding` of e-mail and in-app templates.
pub(super) fn branding(run: &StepRun<'_>) -> Value {
    let stored = &run.environment.settings.branding;
    let mut branding = Map::new();
    if let Some(logo) = stored.get("logo") {
        branding.insert("logo".to_owned(), logo.clone());
    }
    let color = js::if_truthy(stored.get("color")).cloned();
    branding.insert("color".to_owned(), color.unwrap_or_else(|| "#f47373".into()));
    Value::Object(branding)
}

//! One environment: its workflows, tenants, subscribers and topics.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::channel::Channel;
use super::definition::Definition;
use super::integration::{self, Integration};
use super::layout::Layout;
use super::message_template::MessageTemplate;
use super::preference::Preference;

/// The first id of environments, organizations and users that the emulator creates.
pub(crate) const FIRST_ID: u128 = 0x6500_0000_0000_0000_0000_0000;

/// Activates or deactivates a workflow for one tenant.
#[derive(Debug, Clone)]
pub(crate) struct TenantOverride {
    pub(crate) workflow: String,
    pub(crate) tenant: String,
    pub(crate) active: bool,
    /// The channels that this turns on or off for the tenant.
    pub(crate) preference_settings: Value,
}

/// The settings of an environment and of its organization.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct EnvironmentSettings {
    /// The organization's `logo` and `color`.
    pub(crate) branding: Value,
    /// Where replies to e-mails are received: `mxRecordConfigured` and `inboundParseDomain`.
    pub(crate) dns: Value,
}

/// The data of one environment. Maps keep the order of insertion.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) id: String,
    pub(crate) workflows: Vec<Arc<Definition>>,
    /// By identifier: `{_id, identifier, name?, data?}`.
    pub(crate) tenants: Map<String, Value>,
    pub(crate) overrides: Vec<TenantOverride>,
    /// By subscriber id: `{_id, subscriberId, …}`.
    pub(crate) subscribers: Map<String, Value>,
    /// By key: the subscriber ids of its members.
    pub(crate) topics: Map<String, Value>,
    pub(crate) integrations: Vec<Integration>,
    pub(crate) layouts: Vec<Layout>,
    /// By id: the templates of variants.
    pub(crate) message_templates: BTreeMap<String, MessageTemplate>,
    pub(crate) preferences: Vec<Preference>,
    pub(crate) settings: EnvironmentSettings,
    /// By the id of a provider: the message of the error with which sending fails.
    pub(crate) provider_errors: BTreeMap<String, String>,
    /// By channel: the message of the error with which every provider fails.
    pub(crate) channel_errors: BTreeMap<Channel, String>,
    /// By URL: the status and the body with which a webhook of a condition responds.
    pub(crate) webhooks: BTreeMap<String, (u16, Value)>,
    /// Whether unknown workflows and tenants are added when an event names them.
    pub(crate) adds_unknown: bool,
    last_id: u128,
}

impl Environment {
    pub(crate) fn new(id: String) -> Self {
        // Higher than the environment's own id, with a gap.
        let last_id = u128::from_str_radix(&id, 16).unwrap_or(FIRST_ID).saturating_add(0x100);
        Self { id, last_id, integrations: integration::defaults(), ..Self::default() }
    }

    /// The workflow with this trigger identifier.
    pub(crate) fn workflow(&self, identifier: &str) -> Option<&Arc<Definition>> {
        self.workflows.iter().find(|workflow| !workflow.is_deleted() && workflow.has_identifier(identifier))
    }

    /// Adds a workflow as the newest, or replaces the one with the same trigger identifier.
    pub(crate) fn put_workflow(&mut self, workflow: Definition) {
        if let Some(id) = workflow.id().and_then(|id| u128::from_str_radix(id, 16).ok()) {
            self.last_id = self.last_id.max(id);
        }
        let same = self
            .workflows
            .iter_mut()
            .find(|stored| workflow.identifiers().any(|identifier| stored.has_identifier(identifier)));
        match same {
            Some(stored) => *stored = Arc::new(workflow),
            None => self.workflows.insert(0, Arc::new(workflow)),
        }
    }

    /// The override of a workflow for a tenant, if there is one.
    pub(crate) fn override_for(&self, workflow: &Definition, tenant: &str) -> Option<&TenantOverride> {
        self.overrides.iter().find(|stored| stored.tenant == tenant && workflow.has_identifier(&stored.workflow))
    }

    pub(crate) fn put_override(&mut self, tenant_override: TenantOverride) {
        self.next_id();
        self.overrides
            .retain(|stored| stored.workflow != tenant_override.workflow || stored.tenant != tenant_override.tenant);
        self.overrides.push(tenant_override);
    }

    /// Creates or updates a tenant from an object with an `identifier`.
    pub(crate) fn put_tenant(&mut self, identifier: &str, fields: &Map<String, Value>) {
        let id = self.next_id_unless(self.tenants.contains_key(identifier));
        upsert(&mut self.tenants, "identifier", identifier, id, fields);
    }

    /// Creates or updates a subscriber from an object with a `subscriberId`.
    pub(crate) fn put_subscriber(&mut self, subscriber_id: &str, fields: &Map<String, Value>) {
        let id = self.next_id_unless(self.subscribers.contains_key(subscriber_id));
        upsert(&mut self.subscribers, "subscriberId", subscriber_id, id, fields);
    }

    pub(crate) fn put_topic(&mut self, key: &str, subscriber_ids: Vec<String>) {
        self.next_id();
        self.topics.insert(key.to_owned(), subscriber_ids.into());
    }

    /// Adds an integration, or replaces the one with the same id. There is one primary integration for a channel.
    pub(crate) fn put_integration(&mut self, integration: Integration) {
        if integration.primary {
            let same_channel = self.integrations.iter_mut().filter(|stored| stored.channel == integration.channel);
            same_channel.for_each(|stored| stored.primary = false);
        }
        self.integrations.retain(|stored| stored.id != integration.id);
        self.integrations.push(integration);
    }

    /// Adds a layout, or replaces the one with the same identifier, whose id it keeps.
    pub(crate) fn put_layout(&mut self, layout: Layout) {
        let is_same = |stored: &Layout| layout.identifier.is_some() && stored.identifier == layout.identifier;
        let same = self.layouts.iter().find(|stored| is_same(stored));
        let layout = match same {
            Some(stored) => layout.clone().with_id(&stored.id),
            None => layout,
        };
        self.layouts.retain(|stored| stored.id != layout.id);
        self.layouts.push(layout);
    }

    /// Adds a preference, or replaces the one for the same subscriber and workflow.
    pub(crate) fn put_preference(&mut self, preference: Preference) {
        self.preferences.retain(|stored| {
            (&stored.subscriber_id, &stored.workflow) != (&preference.subscriber_id, &preference.workflow)
        });
        self.preferences.push(preference);
    }

    /// Ids count up, as on the server from which the recordings come.
    pub(crate) fn next_id(&mut self) -> String {
        self.last_id = self.last_id.saturating_add(1);
        object_id(self.last_id)
    }

    fn next_id_unless(&mut self, exists: bool) -> Option<String> {
        (!exists).then(|| self.next_id())
    }
}

pub(crate) fn object_id(number: u128) -> String {
    format!("{:024x}", number & 0xffff_ffff_ffff_ffff_ffff_ffff)
}

/// Creates a document, or updates it with the fields that are not null. The key does not change.
fn upsert(documents: &mut Map<String, Value>, name: &str, key: &str, id: Option<String>, fields: &Map<String, Value>) {
    let document = documents.entry(key).or_insert_with(|| json!({ "_id": id, name: key }));
    if let Value::Object(document) = document {
        for (field, value) in fields.iter().filter(|(field, value)| !value.is_null() && *field != name) {
            document.insert(field.clone(), value.clone());
        }
    }
}

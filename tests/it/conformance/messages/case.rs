//! A line of `messages.jsonl`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use teleflow_emulator::Channel;

const TRIGGER: &str = "workflow";
/// The recorded server's environment.
const ENVIRONMENT_ID: &str = "000000000000000000000001";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Case {
    id: String,
    #[serde(default)]
    #[allow(dead_code, reason = "says in words what the line is about")]
    desc: Option<String>,
    step: Step,
    #[serde(default)]
    step_extra: StepExtra,
    payload: Value,
    /// `None` if the subscriber was deleted.
    subscriber: Option<Map<String, Value>>,
    actor: Option<Map<String, Value>>,
    tenant: Option<Map<String, Value>>,
    tenant_missing: Option<String>,
    #[serde(default)]
    overrides: Value,
    events: Option<Vec<Value>>,
    integrations: Vec<Integration>,
    #[serde(default)]
    layouts: BTreeMap<String, Layout>,
    #[serde(default)]
    variant_templates: BTreeMap<String, Template>,
    #[serde(default)]
    preferences: Preferences,
    preference_settings: Option<Value>,
    #[serde(default)]
    critical: bool,
    #[serde(default)]
    organization: Organization,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    provider_error: BTreeMap<Channel, String>,
    pub(super) expect: Expected,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Expected {
    pub(super) provider: Vec<Map<String, Value>>,
    pub(super) compiled_html: Option<Value>,
    #[serde(default)]
    pub(super) messages: Vec<Value>,
    #[serde(default)]
    pub(super) message_updates: Vec<Value>,
    pub(super) details: Vec<Map<String, Value>>,
    pub(super) job_statuses: Vec<String>,
    pub(super) next_step_queued: bool,
    pub(super) threw: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    template: Template,
}

/// A record whose fields are all known. It is written as it was read.
macro_rules! known_fields {
    ($name:ident: $($field:literal)*) => {
        #[derive(Deserialize)]
        #[serde(try_from = "Map<String, Value>")]
        struct $name(Map<String, Value>);

        impl TryFrom<Map<String, Value>> for $name {
            type Error = String;

            fn try_from(fields: Map<String, Value>) -> Result<Self, String> {
                let unknown = fields.keys().find(|field| ![$($field),*].contains(&field.as_str()));
                match unknown {
                    None => Ok(Self(fields)),
                    Some(field) => Err(format!("unknown field `{field}`")),
                }
            }
        }
    };
}

known_fields!(Template: "_id" "type" "contentType" "subject" "preheader" "senderName" "content" "title" "cta" "actor"
    "variables" "_layoutId" "_feedId" "active" "name");
known_fields!(Integration: "_id" "channel" "providerId" "identifier" "name" "active" "primary" "priority" "credentials"
    "conditions" "createdAt");
known_fields!(Layout: "_id" "identifier" "name" "content" "variables" "isDefault");

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepExtra {
    should_stop_on_fail: Option<bool>,
    filters: Option<Value>,
    variants: Option<Value>,
    reply_callback: Option<Value>,
    uuid: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preferences {
    global: Option<Map<String, Value>>,
    template: Option<Map<String, Value>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Organization {
    branding: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Environment {
    dns: Option<Value>,
}

impl Case {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The error with which the provider of a channel fails.
    pub(super) fn provider_errors(&self) -> impl Iterator<Item = (Channel, &str)> {
        self.provider_error.iter().map(|(channel, error)| (*channel, error.as_str()))
    }

    pub(super) fn seeds(&self) -> Value {
        let tenant = self.tenant.clone().map(Value::Object);
        let subscribers = [self.subscriber.as_ref(), self.actor.as_ref()];
        json!({
            "apiKeys": [{
                "key": "k", "environment": "e", "environmentId": ENVIRONMENT_ID, "organizationId": "o", "userId": "u",
            }],
            "workflows": { "e": [self.workflow()] },
            "tenants": { "e": Vec::from_iter(tenant) },
            "subscribers": { "e": subscribers.into_iter().flatten().collect::<Vec<_>>() },
            "integrations": { "e": self.integrations.iter().map(|stored| &stored.0).collect::<Vec<_>>() },
            "layouts": { "e": with_ids(self.layouts.iter().map(|(id, layout)| (id, &layout.0))) },
            "messageTemplates": {
                "e": with_ids(self.variant_templates.iter().map(|(id, template)| (id, &template.0))),
            },
            "preferences": { "e": self.preferences() },
            "settings": {
                "e": { "branding": self.organization.branding, "dns": self.environment.dns },
            },
        })
    }

    fn workflow(&self) -> Value {
        let all_on = json!({ "email": true, "sms": true, "in_app": true, "chat": true, "push": true });
        let extra = &self.step_extra;
        json!({
            "_id": "650000000000000000000101", "active": true, "critical": self.critical,
            "preferenceSettings": self.preference_settings.as_ref().unwrap_or(&all_on),
            "triggers": [{ "identifier": TRIGGER, "variables": [] }],
            "steps": [{
                "active": true, "uuid": extra.uuid, "template": self.step.template.0,
                "shouldStopOnFail": extra.should_stop_on_fail.unwrap_or_default(),
                "filters": extra.filters, "variants": extra.variants.clone().unwrap_or_else(|| json!([])),
                "replyCallback": extra.reply_callback,
            }],
        })
    }

    fn preferences(&self) -> Vec<Value> {
        let of = |preference: &Option<Map<String, Value>>, workflow: Option<&str>| {
            preference.clone().map(|mut fields| {
                fields.insert("subscriberId".to_owned(), self.subscriber_id());
                fields.insert("workflow".to_owned(), workflow.into());
                Value::Object(fields)
            })
        };
        let preferences = [of(&self.preferences.global, None), of(&self.preferences.template, Some(TRIGGER))];
        preferences.into_iter().flatten().collect()
    }

    fn subscriber_id(&self) -> Value {
        self.subscriber.as_ref().map_or_else(|| "nobody".into(), |subscriber| subscriber["subscriberId"].clone())
    }

    pub(super) fn request(&self) -> Value {
        json!({
            "trigger": TRIGGER, "subscriberId": self.subscriber_id(),
            "payload": self.payload, "overrides": self.overrides, "events": self.events,
            "actor": self.actor.as_ref().map(|actor| &actor["subscriberId"]),
            "tenant": self.tenant.as_ref().and_then(|tenant| tenant["identifier"].as_str())
                .or(self.tenant_missing.as_deref()),
        })
    }
}

fn with_ids<'a>(records: impl Iterator<Item = (&'a String, &'a Map<String, Value>)>) -> Vec<Value> {
    let with_id = |(id, fields): (&String, &Map<String, Value>)| {
        let mut fields = fields.clone();
        fields.insert("_id".to_owned(), id.as_str().into());
        Value::Object(fields)
    };
    records.map(with_id).collect()
}

//! Integrations: the accounts with providers, through which messages are sent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::channel::Channel;

/// The account with a provider, for one channel.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Integration {
    #[serde(rename = "_id")]
    pub(crate) id: String,
    pub(crate) channel: Channel,
    pub(crate) provider_id: String,
    #[serde(default)]
    pub(crate) identifier: Option<String>,
    #[serde(default)]
    pub(crate) active: bool,
    /// E-mail and SMS have one primary integration, which is used unless an event selects another one.
    #[serde(default)]
    pub(crate) primary: bool,
    #[serde(default)]
    pub(crate) credentials: Value,
    /// The conditions on the tenant under which the integration is used in place of the primary one.
    #[serde(default)]
    pub(crate) conditions: Value,
    #[serde(default)]
    pub(crate) created_at: Option<String>,
}

/// The integrations of an environment for which no others were set: one for each channel.
const DEFAULTS: [(Channel, &str); 5] = [
    (Channel::Email, "sendgrid"),
    (Channel::Sms, "twilio"),
    (Channel::InApp, "novu"),
    (Channel::Push, "fcm"),
    (Channel::Chat, "slack"),
];

/// An active integration for each channel. Its identifier and its id are the provider's id.
pub(crate) fn defaults() -> Vec<Integration> {
    let integration = |(channel, provider): (Channel, &str)| Integration {
        id: provider.to_owned(),
        channel,
        provider_id: provider.to_owned(),
        identifier: Some(provider.to_owned()),
        active: true,
        primary: matches!(channel, Channel::Email | Channel::Sms),
        credentials: json!({}),
        conditions: Value::Null,
        created_at: None,
    };
    DEFAULTS.into_iter().map(integration).collect()
}

impl Integration {
    /// A value of the credentials that is not empty.
    pub(crate) fn credential(&self, name: &str) -> Option<&Value> {
        crate::js::if_truthy(self.credentials.get(name))
    }

    /// Whether the conditions list contains anything.
    pub(crate) fn has_conditions(&self) -> bool {
        self.conditions.as_array().is_some_and(|conditions| !conditions.is_empty())
    }
}

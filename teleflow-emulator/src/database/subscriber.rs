//! `SubscriberRecord`: a stored subscriber, built in code.

use std::fmt;

use serde_json::{Map, Value, json};

use super::channel::Channel;
use super::environment::Environment;
use crate::js;

/// A subscriber with addresses, to add to an [`Emulator`](crate::Emulator).
///
/// ```
/// use teleflow_emulator::{Emulator, SubscriberRecord};
///
/// let emulator = Emulator::new();
/// emulator
///     .subscriber("grace")
///     .subscriber(SubscriberRecord::new("ada").email("ada@example.com").phone("+4930123").device_token("token"));
/// ```
#[derive(Clone, PartialEq)]
#[must_use = "add it with `Emulator::subscriber`"]
pub struct SubscriberRecord {
    id: String,
    fields: Map<String, Value>,
    /// The channel and the credentials of each account with a provider.
    accounts: Vec<(Channel, Value)>,
}

/// Only the id: the fields are personal data.
impl fmt::Debug for SubscriberRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubscriberRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SubscriberRecord {
    /// Creates a subscriber without addresses.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), fields: Map::new(), accounts: Vec::new() }
    }

    /// Sets the e-mail address.
    pub fn email(self, email: impl Into<String>) -> Self {
        self.field("email", email.into())
    }

    /// Sets the phone number.
    pub fn phone(self, phone: impl Into<String>) -> Self {
        self.field("phone", phone.into())
    }

    /// Sets the first name: `{{subscriber.firstName}}`.
    pub fn first_name(self, name: impl Into<String>) -> Self {
        self.field("firstName", name.into())
    }

    /// Sets the last name: `{{subscriber.lastName}}`.
    pub fn last_name(self, name: impl Into<String>) -> Self {
        self.field("lastName", name.into())
    }

    /// Sets one of your own fields: `{{subscriber.data.plan}}`.
    pub fn data(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let mut data = js::into_object(self.fields.remove("data").unwrap_or_default());
        data.insert(name.into(), value.into());
        self.field("data", data)
    }

    /// Sets another field of the subscriber: `locale`, `avatar`.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Adds a device for push messages, at the provider of the first active integration for push. Without an integration,
    /// the device is not added.
    pub fn device_token(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        let devices = self.accounts.iter_mut().find(|(channel, _)| *channel == Channel::Push);
        let tokens = devices.and_then(|(_, credentials)| credentials.get_mut("deviceTokens")?.as_array_mut());
        match tokens {
            Some(tokens) => tokens.push(token.into()),
            None => self.accounts.push((Channel::Push, json!({ "deviceTokens": [token] }))),
        }
        self
    }

    /// Adds a webhook for chat messages, at the provider of the first active integration for chat. Without an integration,
    /// the webhook is not added.
    pub fn chat_webhook(mut self, url: impl Into<String>) -> Self {
        self.accounts.push((Channel::Chat, json!({ "webhookUrl": url.into() })));
        self
    }

    /// Stores the subscriber. An account needs an integration for its channel, and is dropped otherwise.
    pub(crate) fn add_to(self, environment: &mut Environment) {
        let mut fields = self.fields;
        let mut channels = Vec::new();
        for (channel, credentials) in self.accounts {
            let integration = environment.integrations.iter().find(|stored| stored.active && stored.channel == channel);
            channels.extend(integration.map(|integration| {
                json!({
                    "providerId": integration.provider_id, "_integrationId": integration.id, "credentials": credentials,
                })
            }));
        }
        if !channels.is_empty() {
            fields.insert("channels".to_owned(), channels.into());
        }
        environment.put_subscriber(&self.id, &fields);
    }
}

impl From<&str> for SubscriberRecord {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<&String> for SubscriberRecord {
    fn from(id: &String) -> Self {
        Self::new(id)
    }
}

impl From<String> for SubscriberRecord {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

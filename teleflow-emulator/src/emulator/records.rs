//! The records that messages need: integrations, layouts, preferences and settings.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Emulator;
use crate::database::channel::Channel;
use crate::database::environment::Environment;
use crate::database::integration::Integration;
use crate::database::layout::Layout;
use crate::database::preference::Preference;
use crate::misuse::misuse;

impl Emulator {
    /// Adds an integration from the JSON that `GET /v1/integrations` returns, or replaces the one with the same `_id`.
    /// A primary one replaces the primary one of its channel.
    ///
    /// A new emulator has an active integration for each channel, with the provider's id as `_id` and identifier:
    /// `sendgrid`, `twilio`, `fcm`, `slack` and `novu`.
    ///
    /// # Errors
    ///
    /// Fails if the JSON is not an integration.
    ///
    /// # Examples
    ///
    /// ```
    /// let emulator = teleflow_emulator::Emulator::new();
    /// emulator.integration_document(serde_json::json!({
    ///     "_id": "65f000000000000000000002", "channel": "email", "providerId": "mailgun", "identifier": "mailgun",
    ///     "active": true, "primary": true, "credentials": { "from": "shop@example.com" },
    /// }))?;
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn integration_document(&self, document: Value) -> Result<&Self, serde_json::Error> {
        let integration = Integration::deserialize(document)?;
        Ok(self.add(|environment, _| environment.put_integration(integration.clone())))
    }

    /// Removes every integration of a channel, so that its messages are not sent.
    ///
    /// ```
    /// use teleflow_emulator::{Channel, Emulator};
    ///
    /// Emulator::new().without_integration(Channel::Sms);
    /// ```
    pub fn without_integration(&self, channel: Channel) -> &Self {
        self.add(|environment, _| environment.integrations.retain(|stored| stored.channel != channel))
    }

    /// Adds a layout for e-mails, or replaces the one with the same identifier. `{{{body}}}` prints the content.
    ///
    /// ```
    /// use teleflow_emulator::{Emulator, Workflow};
    ///
    /// let emulator = Emulator::new();
    /// emulator
    ///     .layout("shop", "<html><body><h1>Shop</h1>{{{body}}}</body></html>")
    ///     .workflow(Workflow::new("welcome").email("Welcome!", "<p>Hi!</p>").layout("shop"));
    /// ```
    pub fn layout(&self, identifier: impl Into<String>, html: impl Into<String>) -> &Self {
        // Workflows name a layout by its id, which need not exist yet.
        let layout = Layout::new(&identifier.into(), &html.into());
        self.add(|environment, _| environment.put_layout(layout.clone()))
    }

    /// Sets the channels that a subscriber has on. It replaces an earlier preference for the same workflow, or for all.
    pub fn preference(&self, preference: Preference) -> &Self {
        self.add(|environment, _| environment.put_preference(preference.clone()))
    }

    /// Sets the logo and the color that e-mails and in-app messages read as `branding.logo` and `branding.color`.
    pub fn branding(&self, logo: impl Into<String>, color: impl Into<String>) -> &Self {
        let branding = json!({ "logo": logo.into(), "color": color.into() });
        self.add(|environment, _| environment.settings.branding = branding.clone())
    }

    /// Sets the domain at which replies to e-mails are received.
    pub fn inbound_domain(&self, domain: impl Into<String>) -> &Self {
        let dns = json!({ "mxRecordConfigured": true, "inboundParseDomain": domain.into() });
        self.add(|environment, _| environment.settings.dns = dns.clone())
    }

    /// Sets the response of a webhook that is a condition of a step. A condition without one fails the step.
    pub fn webhook(&self, url: impl Into<String>, status: u16, body: impl Into<Value>) -> &Self {
        let (url, body) = (url.into(), body.into());
        self.add(|environment, _| drop(environment.webhooks.insert(url.clone(), (status, body.clone()))))
    }

    /// Makes sending over a channel fail with this message, until [`reset`](Self::reset).
    ///
    /// ```
    /// use teleflow_emulator::{Channel, Emulator};
    ///
    /// Emulator::new().fail_channel(Channel::Sms, "service unavailable");
    /// ```
    pub fn fail_channel(&self, channel: Channel, message: impl Into<String>) -> &Self {
        self.change_environment(|environment| drop(environment.channel_errors.insert(channel, message.into())))
    }

    /// Makes sending over a channel work again after [`fail_channel`](Self::fail_channel).
    pub fn restore_channel(&self, channel: Channel) -> &Self {
        self.change_environment(|environment| drop(environment.channel_errors.remove(&channel)))
    }

    /// Makes sending through one provider fail with this message, until [`reset`](Self::reset).
    ///
    /// `provider_id` is the provider of an [integration](Self::integration_document), such as `sendgrid`.
    ///
    /// # Panics
    ///
    /// Panics if no integration has this provider.
    ///
    /// ```
    /// teleflow_emulator::Emulator::new().fail_provider("sendgrid", "bounced");
    /// ```
    #[track_caller]
    pub fn fail_provider(&self, provider_id: &str, message: impl Into<String>) -> &Self {
        self.check_provider(provider_id);
        self.change_environment(|environment| {
            drop(environment.provider_errors.insert(provider_id.to_owned(), message.into()));
        })
    }

    /// Makes sending through one provider work again after [`fail_provider`](Self::fail_provider).
    ///
    /// # Panics
    ///
    /// Panics if no integration has this provider.
    #[track_caller]
    pub fn restore_provider(&self, provider_id: &str) -> &Self {
        self.check_provider(provider_id);
        self.change_environment(|environment| drop(environment.provider_errors.remove(provider_id)))
    }

    #[track_caller]
    fn check_provider(&self, provider_id: &str) {
        let mut known: Vec<String> = Vec::new();
        self.change_environment(|environment| {
            known = environment.integrations.iter().map(|stored| stored.provider_id.clone()).collect();
        });
        if !known.iter().any(|known| known == provider_id) {
            let known = known.join("`, `");
            misuse(&format!("no integration has the provider `{provider_id}`; the providers are `{known}`"));
        }
    }

    /// Changes the current data only: a reset restores it.
    fn change_environment(&self, change: impl FnOnce(&mut Environment)) -> &Self {
        change(self.shared.lock().database.environment_of_key(&self.key));
        self
    }
}

//! The records that messages need: integrations, layouts, preferences and settings.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Emulator;
use crate::database::integration::Integration;
use crate::database::layout::Layout;
use crate::database::preference::Preference;

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

    /// Removes every integration of a channel, so that its messages are not sent: `email`, `sms`, `push`, `chat` or `in_app`.
    ///
    /// ```
    /// teleflow_emulator::Emulator::new().without_integration("sms");
    /// ```
    pub fn without_integration(&self, channel: &str) -> &Self {
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
    pub fn layout(&self, identifier: &str, html: &str) -> &Self {
        // Workflows name a layout by its id, which need not exist yet.
        let layout = Layout::new(identifier, html);
        self.add(|environment, _| environment.put_layout(layout.clone()))
    }

    /// Sets the channels that a subscriber has on. It replaces an earlier preference for the same workflow, or for all.
    pub fn preference(&self, preference: Preference) -> &Self {
        self.add(|environment, _| environment.put_preference(preference.clone()))
    }

    /// Sets the logo and the color that e-mails and in-app messages read as `branding.logo` and `branding.color`.
    pub fn branding(&self, logo: &str, color: &str) -> &Self {
        self.add(|environment, _| environment.settings.branding = json!({ "logo": logo, "color": color }))
    }

    /// Sets the domain at which replies to e-mails are received.
    pub fn inbound_domain(&self, domain: &str) -> &Self {
        let dns = json!({ "mxRecordConfigured": true, "inboundParseDomain": domain });
        self.add(|environment, _| environment.settings.dns = dns.clone())
    }

    /// Sets the response of a webhook that is a condition of a step. A condition without one fails the step.
    pub fn webhook(&self, url: &str, status: u16, body: &Value) -> &Self {
        self.add(|environment, _| drop(environment.webhooks.insert(url.to_owned(), (status, body.clone()))))
    }

    /// Makes sending through a provider fail with this message, until [`reset`](Self::reset).
    ///
    /// `provider` is the id of a provider, such as `sendgrid`, or a channel.
    ///
    /// ```
    /// teleflow_emulator::Emulator::new().fail_provider("sms", "service unavailable");
    /// ```
    pub fn fail_provider(&self, provider: &str, message: &str) -> &Self {
        let mut state = self.shared.lock();
        let errors = &mut state.database.environment_of_key(&self.key).provider_errors;
        errors.insert(provider.to_owned(), message.to_owned());
        drop(state);
        self
    }

    /// Makes sending through a provider work again after [`fail_provider`](Self::fail_provider).
    pub fn restore_provider(&self, provider: &str) -> &Self {
        self.shared.lock().database.environment_of_key(&self.key).provider_errors.remove(provider);
        self
    }
}

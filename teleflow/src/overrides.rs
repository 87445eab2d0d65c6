//! What an event changes in the settings of its workflow.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use teleflow_catalog::server_facts::ReservedKey;

use crate::json::Json;
use crate::shown;

/// Setters of optional texts, for the two channels below.
macro_rules! texts {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field(mut self, $field: impl Into<String>) -> Self {
            self.$field = Some($field.into());
            self
        }
    )*};
}

mod email;
mod sms;

pub use email::EmailOverrides;
pub use sms::SmsOverrides;

/// What an event changes in the settings of its workflow, for this once.
///
/// Offered is what the server's worker reads (`send-message-*.usecase.ts`). It reads nothing for
/// in-app steps, and nothing called `push`: name the push provider instead.
///
/// ```
/// use std::time::Duration;
/// use teleflow::{EmailOverrides, Event, Overrides, SmsOverrides};
///
/// let overrides = Overrides::new()
///     .email(EmailOverrides::new().subject("Shipped!").reply_to("shop@example.com"))
///     .sms(SmsOverrides::new().from("Acme"))
///     .layout("christmas")
///     .delay(Duration::from_secs(3600))
///     .provider("fcm", serde_json::json!({"type": "data"}));
/// let request = Event::untyped("order-shipped", serde_json::json!({})).to("ada").overrides(overrides).into_request()?;
/// # Ok::<(), teleflow::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides {
    layout: Option<String>,
    delay: Option<u64>,
    /// By channel (`email`, `sms`, `chat`) or by provider.
    channels: BTreeMap<String, Json>,
}

impl Overrides {
    /// No changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes to e-mails, whoever their provider is.
    #[must_use]
    pub fn email(self, email: EmailOverrides) -> Self {
        self.channel("email", &email)
    }

    /// Changes to SMS, whoever their provider is.
    #[must_use]
    pub fn sms(self, sms: SmsOverrides) -> Self {
        self.channel("sms", &sms)
    }

    /// How long the workflow's regular delay and digest steps wait.
    ///
    /// In whole seconds, a part of one rounded up. The server takes weeks and months too, and waits
    /// as many seconds; so this client never writes them. (`calculate-delay.service.ts`.)
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0)));
        self
    }

    /// The identifier of the e-mail layout to use.
    ///
    /// If there is no such layout, the e-mail goes out without one.
    #[must_use]
    pub fn layout(mut self, identifier: impl Into<String>) -> Self {
        self.layout = Some(identifier.into());
        self
    }

    /// Settings for one provider by its id, such as `fcm`, `apns`, `sendgrid`, or for `chat`.
    ///
    /// `value` is what serializes to a JSON object, under the rules of a payload; what may stand in
    /// it is the provider's affair. Where both are given, the provider wins over its channel.
    #[must_use]
    pub fn provider(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.channel(name, &value)
    }

    fn channel(mut self, name: impl Into<String>, value: &impl Serialize) -> Self {
        self.channels.insert(name.into(), Json::of(value));
        self
    }

    pub(crate) fn fault(&self) -> Option<String> {
        if self.delay.is_some_and(|seconds| seconds > 1 << 53) {
            return Some(String::from("`overrides.delay` is longer than the server can count"));
        }
        self.channels.iter().find_map(|(name, value)| match name.as_str() {
            "push" => Some(String::from(
                "`overrides.push` is never read by the server; name the provider instead, such as `fcm` or `apns`",
            )),
            "delay" | "layoutIdentifier" => {
                Some(format!("`overrides.{name}` is no provider; it has a method of its own"))
            }
            "" => Some(String::from("`overrides` has a provider without a name")),
            _ => match ReservedKey::of(name) {
                Some(key) => Some(format!(
                    "`overrides.{}` is a reserved key: {}; name a provider",
                    shown::text(name),
                    key.consequence()
                )),
                None => Some(value.fault()?.of(&format!("overrides.{name}"))),
            },
        })
    }
}

impl Serialize for Overrides {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Delay {
            amount: u64,
            unit: &'static str,
        }

        let mut map = serializer.serialize_map(None)?;
        if let Some(layout) = &self.layout {
            map.serialize_entry("layoutIdentifier", layout)?;
        }
        if let Some(amount) = self.delay {
            map.serialize_entry("delay", &Delay { amount, unit: "seconds" })?;
        }
        for (name, value) in &self.channels {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

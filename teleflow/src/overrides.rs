//! What an event changes in the settings of its workflow.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use teleflow_catalog::server_facts::{LARGEST_INTEGER, ReservedKey};
use teleflow_http::sanitize;

use crate::json::Json;

/// The setters of a channel's optional texts, and a `Debug` that shows which settings there are but none of their values.
macro_rules! settings {
    ($type:ty { $($(#[$doc:meta])* $field:ident, $maybe:ident;)* } $($other:ident),* $(,)?) => {
        impl $type {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $field(mut self, $field: impl Into<String>) -> Self {
                    self.$field = Some($field.into());
                    self
                }

                #[doc = concat!("[`", stringify!($field), "`](Self::", stringify!($field), ") if there is a value; otherwise nothing changes.")]
                #[must_use]
                pub fn $maybe(self, $field: Option<impl Into<String>>) -> Self {
                    match $field {
                        Some(value) => self.$field(value),
                        None => self,
                    }
                }
            )*

            /// Data for the provider: what serializes to a JSON object.
            #[must_use]
            pub fn custom_data(mut self, data: impl Serialize) -> Self {
                self.custom_data = Some(Json::of(&data));
                self
            }

            /// [`custom_data`](Self::custom_data) if there is a value; otherwise nothing changes.
            #[must_use]
            pub fn maybe_custom_data(self, data: Option<impl Serialize>) -> Self {
                match data {
                    Some(data) => self.custom_data(data),
                    None => self,
                }
            }
        }

        /// Shows which settings there are, and none of their values.
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let unset = Self::default();
                let mut debug = f.debug_struct(stringify!($type));
                $(if self.$field != unset.$field {
                    debug.field(stringify!($field), &format_args!("…"));
                })*
                $(if self.$other != unset.$other {
                    debug.field(stringify!($other), &format_args!("…"));
                })*
                debug.finish()
            }
        }
    };
}

mod email;
mod sms;

pub use email::EmailOverrides;
pub use sms::SmsOverrides;

/// What an event changes in the settings of its workflow, for this once.
///
/// It offers what the server's worker reads. The worker reads nothing for in-app steps, and nothing called
/// `push`: name the push provider instead.
///
/// Each channel and each provider is set once. An event whose overrides set one of them twice is
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid): the second would replace the first as a whole.
///
/// `Debug` shows what is set, and of channels and providers none of the values.
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
// Source: send-message-*.usecase.ts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides {
    layout: Option<String>,
    delay: Option<u64>,
    /// By channel (`email`, `sms`, `chat`) or by provider.
    channels: BTreeMap<String, Json>,
    /// The first of these names that was set twice.
    set_twice: Option<String>,
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

    /// [`email`](Self::email) if there is a value; otherwise nothing changes.
    #[must_use]
    pub fn maybe_email(self, email: Option<EmailOverrides>) -> Self {
        match email {
            Some(email) => self.email(email),
            None => self,
        }
    }

    /// Changes to SMS, whoever their provider is.
    #[must_use]
    pub fn sms(self, sms: SmsOverrides) -> Self {
        self.channel("sms", &sms)
    }

    /// [`sms`](Self::sms) if there is a value; otherwise nothing changes.
    #[must_use]
    pub fn maybe_sms(self, sms: Option<SmsOverrides>) -> Self {
        match sms {
            Some(sms) => self.sms(sms),
            None => self,
        }
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

    /// [`delay`](Self::delay) if there is a value; otherwise nothing changes.
    #[must_use]
    pub fn maybe_delay(self, delay: Option<Duration>) -> Self {
        match delay {
            Some(delay) => self.delay(delay),
            None => self,
        }
    }

    /// The identifier of the e-mail layout to use.
    ///
    /// If there is no such layout, the e-mail goes out without one.
    #[must_use]
    pub fn layout(mut self, identifier: impl Into<String>) -> Self {
        self.layout = Some(identifier.into());
        self
    }

    /// [`layout`](Self::layout) if there is a value; otherwise nothing changes.
    #[must_use]
    pub fn maybe_layout(self, identifier: Option<impl Into<String>>) -> Self {
        match identifier {
            Some(identifier) => self.layout(identifier),
            None => self,
        }
    }

    /// Settings for one provider by its id, such as `fcm`, `apns`, `sendgrid`, or for `chat`.
    ///
    /// `value` serializes to a JSON object, under the rules of a payload; the provider decides what it may
    /// contain. A setting of a provider wins over the same setting of its channel.
    ///
    /// The names `push`, `in_app`, `delay`, `layoutIdentifier`, a blank name and a name that is a reserved key
    /// are [`ErrorKind::Invalid`](crate::ErrorKind::Invalid). `email` and `sms` are allowed where
    /// [`email`](Self::email) and [`sms`](Self::sms) are not called.
    #[must_use]
    pub fn provider(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.channel(name, &value)
    }

    /// [`provider`](Self::provider) if there is a value; otherwise nothing changes.
    #[must_use]
    pub fn maybe_provider(self, name: impl Into<String>, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.provider(name, value),
            None => self,
        }
    }

    fn channel(mut self, name: impl Into<String>, value: &impl Serialize) -> Self {
        match self.channels.entry(name.into()) {
            Entry::Vacant(entry) => {
                entry.insert(Json::of(value));
            }
            Entry::Occupied(entry) => {
                self.set_twice.get_or_insert_with(|| entry.key().clone());
            }
        }
        self
    }

    pub(crate) fn fault(&self) -> Option<String> {
        if self.delay.is_some_and(|seconds| seconds > LARGEST_INTEGER) {
            return Some(String::from("`overrides.delay` is longer than the server can count"));
        }
        if let Some(name) = &self.set_twice {
            let name = sanitize::text(name);
            return Some(format!("`overrides.{name}` is set twice; put all its settings into one call"));
        }
        self.channels.iter().find_map(|(name, value)| {
            name_fault(name).or_else(|| Some(value.fault()?.of(&format!("overrides.{}", sanitize::text(name)))))
        })
    }
}

/// Why the server would not read a channel or provider of this name.
fn name_fault(name: &str) -> Option<String> {
    match name {
        "push" | "in_app" => Some(format!(
            "`overrides.{name}` is never read by the server; for push messages name the provider, such as `fcm` or `apns`"
        )),
        "delay" => Some(String::from("`overrides.delay` is not a provider; use `Overrides::delay`")),
        "layoutIdentifier" => {
            Some(String::from("`overrides.layoutIdentifier` is not a provider; use `Overrides::layout`"))
        }
        name if name.trim().is_empty() => Some(String::from("`overrides` has a provider without a name")),
        name => {
            let reserved = ReservedKey::of(name)?;
            let name = sanitize::text(name);
            Some(format!("`overrides.{name}` is a reserved key: {}", reserved.consequence()))
        }
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

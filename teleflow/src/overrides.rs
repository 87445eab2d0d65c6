//! Settings of a workflow that an event overrides.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use teleflow_catalog::server_facts::{LARGEST_INTEGER, ReservedKey};
use teleflow_http::sanitize;

use crate::invalid::Invalid;
use crate::json::JsonData;

/// Implements the setters of a channel's strings, and a `Debug` that shows which settings are set but hides their values.
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

                #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") if there is a value.")]
                #[must_use]
                pub fn $maybe(self, $field: Option<impl Into<String>>) -> Self {
                    match $field {
                        Some(value) => self.$field(value),
                        None => self,
                    }
                }
            )*

            /// Sets data for the provider. It must serialize to a JSON object.
            #[must_use]
            pub fn custom_data(mut self, data: impl Serialize) -> Self {
                self.custom_data = Some(JsonData::of(&data));
                self
            }

            /// Sets [`custom_data`](Self::custom_data) if there is a value.
            #[must_use]
            pub fn maybe_custom_data(self, data: Option<impl Serialize>) -> Self {
                match data {
                    Some(data) => self.custom_data(data),
                    None => self,
                }
            }
        }

        /// Shows which settings are set, but hides their values.
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

/// Settings of the workflow that one event overrides.
///
/// There is a setter for everything that the server's worker reads. The worker ignores overrides for in-app steps and
/// for `push`: use the name of the push provider instead.
///
/// Set each channel and each provider only once. An event whose overrides set one of them twice is
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid), because the second would replace the first as a whole.
///
/// `Debug` shows what is set, but hides the values of channels and providers.
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
    channels: BTreeMap<String, JsonData>,
    /// The first name that was set twice.
    set_twice: Option<String>,
}

impl Overrides {
    /// Creates overrides without settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Overrides settings of e-mails, for every provider.
    #[must_use]
    pub fn email(self, email: EmailOverrides) -> Self {
        self.channel("email", &email)
    }

    /// Sets [`email`](Self::email) if there is a value.
    #[must_use]
    pub fn maybe_email(self, email: Option<EmailOverrides>) -> Self {
        match email {
            Some(email) => self.email(email),
            None => self,
        }
    }

    /// Overrides settings of SMS, for every provider.
    #[must_use]
    pub fn sms(self, sms: SmsOverrides) -> Self {
        self.channel("sms", &sms)
    }

    /// Sets [`sms`](Self::sms) if there is a value.
    #[must_use]
    pub fn maybe_sms(self, sms: Option<SmsOverrides>) -> Self {
        match sms {
            Some(sms) => self.sms(sms),
            None => self,
        }
    }

    /// Sets how long the workflow's regular delay and digest steps wait, rounded up to whole seconds.
    // Seconds only: for weeks and months the server waits as many seconds. Source: calculate-delay.service.ts.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0)));
        self
    }

    /// Sets [`delay`](Self::delay) if there is a value.
    #[must_use]
    pub fn maybe_delay(self, delay: Option<Duration>) -> Self {
        match delay {
            Some(delay) => self.delay(delay),
            None => self,
        }
    }

    /// Sets the identifier of the e-mail layout.
    ///
    /// If there is no such layout, the e-mail is sent without one.
    #[must_use]
    pub fn layout(mut self, identifier: impl Into<String>) -> Self {
        self.layout = Some(identifier.into());
        self
    }

    /// Sets [`layout`](Self::layout) if there is a value.
    #[must_use]
    pub fn maybe_layout(self, identifier: Option<impl Into<String>>) -> Self {
        match identifier {
            Some(identifier) => self.layout(identifier),
            None => self,
        }
    }

    /// Overrides settings of one provider by its id, such as `fcm`, `apns`, `sendgrid`, or of `chat`.
    ///
    /// `value` must serialize to a JSON object, by the rules of a payload; the provider defines its content. A setting of
    /// a provider takes precedence over the same setting of its channel.
    ///
    /// The names `push`, `in_app`, `delay`, `layoutIdentifier`, a blank name and a name that is a reserved key
    /// are [`ErrorKind::Invalid`](crate::ErrorKind::Invalid). `email` and `sms` are allowed if
    /// [`email`](Self::email) and [`sms`](Self::sms) are not called.
    #[must_use]
    pub fn provider(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.channel(name, &value)
    }

    /// Sets [`provider`](Self::provider) if there is a value.
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
                entry.insert(JsonData::of(value));
            }
            Entry::Occupied(entry) => {
                self.set_twice.get_or_insert_with(|| entry.key().clone());
            }
        }
        self
    }

    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if self.delay.is_some_and(|seconds| seconds > LARGEST_INTEGER) {
            return Err(Invalid::new("`overrides.delay` is longer than the server can count"));
        }
        if let Some(name) = &self.set_twice {
            let name = sanitize::text(name);
            return Err(Invalid::new(format!("`overrides.{name}` is set twice; put all its settings into one call")));
        }
        self.channels.iter().try_for_each(|(name, value)| {
            validate_name(name)?;
            value.validate().map_err(|invalid| invalid.named(&format!("overrides.{}", sanitize::text(name))))
        })
    }
}

/// Rejects the name of a channel or provider that the server would not read.
fn validate_name(name: &str) -> Result<(), Invalid> {
    let message = match name {
        "push" | "in_app" => format!(
            "the server ignores `overrides.{name}`; for push messages use the name of the provider, such as `fcm` or `apns`"
        ),
        "delay" => String::from("`overrides.delay` is not a provider; use `Overrides::delay`"),
        "layoutIdentifier" => String::from("`overrides.layoutIdentifier` is not a provider; use `Overrides::layout`"),
        name if name.trim().is_empty() => String::from("`overrides` has a provider without a name"),
        name => match ReservedKey::of(name) {
            Some(reserved) => {
                let name = sanitize::text(name);
                format!("`overrides.{name}` is a reserved key: {}", reserved.consequence())
            }
            None => return Ok(()),
        },
    };
    Err(Invalid::new(message))
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

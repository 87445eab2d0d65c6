//! Settings of SMS that an event overrides.

use serde::Serialize;

use crate::json::JsonData;

/// Settings of SMS that an event overrides, for [`Overrides::sms`](crate::Overrides::sms).
///
/// `Debug` shows which settings are set, but hides their values.
///
/// ```
/// use teleflow::{Overrides, SmsOverrides};
///
/// let overrides = Overrides::new().sms(SmsOverrides::new().from("Acme").content("Shipped!"));
/// ```
#[derive(Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SmsOverrides {
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_data: Option<JsonData>,
}

impl SmsOverrides {
    /// Creates overrides without settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

settings! {
    SmsOverrides {
        /// Sets the number to send to, **instead of** the subscriber's.
        to, maybe_to;
        /// Sets the sender's number or name.
        from, maybe_from;
        /// Sets the text.
        content, maybe_content;
        /// Selects one of the environment's integrations. If there is no such integration, nothing is sent.
        integration_identifier, maybe_integration_identifier;
    }
    custom_data
}

//! What an event changes in its SMS.

use serde::Serialize;

use crate::json::Json;

/// What an event changes in its SMS, for [`Overrides::sms`](crate::Overrides::sms).
///
/// ```
/// use teleflow::{Overrides, SmsOverrides};
///
/// let overrides = Overrides::new().sms(SmsOverrides::new().from("Acme").content("Shipped!"));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
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
    custom_data: Option<Json>,
}

impl SmsOverrides {
    /// No changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    texts! {
        /// The number that gets it, **instead of** the subscriber's.
        to,
        /// The sender's number or name.
        from,
        /// The text.
        content,
        /// Which of the environment's integrations sends it. If there is no such integration, nothing is sent.
        integration_identifier,
    }

    /// Data for the provider: what serializes to a JSON object.
    #[must_use]
    pub fn custom_data(mut self, data: impl Serialize) -> Self {
        self.custom_data = Some(Json::of(&data));
        self
    }
}

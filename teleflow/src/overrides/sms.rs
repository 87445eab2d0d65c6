//! What an event changes in its SMS.

use serde::Serialize;

use crate::json::Json;

/// What an event changes in its SMS, for [`Overrides::sms`](crate::Overrides::sms).
///
/// `Debug` shows which settings there are, and none of their values.
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
    custom_data: Option<Json>,
}

impl SmsOverrides {
    /// No changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

settings! {
    SmsOverrides {
        /// The number that gets it, **instead of** the subscriber's.
        to, maybe_to;
        /// The sender's number or name.
        from, maybe_from;
        /// The text.
        content, maybe_content;
        /// Which of the environment's integrations sends it. If there is no such integration, nothing is sent.
        integration_identifier, maybe_integration_identifier;
    }
    custom_data
}

//! The entries of a step's execution details.

use std::borrow::Cow;

use serde_json::Value;

/// An entry of a step's execution details.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detail {
    /// `Success`, `Pending`, `Warning` or `Failed`.
    pub(crate) status: &'static str,
    pub(crate) detail: Cow<'static, str>,
    /// The server stores it as JSON text.
    pub(crate) raw: Option<Value>,
}

/// The server's texts.
pub(super) mod text {
    pub(crate) const TENANT_SELECTED: &str = "Tenant context selected";
    pub(crate) const TENANT_NOT_FOUND: &str = "Tenant identifier not found";
    pub(crate) const FILTERED: &str = "Step was filtered based on steps filters";
    pub(crate) const FILTERED_GLOBALLY: &str = "Step filtered by subscriber global preferences";
    pub(crate) const FILTERED_BY_SUBSCRIBER: &str = "Step filtered by subscriber preferences";
    pub(crate) const START_SENDING: &str = "Start sending message";
    pub(crate) const INTEGRATION_SELECTED: &str = "Integration instance selected";
    pub(crate) const NO_INTEGRATION: &str = "Subscriber does not have an active integration";
    pub(crate) const LIMIT_PASSED: &str = "Novu's provider limit has been reached";
    pub(crate) const LAYOUT_NOT_FOUND: &str = "Layout not found ";
    pub(crate) const VARIANT_CHOSEN: &str = "Variant was chosen by the provided condition criteria";
    pub(crate) const NOT_GENERATED: &str = "Message content could not be generated";
    pub(crate) const CREATED: &str = "Message created";
    pub(crate) const SENT: &str = "Message sent";
    pub(crate) const PROVIDER_ERROR: &str = "Unexpected provider error";
    pub(crate) const NO_RECIPIENT: &str = "Subscriber missing recipient details";
    pub(crate) const NO_CHANNEL: &str = "Subscriber does not have a configured channel";
    pub(crate) const NO_DEVICE_TOKENS: &str =
        "Subscriber credentials is missing the tokens for sending a push notification message";
    pub(crate) const NOTIFICATION_ERROR: &str = "There was one or more errors when trying to execute the notification";
    pub(crate) const NO_CHAT_WEBHOOK: &str = "Webhook URL for the chat channel is missing";
    pub(crate) const ALL_CHAT_FAILED: &str = "All chat channels failed to send the message";
    pub(crate) const NO_REPLY_URL: &str = "Inbound mail - Missing replay callback URL";
    pub(crate) const NO_REPLY_SETTINGS: &str = "Inbound mail - Missing configuration";
    pub(crate) const NO_REPLY_MX_RECORD: &str = "Inbound mail - Missing MX Record configuration";
    pub(crate) const NO_REPLY_DOMAIN: &str = "Inbound mail - Missing MX route domain configuration";
}

impl Detail {
    pub(super) fn new(status: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, detail: detail.into(), raw: None }
    }

    pub(super) fn failed(detail: &'static str, raw: Value) -> Self {
        Self { raw: Some(raw), ..Self::new("Failed", detail) }
    }
}

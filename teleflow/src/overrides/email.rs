//! Settings of e-mails that an event overrides.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::json::JsonData;

/// Settings of e-mails that an event overrides, for [`Overrides::email`](crate::Overrides::email).
///
/// `Debug` shows which settings are set, but hides their values.
///
/// ```
/// use teleflow::{EmailOverrides, Overrides};
///
/// let email = EmailOverrides::new()
///     .to(["archive@example.com"])
///     .sender_name("The shop")
///     .header("X-Order", "A-7");
/// let overrides = Overrides::new().email(email);
/// ```
#[derive(Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailOverrides {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cc: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bcc: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sender_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_pool_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    integration_identifier: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_data: Option<JsonData>,
}

macro_rules! lists {
    ($($(#[$doc:meta])* $field:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $field<A: Into<String>>(mut self, addresses: impl IntoIterator<Item = A>) -> Self {
            self.$field.extend(addresses.into_iter().map(Into::into));
            self
        }
    )*};
}

impl EmailOverrides {
    /// Creates overrides without settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    lists! {
        /// Adds addresses that get the e-mail in addition to the subscriber's.
        to,
        /// Adds addresses in copy.
        cc,
        /// Adds addresses in blind copy.
        bcc,
    }

    /// Sets a header of the e-mail.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sets [`header`](Self::header) if there is a value.
    #[must_use]
    pub fn maybe_header(self, name: impl Into<String>, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }
}

settings! {
    EmailOverrides {
        /// Sets the sender's address.
        from, maybe_from;
        /// Sets the sender's name.
        sender_name, maybe_sender_name;
        /// Sets the address for replies.
        reply_to, maybe_reply_to;
        /// Sets the subject.
        subject, maybe_subject;
        /// Sets the body as plain text. It also replaces the HTML body if [`html`](Self::html) is not set.
        text, maybe_text;
        /// Sets the body as HTML.
        html, maybe_html;
        /// Sets the pool of sending IP addresses, for providers that support it.
        ip_pool_name, maybe_ip_pool_name;
        /// Selects one of the environment's integrations. If there is no such integration, nothing is sent.
        integration_identifier, maybe_integration_identifier;
    }
    to, cc, bcc, headers, custom_data
}

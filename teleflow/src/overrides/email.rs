//! What an event changes in its e-mails.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::json::Json;

/// What an event changes in its e-mails, for [`Overrides::email`](crate::Overrides::email).
///
/// `Debug` shows which settings there are, and none of their values.
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
    custom_data: Option<Json>,
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
    /// No changes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    lists! {
        /// Addresses that get the e-mail too, beside the subscriber's.
        to,
        /// Addresses in copy.
        cc,
        /// Addresses in blind copy.
        bcc,
    }

    /// A header of the e-mail.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// [`header`](Self::header) if there is a value; otherwise nothing changes.
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
        /// The sender's address.
        from, maybe_from;
        /// The sender's name.
        sender_name, maybe_sender_name;
        /// Where answers go.
        reply_to, maybe_reply_to;
        /// The subject.
        subject, maybe_subject;
        /// The body as plain text. It also replaces the HTML body if [`html`](Self::html) is not given.
        text, maybe_text;
        /// The body as HTML.
        html, maybe_html;
        /// The pool of sending addresses, for providers that have such.
        ip_pool_name, maybe_ip_pool_name;
        /// Which of the environment's integrations sends it. If there is no such integration, nothing is sent.
        integration_identifier, maybe_integration_identifier;
    }
    to, cc, bcc, headers, custom_data
}

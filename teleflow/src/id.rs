//! Identifiers: of a workflow's trigger, of a subscriber, of a transaction.
//!
//! Constructors do not fail, so that a chain of setters needs no `?`. Ids are validated when a request is built: a
//! malformed one is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use teleflow_catalog::server_facts::validate_trigger_id;

use crate::invalid::Invalid;

mod foreign_types;
mod derived;
mod text;

pub use derived::TransactionIdPieces;
pub(crate) use text::UuidText;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($text:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($text);

        impl $name {
            /// The identifier as a string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }
    };
}

id! {
    /// The *trigger identifier* of a workflow, such as `order-shipped`.
    ///
    /// Any non-empty string without control characters and without a space at either end. With
    /// `#[derive(TeleflowWorkflow)]` the attribute has it; this type is for identifiers that are known only at run time.
    ///
    /// ```
    /// use teleflow::{Event, TriggerId};
    ///
    /// let trigger = TriggerId::from("order-shipped");
    /// let request = Event::untyped(trigger, serde_json::json!({"order_id": "A-7"}))
    ///     .to("ada")
    ///     .into_request()?;
    /// assert_eq!(request.path(), "/v1/events/trigger");
    /// # Ok::<(), teleflow::Error>(())
    /// ```
    TriggerId(Cow<'static, str>)
}

id! {
    /// The identifier that the application gives to one of its subscribers.
    ///
    /// Any string that is not blank. The server creates an unknown subscriber. It trims the id: `" ada"` is `"ada"`.
    ///
    /// ```
    /// let ada = teleflow::SubscriberId::from("ada");
    /// assert_eq!(ada.as_str(), "ada");
    /// ```
    SubscriberId(Cow<'static, str>)
}

id! {
    /// The identifier of one event, by which it can be found and cancelled.
    ///
    /// Every event has one before anything is sent: the one passed to
    /// [`Event::transaction_id`](crate::Event::transaction_id), or one derived from the template in the struct's attribute,
    /// or a random UUID v4.
    ///
    /// The server's worker silently drops an event whose id it has seen *in the same environment*, even if workflow and
    /// recipients differ. So an id belongs to one event.
    ///
    /// ```
    /// use teleflow::TransactionId;
    ///
    /// let id = TransactionId::random();
    /// assert_eq!(id.as_str().len(), 36);
    /// let stored_id = String::from(id.as_str());
    /// assert_eq!(TransactionId::from(stored_id), id);
    /// ```
    TransactionId(UuidText)
}

impl TriggerId {
    /// The identifier of a derived struct, which the macro has checked.
    pub(crate) const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        match &self.0 {
            // Only `from_static` borrows.
            Cow::Borrowed(_) => Ok(()),
            Cow::Owned(text) => validate_trigger_id(text).map_err(|invalid| Invalid::new(invalid.message())),
        }
    }
}

impl TransactionId {
    /// Creates a random UUID v4, as the server itself does.
    #[must_use]
    pub fn random() -> Self {
        Self(UuidText::random())
    }

    /// The identifier in UTF-8. Unlike [`as_str`](Self::as_str) it costs nothing.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// For an empty id the server would create one of its own, a different one for each attempt.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        if self.0.trim().is_empty() {
            Err(Invalid::new("the transaction id is blank"))
        } else if self.0.chars().any(char::is_control) {
            Err(Invalid::new("the transaction id has a control character in it"))
        } else {
            Ok(())
        }
    }
}

impl SubscriberId {
    /// The server trims a blank id to an empty one and then drops the whole job.
    pub(crate) fn validate(id: &str) -> Result<(), Invalid> {
        let is_usual = id.bytes().next().is_some_and(|first| first.is_ascii_graphic());
        if !is_usual && Self::trimmed(id).is_empty() { Err(Invalid::new("has a blank subscriber id")) } else { Ok(()) }
    }

    /// The id as the server's worker trims it, with JavaScript's `trim`.
    // Source: create-subscriber.command.ts.
    pub(crate) fn trimmed(id: &str) -> &str {
        // Unicode's white space includes U+0085, which JavaScript's does not, and lacks U+FEFF.
        id.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
    }
}

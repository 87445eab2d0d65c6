//! Identifiers: of a workflow's trigger, of a subscriber, of a transaction.
//!
//! They are made without failing and checked when a request is formed, so that a builder's chain
//! has no `?` in its middle; an ill-formed one is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use teleflow_catalog::server_facts::{InvalidTriggerId, validate_trigger_id};
use uuid::Uuid;

mod derived;

pub use derived::TransactionIdPieces;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// The identifier as text.
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

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(Cow::Owned(text))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(Cow::Owned(text.to_owned()))
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<Cow<'_, str>> for $name {
            fn from(text: Cow<'_, str>) -> Self {
                Self(Cow::Owned(text.into_owned()))
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
    /// The *trigger identifier* that names a workflow, such as `order-shipped`.
    ///
    /// Any text that is not empty and has no control character and no space at either end: the
    /// dashboard lets people choose freely. With `#[derive(TeleflowWorkflow)]` it stands in the
    /// attribute; this type is for identifiers known only at run time.
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
    TriggerId
}

id! {
    /// The identifier that the application gave to one of its subscribers.
    ///
    /// Any text that is not blank. The server creates a subscriber that it does not know. It trims the id: `" ada"` is
    /// `"ada"`.
    ///
    /// ```
    /// let ada = teleflow::SubscriberId::from("ada");
    /// assert_eq!(ada.as_str(), "ada");
    /// ```
    SubscriberId
}

id! {
    /// The identifier of one event, under which it can be found and cancelled.
    ///
    /// Every event gets one before the first byte leaves: the one given to
    /// [`Event::transaction_id`](crate::Event::transaction_id), or one derived from the template in
    /// the struct's attribute, or a random UUID v4.
    ///
    /// The server's worker drops an event whose id it has seen *in the same environment*, whatever
    /// its workflow and its recipients, without a word to the sender. So an id belongs to one event.
    /// (`trigger-event.usecase.ts`, `validateTransactionIdProperty`.)
    ///
    /// ```
    /// use teleflow::TransactionId;
    ///
    /// let id = TransactionId::random();
    /// assert_eq!(id.as_str().len(), 36);
    /// // Later, from where it was stored:
    /// let stored_id = String::from(id.as_str());
    /// assert_eq!(TransactionId::from(stored_id), id);
    /// ```
    TransactionId
}

impl TriggerId {
    /// The identifier of a derive: its text has been checked by the macro.
    pub(crate) const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// What the server could not make sense of in this identifier.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        validate_trigger_id(&self.0).err().map(InvalidTriggerId::message)
    }
}

impl TransactionId {
    /// A new id, a random UUID v4, as the server itself would make it.
    #[must_use]
    pub fn random() -> Self {
        Self::from(Uuid::new_v4())
    }

    /// An empty id would make the server choose one of its own, on every attempt another.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        if self.0.trim().is_empty() {
            Some("the transaction id is blank")
        } else if self.0.chars().any(char::is_control) {
            Some("the transaction id has a control character in it")
        } else {
            None
        }
    }
}

impl From<Uuid> for TransactionId {
    fn from(id: Uuid) -> Self {
        Self(Cow::Owned(id.hyphenated().to_string()))
    }
}

impl SubscriberId {
    /// A blank id is trimmed to nothing by the server, which then drops the whole job.
    pub(crate) fn fault(id: &str) -> Option<&'static str> {
        Self::trimmed(id).is_empty().then_some("has a blank subscriber id")
    }

    /// The id of the subscriber whom the server's worker makes of this one: trimmed, as JavaScript trims.
    // Source: create-subscriber.command.ts.
    pub(crate) fn trimmed(id: &str) -> &str {
        // Unicode's white space has U+0085, which JavaScript's lacks, and lacks U+FEFF.
        id.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
    }
}

//! Recipients: subscribers, topics, and lists of them.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::id::SubscriberId;
use crate::invalid::Invalid;
use crate::payload_type::{object, serialized_as};

mod field;
mod foreign_types;
mod into_recipients;
mod subscriber;
mod validate;

pub use field::RecipientField;
pub use into_recipients::IntoRecipients;
pub use subscriber::Subscriber;

/// A topic: its subscribers at the time when the server's worker processes the event.
///
/// The worker silently ignores an unknown topic and notifies the other recipients. It does not notify the event's
/// actor as a member of a topic.
///
/// ```
/// use teleflow::Topic;
///
/// assert_eq!(serde_json::to_value(Topic::new("staff"))?, serde_json::json!({"type": "Topic", "topicKey": "staff"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
// Source: trigger-multicast.usecase.ts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    key: String,
}

impl Topic {
    /// Creates a topic with this key.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Serialize for Topic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            /// With a lower-case type, the server takes the topic for a subscriber without an id.
            r#type: &'a str,
            topic_key: &'a str,
        }
        Wire { r#type: "Topic", topic_key: &self.key }.serialize(serializer)
    }
}

object!(Topic, "Topic" { 0 always "type": str, 1 always "topicKey": str; 2 });
// A string, an object, or an array of them.
serialized_as!(Unknown: Recipient, Recipients);

impl From<&Topic> for Topic {
    fn from(topic: &Topic) -> Self {
        topic.clone()
    }
}

/// One recipient: a subscriber by its id, a subscriber with its data, or a topic.
///
/// ```
/// use teleflow::{Recipient, Subscriber, Topic};
///
/// let recipients: [Recipient; 3] =
///     ["ada".into(), Subscriber::new("ben").email("ben@example.com").into(), Topic::new("staff").into()];
/// assert_eq!(recipients.len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Recipient {
    /// A subscriber, by its id.
    Id(SubscriberId),
    /// A subscriber with data that the server updates.
    Subscriber(Subscriber),
    /// All subscribers of a topic.
    Topic(Topic),
}

/// A list of recipients of different kinds.
///
/// The server notifies each subscriber once, even if the list has it twice; the data of the last one counts. The library
/// sets no limit on the length: the list is sent as one event.
///
/// ```
/// use teleflow::{Recipients, Subscriber, Topic};
///
/// let mut recipients: Recipients = ["ada", "ben"].into_iter().collect();
/// recipients.push(Subscriber::new("eve").locale("fr"));
/// recipients.push(Topic::new("staff"));
/// assert_eq!(recipients.len(), 4);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Recipients(Vec<Recipient>);

impl Recipients {
    /// Creates an empty list. An event without recipients is [`ErrorKind::Invalid`](crate::ErrorKind::Invalid).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a recipient.
    pub fn push(&mut self, recipient: impl Into<Recipient>) {
        self.0.push(recipient.into());
    }

    /// The number of recipients.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the list is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The recipients, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Recipient> {
        self.0.iter()
    }
}

impl<R: Into<Recipient>> FromIterator<R> for Recipients {
    fn from_iter<I: IntoIterator<Item = R>>(recipients: I) -> Self {
        Self(recipients.into_iter().map(Into::into).collect())
    }
}

impl<R: Into<Recipient>> Extend<R> for Recipients {
    fn extend<I: IntoIterator<Item = R>>(&mut self, recipients: I) {
        self.0.extend(recipients.into_iter().map(Into::into));
    }
}

impl IntoIterator for Recipients {
    type Item = Recipient;
    type IntoIter = std::vec::IntoIter<Recipient>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Recipients {
    type Item = &'a Recipient;
    type IntoIter = std::slice::Iter<'a, Recipient>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A borrowed [`Recipient`].
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum RecipientRef<'a> {
    /// A subscriber, by its id.
    Id(&'a str),
    /// A subscriber with its data.
    Subscriber(&'a Subscriber),
    /// A topic.
    Topic(&'a Topic),
}

impl<'a> From<&'a Recipient> for RecipientRef<'a> {
    fn from(recipient: &'a Recipient) -> Self {
        match recipient {
            Recipient::Id(id) => Self::Id(id.as_str()),
            Recipient::Subscriber(subscriber) => Self::Subscriber(subscriber),
            Recipient::Topic(topic) => Self::Topic(topic),
        }
    }
}

impl RecipientRef<'_> {
    /// The error lacks its subject, such as `recipient 2`.
    pub(crate) fn validate(self) -> Result<(), Invalid> {
        match self {
            Self::Id(id) => SubscriberId::validate(id),
            Self::Subscriber(subscriber) => subscriber.validate(),
            Self::Topic(topic) if topic.key.trim().is_empty() => Err(Invalid::new("has a blank topic key")),
            Self::Topic(_) => Ok(()),
        }
    }

    /// A string that distinguishes this recipient from every other, for derived transaction ids.
    pub(crate) fn identity(self) -> String {
        match self {
            Self::Id(id) => format!("subscriber:{}", SubscriberId::trimmed(id)),
            Self::Subscriber(subscriber) => Self::Id(subscriber.id().as_str()).identity(),
            Self::Topic(topic) => format!("topic:{}", topic.key),
        }
    }
}

impl Serialize for RecipientRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => id.serialize(serializer),
            Self::Subscriber(subscriber) => subscriber.serialize(serializer),
            Self::Topic(topic) => topic.serialize(serializer),
        }
    }
}

impl fmt::Debug for RecipientRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecipientRef")
    }
}

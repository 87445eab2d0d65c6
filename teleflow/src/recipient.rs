//! Who is notified.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::id::SubscriberId;
use crate::payload_type::{object, written_as};

mod into;
mod subscriber;
mod validate;

pub(crate) use into::Given;
pub use into::IntoRecipients;
pub use subscriber::Subscriber;

/// A topic: the subscribers that joined it when the worker expands the event.
///
/// A topic that does not exist fails in the server's worker, without a word to the sender; the other
/// recipients of the event are notified all the same. The event's actor is left out of its topics.
/// (`trigger-multicast.usecase.ts`.)
///
/// ```
/// use teleflow::Topic;
///
/// assert_eq!(serde_json::to_value(Topic::new("staff"))?, serde_json::json!({"type": "Topic", "topicKey": "staff"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    key: String,
}

impl Topic {
    /// The topic with this key.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }

    /// Its key.
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
            /// In lower case the server takes it for a subscriber without an id.
            r#type: &'a str,
            topic_key: &'a str,
        }
        Wire { r#type: "Topic", topic_key: &self.key }.serialize(serializer)
    }
}

object!(Topic, "Topic" { 0 always "type": str, 1 always "topicKey": str; 2 });
// A text, an object, or a list of them.
written_as!(Unknown: Recipient, Recipients);

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
    /// A subscriber, by its id alone.
    Id(SubscriberId),
    /// A subscriber and what the server shall know of it.
    Subscriber(Subscriber),
    /// All subscribers of a topic.
    Topic(Topic),
}

/// A list of recipients of any kinds.
///
/// The server notifies a subscriber once that is in it twice, with the data of the last mention.
/// There is no limit to its length here; it goes out as one event.
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
    /// An empty list. An event to nobody is refused when it is sent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one at the end.
    pub fn push(&mut self, recipient: impl Into<Recipient>) {
        self.0.push(recipient.into());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
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

/// A recipient as the writer of a body sees it, without a copy.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum RecipientRef<'a> {
    /// A subscriber's id.
    Id(&'a str),
    /// A subscriber and its data.
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
    /// What the server could not make sense of, as the end of a sentence about this recipient.
    pub(crate) fn fault(self) -> Option<String> {
        match self {
            Self::Id(id) => SubscriberId::fault(id).map(String::from),
            Self::Subscriber(subscriber) => subscriber.fault(),
            Self::Topic(topic) => topic.key.trim().is_empty().then(|| String::from("has a blank topic key")),
        }
    }

    /// What tells this recipient from every other, for derived transaction ids.
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

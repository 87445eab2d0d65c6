//! Ids from strings and UUIDs.

use std::borrow::Cow;

use uuid::Uuid;

use super::{SubscriberId, TransactionId, TriggerId, UuidText};

macro_rules! from_strings {
    ($($id:ident($text:ty, $from_str:expr)),*) => {$(
        impl From<String> for $id {
            fn from(text: String) -> Self {
                Self(<$text>::from(text))
            }
        }

        impl From<&str> for $id {
            fn from(text: &str) -> Self {
                Self($from_str(text))
            }
        }

        impl From<&String> for $id {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<Cow<'_, str>> for $id {
            fn from(text: Cow<'_, str>) -> Self {
                match text {
                    Cow::Borrowed(text) => Self::from(text),
                    Cow::Owned(text) => Self::from(text),
                }
            }
        }
    )*};
}

from_strings!(
    TriggerId(Cow<'static, str>, owned),
    SubscriberId(Cow<'static, str>, owned),
    TransactionId(UuidText, UuidText::from)
);

fn owned(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

impl From<Uuid> for TransactionId {
    fn from(id: Uuid) -> Self {
        Self(UuidText::from(id))
    }
}

//! Ids from strings and UUIDs.

use std::borrow::Cow;

use uuid::Uuid;

use super::{SubscriberId, TransactionId, TriggerId};

macro_rules! from_strings {
    ($($id:ident),*) => {$(
        impl From<String> for $id {
            fn from(text: String) -> Self {
                Self(Cow::Owned(text))
            }
        }

        impl From<&str> for $id {
            fn from(text: &str) -> Self {
                Self(Cow::Owned(text.to_owned()))
            }
        }

        impl From<&String> for $id {
            fn from(text: &String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<Cow<'_, str>> for $id {
            fn from(text: Cow<'_, str>) -> Self {
                Self(Cow::Owned(text.into_owned()))
            }
        }
    )*};
}

from_strings!(TriggerId, SubscriberId, TransactionId);

impl From<Uuid> for TransactionId {
    fn from(id: Uuid) -> Self {
        Self(Cow::Owned(id.hyphenated().to_string()))
    }
}

//! Recipients and subscribers from strings, and lists of recipients.

use std::borrow::Cow;

use super::into_recipients::{IntoRecipients, one_recipient, recipient_list};
use super::{Recipient, RecipientRef, Subscriber};
use crate::id::SubscriberId;

one_recipient! {
    ['a] &'a str, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
    [] String, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
    ['a] Cow<'a, str>, id => Self::Id(SubscriberId::from(id)), RecipientRef::Id(id);
}

recipient_list! {
    [T] Vec<T> where T;
    ['a, T] &'a Vec<T> where &'a T;
    ['a, T] &'a [T] where &'a T;
    [T, const N: usize] [T; N] where T;
    ['a, T, const N: usize] &'a [T; N] where &'a T;
}

macro_rules! subscriber_from_strings {
    ($($string:ty),*) => {$(
        impl From<$string> for Subscriber {
            fn from(id: $string) -> Self {
                Self::new(id)
            }
        }
    )*};
}

subscriber_from_strings!(&str, String, &String, Cow<'_, str>);
